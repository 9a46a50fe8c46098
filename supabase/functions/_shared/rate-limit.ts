// Limits the requests of one person, or of one address, to one instance of a function: a token bucket in memory.
// Postgres counts the daily limit; this one stops a kiosk in a loop, a stolen token and a flood of forged ones.

/** A bucket holds this many minutes of requests, because a reconnecting kiosk sends many at once. */
const BURST_MINUTES = 0.5
/** A call or a key serves many questions, and costs more than a search. */
export const CALLS_PER_REQUEST = 0.2
/** Kiosks of a company share its address. Hundreds of them ask as often as ten people at the limit. */
export const CALLERS_PER_ADDRESS = 10
/** Most buckets in memory; a full bucket is dropped first. */
const BUCKET_LIMIT = 10_000

export type RateLimit = {
  /** 0, or the seconds to wait. */
  take: (callerId: string) => number
}

/** @param nowMs a monotonic clock */
export const createRateLimit = (
  perMinute: number,
  nowMs: () => number = () => performance.now()
): RateLimit => {
  const perMs = perMinute / 60_000
  const capacity = Math.max(perMinute * BURST_MINUTES, 1)
  const buckets = new Map<string, { tokens: number; atMs: number }>()

  const dropFull = (now: number): void => {
    for (const [callerId, { tokens, atMs }] of buckets) {
      if (tokens + (now - atMs) * perMs >= capacity) buckets.delete(callerId)
    }
    // Still too many: drop the least recent callers.
    for (const callerId of buckets.keys()) {
      if (buckets.size < BUCKET_LIMIT) break
      buckets.delete(callerId)
    }
  }

  return {
    take: (callerId) => {
      const now = nowMs()
      const known = buckets.get(callerId)
      const tokens =
        known === undefined
          ? capacity
          : Math.min(known.tokens + (now - known.atMs) * perMs, capacity)
      if (known === undefined && buckets.size >= BUCKET_LIMIT) dropFull(now)
      const allowed = tokens >= 1
      // Deleting first keeps the map in the order of the last request.
      buckets.delete(callerId)
      buckets.set(callerId, { tokens: allowed ? tokens - 1 : tokens, atMs: now })
      return allowed ? 0 : Math.max(Math.ceil((1 - tokens) / perMs / 1_000), 1)
    }
  }
}
