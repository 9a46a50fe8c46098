// Delays between attempts.
import { expect, test } from 'vitest'
import { kioskFailure } from '../../../../src/renderer/call/failures.ts'
import {
  RECONNECT_DELAYS_MS,
  RECONNECT_JITTER,
  reconnectDelayMs
} from '../../../../src/renderer/call/reconnect-policy.ts'

test('adds the jitter to the delay', () => {
  const failure = kioskFailure('call_dropped', '')
  expect(reconnectDelayMs(failure, 1, 0)).toBe(RECONNECT_DELAYS_MS[0])
  expect(reconnectDelayMs(failure, 1, 1)).toBe(RECONNECT_DELAYS_MS[0] * (1 + RECONNECT_JITTER))
})

test('waits for Retry-After', () => {
  const busy = { ...kioskFailure('model_busy', ''), retryAfterSeconds: 7 }
  expect(reconnectDelayMs(busy, 1, 0)).toBe(7_000)
})

test('does not retry a failure that needs a person', () => {
  expect(reconnectDelayMs(kioskFailure('voice_disabled', ''), 1, 0)).toBeNull()
})
