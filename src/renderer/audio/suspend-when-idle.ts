// Suspends the audio context while nothing plays: silence to a speaker all day is most of an idle kiosk's
// cost.
import { createTimer, type Schedule } from '../schedule.ts'

/** Longer than the pause between two questions of one person. */
export const SUSPEND_AFTER_MS = 5_000

export type IdleSuspender = {
  /** `in_use` resumes at once; `idle` suspends after a while. */
  use: (use: 'in_use' | 'idle') => void
  /** Resolves when the context runs. */
  ensureRunning: () => Promise<void>
}

export type IdleSuspenderPorts = {
  context: Pick<AudioContext, 'state' | 'suspend' | 'resume'>
  /** Called once per resume. See `Speaker.dropQueuedAudio`. */
  onResume: () => void
  schedule: Schedule
}

/**
 * The call's decoder keeps running: after a stop it would bring its answer 50 ms late (docs/decisions/0028).
 */
export const createIdleSuspender = ({
  context,
  onResume,
  schedule
}: IdleSuspenderPorts): IdleSuspender => {
  const timer = createTimer(schedule)
  let isAsleep = false

  const wake = async () => {
    timer.stop()
    // A context that is being suspended still says `running`. `resume` rejects only for a closed context.
    if (isAsleep || context.state !== 'running') await context.resume().catch(() => {})
    // Several callers may await the same resume; a playing answer keeps its queue.
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
      if (timer.isRunning() || isAsleep) return
      timer.start(() => {
        isAsleep = true
        void context.suspend().catch(() => {})
      }, SUSPEND_AFTER_MS)
    },
    ensureRunning: wake
  }
}
