// Shows the words of an answer a few times a second, and every other change at once.
import { createTimer, type Schedule } from '../schedule.ts'
import type { ConversationEvent } from './conversation-reducer.ts'

/** Words come one by one, faster than they are read. Each time that they are drawn is a layout. */
export const WORDS_EVERY_MS = 50

export const createScreenUpdates = (schedule: Schedule, show: () => void) => {
  const words = createTimer(schedule)
  let hasOnlyWords = true
  return {
    /** Call it for each event of a dispatch. */
    observe: ({ type }: Pick<ConversationEvent, 'type'>): void => {
      if (type !== 'answer_delta') hasOnlyWords = false
    },
    /** Call it at the end of a dispatch. */
    update: (): void => {
      if (hasOnlyWords) {
        if (!words.isRunning()) words.start(show, WORDS_EVERY_MS)
        return
      }
      words.stop()
      hasOnlyWords = true
      show()
    }
  }
}
