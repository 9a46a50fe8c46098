// What to do about a page whose process died: how soon it is loaded again, and when the window is made anew.

/** Deaths further back than this say nothing about the next one. */
export const CRASH_WINDOW_MS = 5 * 60_000
/** From this many deaths within the memory on, loading the page again has not helped: the window goes. */
export const CRASHES_BEFORE_NEW_WINDOW = 3
/** How long a page may not answer before its process is ended: a garbage collection never takes this long. */
export const UNRESPONSIVE_MS = 10_000

/** A single death is over before a cook looks up; a page that dies at once must not take the machine with it. */
const FIRST_PAUSE_MS = 250
const LONGEST_PAUSE_MS = 30_000

export type Recovery = {
  action: 'reload' | 'new_window'
  /** Wait this long first. */
  pauseMs: number
}

/**
 * @param crashTimesMs when the page's process died, this time included, by any clock
 * @param nowMs by the same clock
 */
export const planRendererRecovery = (crashTimesMs: readonly number[], nowMs: number): Recovery => {
  const recent = recentCrashes(crashTimesMs, nowMs).length
  return {
    action: recent >= CRASHES_BEFORE_NEW_WINDOW ? 'new_window' : 'reload',
    pauseMs: Math.min(FIRST_PAUSE_MS * 4 ** Math.max(0, recent - 1), LONGEST_PAUSE_MS)
  }
}

/** The deaths that still count. */
export const recentCrashes = (crashTimesMs: readonly number[], nowMs: number): number[] =>
  crashTimesMs.filter((atMs) => nowMs - atMs < CRASH_WINDOW_MS)
