// One-shot timers as a port, so that tests can run them.

/** Runs `run` after `ms` milliseconds; returns what cancels it. */
export type Schedule = (run: () => void, ms: number) => () => void

export const schedule: Schedule = (run, ms) => {
  const id = setTimeout(run, ms)
  return () => clearTimeout(id)
}

export type Timer = {
  /** Replaces a run that is still to come. */
  start: (run: () => void, ms: number) => void
  stop: () => void
  isRunning: () => boolean
}

export const createTimer = (schedule: Schedule): Timer => {
  let cancel: (() => void) | null = null
  const stop = () => {
    cancel?.()
    cancel = null
  }
  return {
    stop,
    isRunning: () => cancel !== null,
    start: (run, ms) => {
      stop()
      cancel = schedule(() => {
        cancel = null
        run()
      }, ms)
    }
  }
}
