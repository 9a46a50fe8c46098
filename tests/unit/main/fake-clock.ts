// A clock that a test advances.
import type { Clock } from '../../../src/main/clock.ts'

export type FakeClock = Clock & {
  /** Runs the timers that fall due, in order, and lets promises settle in between. */
  advance(ms: number): Promise<void>
  /** Timers that have neither run nor been cancelled. */
  pending(): number
}

export const createFakeClock = (startMs = Date.UTC(2026, 10, 20, 9)): FakeClock => {
  let nowMs = startMs
  const timers = new Set<{ dueMs: number; run: () => void }>()
  return {
    nowMs: () => nowMs,
    after: (delayMs, run) => {
      const timer = { dueMs: nowMs + delayMs, run }
      timers.add(timer)
      return () => timers.delete(timer)
    },
    advance: async (ms) => {
      const endMs = nowMs + ms
      for (;;) {
        await settle()
        const next = [...timers]
          .filter((t) => t.dueMs <= endMs)
          .sort((a, b) => a.dueMs - b.dueMs)[0]
        if (next === undefined) break
        timers.delete(next)
        nowMs = Math.max(nowMs, next.dueMs)
        next.run()
      }
      nowMs = endMs
    },
    pending: () => timers.size
  }
}

/** Settles every promise that needs no I/O. */
export const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
