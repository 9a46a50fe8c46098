// The talk key, from the window's own key events: a pedal that is a USB keyboard, or any key. Captured
// before the page sees it, so that a focused text field changes nothing.
import type { TurnEvent } from './turn.ts'

export type Keyboard = { stop: () => void }

/**
 * Turns the talk key into presses and releases. Filters apply to the press only; a release is
 * unconditional, and so is losing the window, where no key-up will ever arrive (electron-kiosk.md §3).
 * @param talkKey gives the `KeyboardEvent.code` in use at the moment of a press
 * @param isListening false while the key belongs to something else, such as the sign-in form
 */
export const listenToKeyboard = (
  target: Window,
  talkKey: () => string,
  isListening: () => boolean,
  dispatch: (event: TurnEvent) => void
): Keyboard => {
  const aborter = new AbortController()
  const options = { capture: true, signal: aborter.signal }
  const release = (atMs: number) => dispatch({ type: 'release', atMs })
  let heldCode: string | null = null

  target.addEventListener(
    'keydown',
    (event) => {
      if (event.code !== talkKey()) return
      if (!isListening()) return
      event.preventDefault()
      event.stopPropagation()
      // Auto-repeat says nothing new; a second key-down that is no repeat means a key-up was lost.
      if (event.repeat) return
      heldCode = event.code
      dispatch({ type: 'press', source: 'key', atMs: event.timeStamp })
    },
    options
  )
  target.addEventListener(
    'keyup',
    (event) => {
      // The key may have been changed in the settings while it was held.
      if (event.code !== heldCode && event.code !== talkKey()) return
      heldCode = null
      event.preventDefault()
      event.stopPropagation()
      release(event.timeStamp)
    },
    options
  )
  const lose = () => {
    heldCode = null
    release(performance.now())
  }
  target.addEventListener('blur', (event) => event.target === target && lose(), options)
  target.addEventListener('pagehide', lose, options)
  target.document.addEventListener(
    'visibilitychange',
    () => target.document.visibilityState === 'hidden' && lose(),
    options
  )
  return { stop: () => aborter.abort() }
}
