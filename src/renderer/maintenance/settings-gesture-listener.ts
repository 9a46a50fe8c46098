// Where the gesture is made: on the kiosk's name, with Escape, and with whatever talks.
import type { TurnEvent } from '../turn/turn-events.ts'
import { HOLD_MS, NO_GESTURE, type SettingsGestureEvent, stepGesture } from './settings-gesture.ts'

export type SettingsGestureListener = {
  /** Makes an element a place for it. Returns what stops that. */
  watch: (element: HTMLElement) => () => void
  /** What the keys and pedals that talk do, beside talking. */
  heard: (event: TurnEvent) => void
}

export const listenForSettingsGesture = (
  page: Window,
  schedule: (run: () => void, ms: number) => () => void,
  now: () => number,
  /** @param byPedal it was made with something that talks, and perhaps there is nothing else */
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

  // Escape is never a key that talks (`turn/learn.ts`), and on the kiosk's screen it does nothing else.
  page.addEventListener('keydown', (event) => {
    if (event.code !== ESCAPE) return
    // Still held from the gesture, it would close what the gesture has just opened.
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
