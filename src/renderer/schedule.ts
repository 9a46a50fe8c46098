// One-shot timers as a port, so that tests can run them.

/** Runs `run` after `ms` milliseconds; returns what cancels it. */
export type Schedule = (run: () => void, ms: number) => () => void

export const schedule: Schedule = (run, ms) => {
  const id = setTimeout(run, ms)
  return () => clearTimeout(id)
}
