// Listens for the settings gesture on the kiosk's name, on Escape, and on the talk controls.
import type { TurnEvent } from '../turn/turn-events.ts'
import { HOLD_MS, NO_GESTURE, type SettingsGestureEvent, stepGesture } from './settings-gesture.ts'

export type SettingsGestureListener = {
  /** Adds an element as a source. Returns the function that removes it. */
  watch: (element: HTMLElement) => () => void
  /** Takes the events of keys and pedals, which also talk. */
  heard: (event: TurnEvent) => void
}

export const listenForSettingsGesture = (
  page: Window,
  schedule: (run: () => void, ms: number) => () => void,
  now: () => number,
  /** @param byPedal made with a talk control, perhaps the only one */
  onComplete: (byPedal: boolean) => void
): SettingsGestureListener => {
  let state = NO_GESTURE
  let cancelTick = () => {}

  const apply = (event: SettingsGestureEvent) => {
    cancelTick()
    const { source } = state
    const next = stepGesture(state, event)
    state = next.state
    if (next.isComplete) onComplete(source !== BRAND && source !== ESCAPE)
    else if (state.downAtMs !== null) {
      cancelTick = schedule(() => apply({ type: 'tick', atMs: now() }), HOLD_MS)
    }
  }

  // Escape is never a talk key (`turn/learn-binding.ts`), and does nothing else on this screen.
  page.addEventListener('keydown', (event) => {
    if (event.code !== ESCAPE) return
    // Still down after the gesture, it would close the opened dialog.
    if (event.repeat) event.preventDefault()
    else apply({ type: 'down', source: ESCAPE, atMs: event.timeStamp })
  })
  page.addEventListener('keyup', (event) => {
    if (event.code === ESCAPE) apply({ type: 'up', source: ESCAPE, atMs: event.timeStamp })
  })
  page.addEventListener('blur', () => apply({ type: 'lost' }))

  return {
    watch: (element) => {
      const aborter = new AbortController()
      const options = { signal: aborter.signal }
      element.addEventListener(
        'pointerdown',
        (event) => apply({ type: 'down', source: BRAND, atMs: event.timeStamp }),
        options
      )
      element.addEventListener(
        'pointerup',
        (event) => apply({ type: 'up', source: BRAND, atMs: event.timeStamp }),
        options
      )
      for (const type of ['pointercancel', 'pointerleave'] as const) {
        element.addEventListener(type, () => apply({ type: 'lost' }), options)
      }
      // A long touch would open a menu and take the pointer away.
      element.addEventListener('contextmenu', (event) => event.preventDefault(), options)
      return () => aborter.abort()
    },
    heard: (event) => {
      if (event.type === 'press') apply({ type: 'down', source: event.source, atMs: event.atMs })
      if (event.type === 'release') apply({ type: 'up', source: event.source, atMs: event.atMs })
      if (event.type === 'hold_lost') apply({ type: 'lost' })
    }
  }
}

const BRAND = 'brand'
const ESCAPE = 'Escape'
