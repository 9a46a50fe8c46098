// Limits the rate of PIN attempts after wrong ones.

export type Attempts = {
  /** Consecutive wrong PINs. */
  failures: number
  /** Wall-clock time of the last one, so that a restart does not reset the pause. */
  lastAtMs: number
}

export const NO_FAILED_ATTEMPTS: Attempts = { failures: 0, lastAtMs: 0 }

/** Typing errors: this many wrong PINs cause no pause. */
const FREE_FAILURES = 2
const FIRST_PAUSE_MS = 30_000
/** The pause doubles up to an hour: 24 attempts a day against at least 10,000 PINs. */
const LONGEST_PAUSE_MS = 60 * 60_000

/** Milliseconds until the next attempt; 0: now. */
export const pauseMs = ({ failures, lastAtMs }: Attempts, nowMs: number): number => {
  if (failures <= FREE_FAILURES) return 0
  const doublings = Math.min(failures - FREE_FAILURES - 1, 20)
  const wholeMs = Math.min(FIRST_PAUSE_MS * 2 ** doublings, LONGEST_PAUSE_MS)
  // The clock may have been set back.
  const passedMs = Math.max(0, nowMs - lastAtMs)
  return Math.max(0, wholeMs - passedMs)
}

export const afterFailure = ({ failures }: Attempts, nowMs: number): Attempts => ({
  failures: failures + 1,
  lastAtMs: nowMs
})

/** Restarts the pause at `nowMs` when the clock was set back. */
export const clampToClock = (attempts: Attempts, nowMs: number): Attempts =>
  nowMs < attempts.lastAtMs ? { ...attempts, lastAtMs: nowMs } : attempts
