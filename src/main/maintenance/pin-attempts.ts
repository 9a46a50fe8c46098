// How long a wrong PIN keeps the next one waiting.

export type Attempts = {
  /** Wrong ones in a row. */
  failures: number
  /** When the last of them was, by the wall clock: a restart is no fresh start. */
  lastAtMs: number
}

export const NO_FAILED_ATTEMPTS: Attempts = { failures: 0, lastAtMs: 0 }

/** A finger slips: this many wrong ones cost nothing. */
const FREE_FAILURES = 2
const FIRST_PAUSE_MS = 30_000
/** Twice as long each time, up to an hour: 24 tries a day, of at least 10,000. */
const LONGEST_PAUSE_MS = 60 * 60_000

/** Milliseconds until the next PIN is looked at; 0: now. */
export const pauseMs = ({ failures, lastAtMs }: Attempts, nowMs: number): number => {
  if (failures <= FREE_FAILURES) return 0
  const doublings = Math.min(failures - FREE_FAILURES - 1, 20)
  const wholeMs = Math.min(FIRST_PAUSE_MS * 2 ** doublings, LONGEST_PAUSE_MS)
  // A clock that was set back: nobody waits for it to catch up.
  const passedMs = Math.max(0, nowMs - lastAtMs)
  return Math.max(0, wholeMs - passedMs)
}

export const afterFailure = ({ failures }: Attempts, nowMs: number): Attempts => ({
  failures: failures + 1,
  lastAtMs: nowMs
})

/** The same wait, on a clock that was set back since. */
export const clampToClock = (attempts: Attempts, nowMs: number): Attempts =>
  nowMs < attempts.lastAtMs ? { ...attempts, lastAtMs: nowMs } : attempts
