// When to call again, as data: which failures pass by themselves and how long to wait.
import type { FailureCode } from '../../shared/failure.ts'
import type { KioskFailure } from './failures.ts'

/** The last one repeats. The first is short: most drops are a blink of the network. */
export const RECONNECT_DELAYS_MS = [500, 1_000, 2_000, 5_000, 10_000] as const

/** Added at random, so that the kiosks of one house do not all call at once. */
export const RECONNECT_JITTER = 0.25

/** A wait that the other side asked for is kept, up to this. */
export const RETRY_AFTER_LIMIT_MS = 60_000

const RETRIED: ReadonlySet<FailureCode> = new Set<FailureCode>([
  'backend_unreachable',
  'backend_failed',
  'model_unreachable',
  'model_refused',
  'model_busy',
  'key_refused',
  'call_timeout',
  'call_dropped',
  'offline',
  'internal'
])

/** Whether calling again without anybody's help may work. */
export const isRetried = (code: FailureCode): boolean => RETRIED.has(code)

/**
 * Milliseconds until the next attempt, or null when a person has to do something first.
 * @param attempt how many attempts have failed in a row, from 1
 * @param random from 0 up to 1
 */
export const reconnectDelayMs = (
  failure: KioskFailure,
  attempt: number,
  random: number
): number | null => {
  if (!isRetried(failure.code)) return null
  const index = Math.min(attempt, RECONNECT_DELAYS_MS.length) - 1
  const base = RECONNECT_DELAYS_MS[Math.max(0, index)] ?? RECONNECT_DELAYS_MS[0]
  const asked = Math.min((failure.retryAfterSeconds ?? 0) * 1_000, RETRY_AFTER_LIMIT_MS)
  return Math.max(base * (1 + random * RECONNECT_JITTER), asked)
}
