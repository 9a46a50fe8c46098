// Plans the recovery of a crashed page: the pause before a reload, and when to open a new window.

/** Older crashes do not count. */
export const CRASH_WINDOW_MS = 5 * 60_000
/** After this many recent crashes, reloads have not helped. */
const CRASHES_BEFORE_NEW_WINDOW = 3
/** A page that does not respond for this long is ended: no garbage collection takes this long. */
export const UNRESPONSIVE_MS = 10_000

/** A single crash recovers before a cook notices; a crash loop must not load the machine. */
const FIRST_PAUSE_MS = 250
const LONGEST_PAUSE_MS = 30_000

export type Recovery = {
  action: 'reload' | 'new_window'
  /** Wait this long first. */
  pauseMs: number
}

/**
 * @param crashTimesMs including the current crash, by any clock
 * @param nowMs by the same clock
 */
export const planRendererRecovery = (crashTimesMs: readonly number[], nowMs: number): Recovery => {
  const recent = recentCrashes(crashTimesMs, nowMs).length
  return {
    action: recent >= CRASHES_BEFORE_NEW_WINDOW ? 'new_window' : 'reload',
    pauseMs: Math.min(FIRST_PAUSE_MS * 4 ** Math.max(0, recent - 1), LONGEST_PAUSE_MS)
  }
}

export const recentCrashes = (crashTimesMs: readonly number[], nowMs: number): number[] =>
  crashTimesMs.filter((atMs) => nowMs - atMs < CRASH_WINDOW_MS)
