// Chooses the level that the screen's ring shows: the microphone's, the answer's, or none.
import { isGateOpen, isSending } from '../turn/turn-reducer.ts'
import type { AppContext } from './app-context.ts'
import type { AppAudio } from './audio.ts'

export type Level = {
  update: () => void
  startTest: () => void
  endTest: () => void
}

export const createLevel = ({ store }: AppContext, { meter }: AppAudio): Level => {
  let isTesting = false
  const update = () => {
    const { turn } = store.get()
    if (isTesting) meter.watch('microphone_test')
    // A recorded hold passes no gate.
    else if (isGateOpen(turn)) meter.watch(isSending(turn) ? 'microphone' : 'microphone_test')
    else meter.watch(turn.playing === null ? 'none' : 'answer')
  }
  return {
    update,
    startTest: () => {
      isTesting = true
      update()
    },
    endTest: () => {
      isTesting = false
      update()
    }
  }
}
