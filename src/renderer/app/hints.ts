// Shows a hint for a few seconds, or until the next press.
import { createTimer } from '../schedule.ts'
import type { HintCode } from '../turn/turn-events.ts'
import type { AppContext } from './app-context.ts'

/** Long enough to be read twice. */
const HINT_MS = 6_000

export type Hints = { show: (hint: HintCode) => void; hide: () => void }

export const createHints = ({ store, schedule }: AppContext): Hints => {
  const timer = createTimer(schedule)
  const hide = () => {
    timer.stop()
    store.set({ hint: null })
  }
  return {
    hide,
    show: (hint) => {
      timer.start(hide, HINT_MS)
      store.set({ hint })
    }
  }
}
