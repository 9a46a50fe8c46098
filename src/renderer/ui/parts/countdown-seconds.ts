// Arithmetic of the countdown on the talk button.

/** Time to finish a question. */
export const COUNTDOWN_FROM_S = 10

/** Whole seconds until `endsAtMs`, rounded up; 0 once it is over. */
export const secondsLeft = (endsAtMs: number, nowMs: number): number =>
  Math.max(0, Math.ceil((endsAtMs - nowMs) / 1000))

/** Milliseconds until `secondsLeft` is one less; more than 0. */
export const msToNextSecond = (endsAtMs: number, nowMs: number): number =>
  (endsAtMs - nowMs) % 1000 || 1000
