// Keys that talk, from the window's own key events: a pedal that is a USB keyboard, or any key. Captured
// before the page sees them, so that a focused text field changes nothing.
import { keySource } from '../../shared/bindings.ts'
import type { Binding } from '../../shared/settings.ts'
import type { HoldLostReason, TurnEvent } from './turn-events.ts'

export type Keyboard = { stop: () => void }

/**
 * Turns bound keys into presses and releases, each key a source of its own. Filters apply to the press only; a
 * release is unconditional, and so is losing the window, where no key-up will ever arrive.
 * @param bindings gives the bindings in use at the moment of a press
 * @param isListening false while keys belong to something else, such as the sign-in form or the learn dialog
 */
export const listenToKeyboard = (
  target: Window,
  bindings: () => readonly Binding[],
  isListening: () => boolean,
  dispatch: (event: TurnEvent) => void
): Keyboard => {
  const aborter = new AbortController()
  const options = { capture: true, signal: aborter.signal }
  const held = new Set<string>()
  const isBound = (code: string): boolean =>
    bindings().some((binding) => binding.kind === 'key' && binding.code === code)

  target.addEventListener(
    'keydown',
    (event) => {
      // A held key goes on repeating when its binding is gone: it must not begin to type.
      if (!held.has(event.code) && !isBound(event.code)) return
      if (!isListening()) return
      event.preventDefault()
      event.stopPropagation()
      // Auto-repeat says nothing new; a second key-down that is no repeat means a key-up was lost.
      if (event.repeat) return
      held.add(event.code)
      dispatch({ type: 'press', source: keySource(event.code), atMs: event.timeStamp })
    },
    options
  )
  target.addEventListener(
    'keyup',
    (event) => {
      // The key may have been unbound in the settings while it was held.
      if (!held.delete(event.code) && !isBound(event.code)) return
      event.preventDefault()
      event.stopPropagation()
      dispatch({ type: 'release', source: keySource(event.code), atMs: event.timeStamp })
    },
    options
  )
  // Said whether a key is held or not: a finger on the button and a foot on the pedal are lost just so.
  const lose = (reason: HoldLostReason, atMs: number) => {
    held.clear()
    dispatch({ type: 'hold_lost', reason, atMs })
  }
  target.addEventListener(
    'blur',
    // Captured, so that fields which lose the focus are heard as well: they mean nothing.
    (event) => event.target === target && lose('blur', event.timeStamp),
    options
  )
  target.addEventListener('pagehide', (event) => lose('hidden', event.timeStamp), options)
  target.document.addEventListener(
    'visibilitychange',
    (event) => target.document.visibilityState === 'hidden' && lose('hidden', event.timeStamp),
    options
  )
  return { stop: () => aborter.abort() }
}
