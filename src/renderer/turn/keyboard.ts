// Turns bound keys, such as those of a pedal that is a USB keyboard, into presses and releases. It captures the
// window's events before the page sees them, so that a focused field changes nothing.
import { keySource } from '../../shared/bindings.ts'
import type { Binding } from '../../shared/settings.ts'
import type { HoldLostReason, TurnEvent } from './turn-events.ts'

/**
 * Each key is a source of its own. Filters apply to presses; a release always counts, and so does the loss of the
 * window, after which no key-up arrives.
 * @param bindings at the moment of a press
 * @param isListening false while keys belong to the sign-in form or the learn dialog
 */
export const listenToKeyboard = (
  target: Window,
  bindings: () => readonly Binding[],
  isListening: () => boolean,
  dispatch: (event: TurnEvent) => void
): void => {
  const options = { capture: true }
  const held = new Set<string>()
  const isBound = (code: string): boolean =>
    bindings().some((binding) => binding.kind === 'key' && binding.code === code)

  target.addEventListener(
    'keydown',
    (event) => {
      // A held key repeats when its binding is removed: it must not begin to type.
      if (!held.has(event.code) && !isBound(event.code)) return
      if (!isListening()) return
      event.preventDefault()
      event.stopPropagation()
      // A second key-down that is no repeat means a lost key-up.
      if (event.repeat) return
      held.add(event.code)
      dispatch({ type: 'press', source: keySource(event.code), atMs: event.timeStamp })
    },
    options
  )
  target.addEventListener(
    'keyup',
    (event) => {
      // The binding may have been removed during the hold.
      if (!held.delete(event.code) && !isBound(event.code)) return
      event.preventDefault()
      event.stopPropagation()
      dispatch({ type: 'release', source: keySource(event.code), atMs: event.timeStamp })
    },
    options
  )
  // Also without a held key: the button and the pedals lose their holds with the window.
  const lose = (reason: HoldLostReason, atMs: number) => {
    held.clear()
    dispatch({ type: 'hold_lost', reason, atMs })
  }
  target.addEventListener(
    'blur',
    // The capture also sees fields that lose the focus.
    (event) => event.target === target && lose('blur', event.timeStamp),
    options
  )
  target.addEventListener('pagehide', (event) => lose('hidden', event.timeStamp), options)
  target.document.addEventListener(
    'visibilitychange',
    (event) => target.document.visibilityState === 'hidden' && lose('hidden', event.timeStamp),
    options
  )
}
