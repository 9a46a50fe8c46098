// A context whose speaker fails or is unplugged stands still until somebody sets it going again.

/** One that fails again at once is left alone: the next change of devices, or the next press, tries it. */
export const REVIVAL_GAP_MS = 5_000

/** @param resume sets the context going again, on whatever speaker there is */
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
