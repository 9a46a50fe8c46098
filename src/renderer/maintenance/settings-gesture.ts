// The gesture in front of the settings: four taps and a hold of one source. Taps alone come from a cloth or
// an idle foot; the hold excludes both, and the PIN field closes itself.

/** Taps before the hold. */
export const TAPS = 4
/** A longer press is not a tap. */
export const MAX_TAP_MS = 350
/** A longer pause starts over. */
export const PAUSE_MS = 700
/** Deliberate, and still bearable. */
export const HOLD_MS = 3_000

export type GestureState = {
  /** `brand`, `Escape`, or the name of a key or pedal that talks. */
  source: string | null
  taps: number
  downAtMs: number | null
  upAtMs: number
}

export type SettingsGestureEvent =
  | { type: 'down'; source: string; atMs: number }
  | { type: 'up'; source: string; atMs: number }
  /** Time has passed without a release. */
  | { type: 'tick'; atMs: number }
  /** The finger slid off, the window lost the keyboard. */
  | { type: 'lost' }

export const NO_GESTURE: GestureState = { source: null, taps: 0, downAtMs: null, upAtMs: 0 }

/** @returns the state, and whether this event completes the gesture */
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

/** At least `TAPS`: a bouncing contact adds taps. */
const isHeld = ({ taps, downAtMs }: GestureState, atMs: number): boolean =>
  taps >= TAPS && downAtMs !== null && atMs - downAtMs >= HOLD_MS
