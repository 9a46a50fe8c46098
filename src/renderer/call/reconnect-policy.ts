// The reconnect policy: the failures to retry, and the delays between attempts.
import type { FailureCode } from '../../shared/failure.ts'
import type { KioskFailure } from './failures.ts'

/** The last delay repeats. The first is short: most drops are brief. */
export const RECONNECT_DELAYS_MS = [500, 1_000, 2_000, 5_000, 10_000] as const

/** The random share on top, so that the kiosks of one site do not reconnect at once. */
export const RECONNECT_JITTER = 0.25

/** The longest `Retry-After` that is honoured. */
export const RETRY_AFTER_LIMIT_MS = 60_000

const RETRIED: ReadonlySet<FailureCode> = new Set<FailureCode>([
  'backend_unreachable',
  'backend_failed',
  'model_unreachable',
  'model_refused',
  'model_busy',
  // An hour passes without a person's help.
  'voice_limit_exceeded',
  'key_refused',
  'call_timeout',
  'call_dropped',
  'offline',
  'internal'
])

/** Whether a retry may work without a person's help. */
const isRetried = (code: FailureCode): boolean => RETRIED.has(code)

/**
 * @returns milliseconds until the next attempt; null when a person has to act first
 * @param attempt failed attempts in a row, from 1
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
