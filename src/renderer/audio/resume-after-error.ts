// Resumes a context that stopped because its speaker failed or was unplugged.

/** A second failure within this time waits for the next change of devices or the next press. */
export const REVIVAL_GAP_MS = 5_000

/** @param resume starts the context again, on any speaker */
export const resumeAfterError = (
  context: Pick<AudioContext, 'onerror'>,
  resume: () => void
): void => {
  let revivedAtMs = Number.NEGATIVE_INFINITY
  context.onerror = () => {
    const nowMs = performance.now()
    if (nowMs - revivedAtMs < REVIVAL_GAP_MS) return
    revivedAtMs = nowMs
    resume()
  }
}
