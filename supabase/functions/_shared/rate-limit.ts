// How fast one person may ask one instance of a function: a token bucket in memory. What a person may ask in a day is
// counted in Postgres; this only keeps a kiosk gone wild, or a token in the wrong hands, from being served at the
// speed of a loop.

/** A bucket holds this many minutes of requests: a kiosk that reconnects asks for much in a moment. */
const BURST_MINUTES = 0.5
/** A call or a key is good for many questions, and each costs more than a search. */
export const CALLS_PER_REQUEST = 0.2
/** People remembered. A full bucket need not be remembered, so only who asks often stays. */
const REMEMBERED_CALLERS = 10_000

export type RateLimit = {
  /** 0: go on. Otherwise the seconds to wait. */
  take: (callerId: string) => number
}

/** @param nowMs a clock that does not go back */
export const createRateLimit = (
  perMinute: number,
  nowMs: () => number = () => performance.now()
): RateLimit => {
  const perMs = perMinute / 60_000
  const capacity = Math.max(perMinute * BURST_MINUTES, 1)
  const buckets = new Map<string, { tokens: number; atMs: number }>()

  const forgetFull = (now: number): void => {
    for (const [callerId, { tokens, atMs }] of buckets) {
      if (tokens + (now - atMs) * perMs >= capacity) buckets.delete(callerId)
    }
    // Still too many: the one that asked longest ago is worth the least.
    for (const callerId of buckets.keys()) {
      if (buckets.size < REMEMBERED_CALLERS) break
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
      if (known === undefined && buckets.size >= REMEMBERED_CALLERS) forgetFull(now)
      const allowed = tokens >= 1
      // Deleted first: the map's order is who asked last.
      buckets.delete(callerId)
      buckets.set(callerId, { tokens: allowed ? tokens - 1 : tokens, atMs: now })
      return allowed ? 0 : Math.max(Math.ceil((1 - tokens) / perMs / 1_000), 1)
    }
  }
}
