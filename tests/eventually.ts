// Retries a check until it passes, in all projects but the end-to-end tests.
import { setTimeout as delay } from 'node:timers/promises'

/** Vitest's own limit is a second, which a busy machine exceeds. */
export const EVENTUALLY_MS = 20_000
const LOOK_EVERY_MS = 10

/** Repeats `check` until it does not throw. @throws its last error after the time limit. */
export const eventually = async <T>(check: () => T | Promise<T>): Promise<T> => {
  const untilMs = performance.now() + EVENTUALLY_MS
  for (;;) {
    try {
      return await check()
    } catch (error) {
      if (performance.now() > untilMs) throw error
    }
    await delay(LOOK_EVERY_MS)
  }
}
