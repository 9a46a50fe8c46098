// The clock of main, a port so that a test can control time.

export type Clock = {
  /** Milliseconds since the Unix epoch. */
  nowMs(): number
  /** Runs once after `delayMs`; returns the function that cancels it. */
  after(delayMs: number, run: () => void): () => void
}

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  after: (delayMs, run) => {
    const timer = setTimeout(run, delayMs)
    return () => clearTimeout(timer)
  }
}

/** `2026-11-20T09-41-07-123Z`: a moment as part of a file name, on every file system. */
export const datedSuffix = (nowMs: number): string =>
  new Date(nowMs).toISOString().replaceAll(/[:.]/g, '-')
