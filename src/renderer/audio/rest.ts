// Lets a sound context rest while nobody listens to it: an audio thread that renders silence all day is most of what
// an idle kiosk costs.

/** Longer than the pause between two questions of one person. */
export const REST_AFTER_MS = 5_000

export type SoundRest = {
  /** `in_use` wakes it at once; `idle` puts it to rest after a while. */
  use: (use: 'in_use' | 'idle') => void
  /** Resolves when it sounds; at once when it does. */
  awake: () => Promise<void>
}

export type RestingContext = Pick<AudioContext, 'state' | 'suspend' | 'resume'>

export const createSoundRest = (
  context: RestingContext,
  schedule: (run: () => void, ms: number) => () => void
): SoundRest => {
  let stopWaiting: (() => void) | null = null

  const wake = async () => {
    stopWaiting?.()
    stopWaiting = null
    // Rejects only for a context that was closed; then there is nothing to wake.
    if (context.state !== 'running') await context.resume().catch(() => {})
  }

  return {
    use: (use) => {
      if (use === 'in_use') {
        void wake()
        return
      }
      stopWaiting ??= schedule(() => {
        stopWaiting = null
        void context.suspend().catch(() => {})
      }, REST_AFTER_MS)
    },
    awake: wake
  }
}
