// Shows a hint for a few seconds, or until the next press.
import type { HintCode } from '../turn/turn-events.ts'
import type { AppContext } from './app-context.ts'

/** Long enough to be read twice. */
const HINT_MS = 6_000

export type Hints = { show: (hint: HintCode) => void; hide: () => void }

export const createHints = ({ store, schedule }: AppContext): Hints => {
  let cancelHide = () => {}
  const hide = () => {
    cancelHide()
    store.set({ hint: null })
  }
  return {
    hide,
    show: (hint) => {
      cancelHide()
      cancelHide = schedule(hide, HINT_MS)
      store.set({ hint })
    }
  }
}
