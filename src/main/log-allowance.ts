// Limits what each source of lines may write, so that a flood of one does not rotate the lines of the others away.

/** What a source may write at once, and again in a day: a flood takes nine days to replace both log files. */
export const ALLOWANCE_BYTES = 1_000_000
const DAY_MS = 86_400_000

/** Above the number of main's events. Further sources share one allowance. */
const SOURCES_LIMIT = 300

export type LogAllowances = {
  /**
   * @param source an event of main, or the page
   * @returns the number of lines of this source that were dropped since its last line; null: drop this one
   */
  admit(source: string, sizeBytes: number): number | null
}

type Allowance = { leftBytes: number; atMs: number; dropped: number }

export const createLogAllowances = (nowMs: () => number): LogAllowances => {
  const allowances = new Map<string, Allowance>()

  const allowanceOf = (source: string): Allowance => {
    const name = allowances.has(source) || allowances.size < SOURCES_LIMIT ? source : ''
    const known = allowances.get(name) ?? { leftBytes: ALLOWANCE_BYTES, atMs: nowMs(), dropped: 0 }
    allowances.set(name, known)
    return known
  }

  return {
    admit: (source, sizeBytes) => {
      const allowance = allowanceOf(source)
      const passedMs = Math.max(0, nowMs() - allowance.atMs)
      allowance.leftBytes = Math.min(
        ALLOWANCE_BYTES,
        allowance.leftBytes + (ALLOWANCE_BYTES * passedMs) / DAY_MS
      )
      allowance.atMs = nowMs()
      if (allowance.leftBytes < sizeBytes) {
        allowance.dropped += 1
        return null
      }
      allowance.leftBytes -= sizeBytes
      const { dropped } = allowance
      allowance.dropped = 0
      return dropped
    }
  }
}
