// Waiting for what will happen, in the tests of all projects but the end-to-end ones.
import { setTimeout as delay } from 'node:timers/promises'

/** Vitest's own limit is a second, which a busy machine exceeds; nothing waits for this long when all is well. */
export const EVENTUALLY_MS = 20_000
const LOOK_EVERY_MS = 10

/** Runs `check` again and again until it does not throw. @throws what it threw last, when the time is over */
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
