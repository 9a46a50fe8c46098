// Lets the sound rest while nobody listens to it: a speaker that is sent silence all day is most of what an idle kiosk
// costs.

/** Longer than the pause between two questions of one person. */
export const SUSPEND_AFTER_MS = 5_000

export type IdleSuspender = {
  /** `in_use` wakes it at once; `idle` puts it to rest after a while. */
  use: (use: 'in_use' | 'idle') => void
  /** Resolves when it sounds; at once when it does. */
  ensureRunning: () => Promise<void>
}

export type IdleSuspenderPorts = {
  context: Pick<AudioContext, 'state' | 'suspend' | 'resume'>
  /** Once for every rest, as soon as it sounds again. See `Speaker.dropQueuedAudio`. */
  onResume: () => void
  schedule: (run: () => void, ms: number) => () => void
}

/**
 * The context rests whenever nobody listens. The call's decoder goes on: one that is woken brings its answer half a
 * tenth of a second late (docs/decisions/0028).
 */
export const createIdleSuspender = ({
  context,
  onResume,
  schedule
}: IdleSuspenderPorts): IdleSuspender => {
  let stopWaiting: (() => void) | null = null
  let isAsleep = false

  const wake = async () => {
    stopWaiting?.()
    stopWaiting = null
    // One that was just put to rest says that it runs until it has stopped. Rejects only for a context that was
    // closed; then there is nothing to wake.
    if (isAsleep || context.state !== 'running') await context.resume().catch(() => {})
    // Several may wait for the same waking; in the middle of an answer its queue is left alone.
    if (!isAsleep) return
    isAsleep = false
    onResume()
  }

  return {
    use: (use) => {
      if (use === 'in_use') {
        void wake()
        return
      }
      if (stopWaiting !== null || isAsleep) return
      stopWaiting = schedule(() => {
        stopWaiting = null
        isAsleep = true
        void context.suspend().catch(() => {})
      }, SUSPEND_AFTER_MS)
    },
    ensureRunning: wake
  }
}
