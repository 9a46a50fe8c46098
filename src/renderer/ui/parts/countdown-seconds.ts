// The last seconds of a hold, which the talk button counts down.

/** Nobody needs to be told before: this is when a question has to come to its end. */
export const COUNTDOWN_FROM_S = 10

/** Whole seconds until `endsAtMs`, the one that has begun included; 0 once it is over. */
export const secondsLeft = (endsAtMs: number, nowMs: number): number =>
  Math.max(0, Math.ceil((endsAtMs - nowMs) / 1000))

/** Milliseconds until `secondsLeft` is one less; more than 0. */
export const msToNextSecond = (endsAtMs: number, nowMs: number): number =>
  (endsAtMs - nowMs) % 1000 || 1000
