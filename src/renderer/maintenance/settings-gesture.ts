// The gesture behind which the settings are once there is a PIN: four taps, and then the same thing held. Taps alone happen
// to a screen that is wiped and to a pedal that somebody fidgets with; nobody holds on for three seconds by accident after
// exactly such taps, and if somebody does, there is a field for a PIN that closes itself.

/** Taps before the hold. */
export const TAPS = 4
/** Longer than this is no tap. */
export const MAX_TAP_MS = 350
/** A pause longer than this begins anew. */
export const PAUSE_MS = 700
/** Long enough to be on purpose, short enough not to be given up. */
export const HOLD_MS = 3_000

export type GestureState = {
  /** What it is made with: `brand`, `Escape`, or the name of a key or a pedal that talks. */
  source: string | null
  taps: number
  downAtMs: number | null
  upAtMs: number
}

export type SettingsGestureEvent =
  | { type: 'down'; source: string; atMs: number }
  | { type: 'up'; source: string; atMs: number }
  /** Time has passed with nothing let go. */
  | { type: 'tick'; atMs: number }
  /** The finger slid off, the window lost the keyboard. */
  | { type: 'lost' }

export const NO_GESTURE: GestureState = { source: null, taps: 0, downAtMs: null, upAtMs: 0 }

/** @returns the state, and whether the gesture is complete with this event */
export const stepGesture = (
  state: GestureState,
  event: SettingsGestureEvent
): { state: GestureState; isComplete: boolean } => {
  switch (event.type) {
    case 'down': {
      const goesOn =
        state.source === event.source && event.atMs - state.upAtMs <= PAUSE_MS && state.taps > 0
      const taps = goesOn ? state.taps : 0
      return {
        state: { ...state, source: event.source, taps, downAtMs: event.atMs },
        isComplete: false
      }
    }
    case 'up': {
      if (state.source !== event.source || state.downAtMs === null)
        return { state, isComplete: false }
      if (isHeld(state, event.atMs)) return { state: NO_GESTURE, isComplete: true }
      const isTap = event.atMs - state.downAtMs <= MAX_TAP_MS
      return {
        state: isTap
          ? { ...state, taps: state.taps + 1, downAtMs: null, upAtMs: event.atMs }
          : NO_GESTURE,
        isComplete: false
      }
    }
    case 'tick':
      return isHeld(state, event.atMs)
        ? { state: NO_GESTURE, isComplete: true }
        : { state, isComplete: false }
    case 'lost':
      return { state: NO_GESTURE, isComplete: false }
    default:
      return event satisfies never
  }
}

/** A contact that bounces counts as more taps than there were: exactly `TAPS` would be too few then. */
const isHeld = ({ taps, downAtMs }: GestureState, atMs: number): boolean =>
  taps >= TAPS && downAtMs !== null && atMs - downAtMs >= HOLD_MS
