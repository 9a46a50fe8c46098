// Limits the rate of PIN attempts.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import {
  type Attempts,
  afterFailure,
  clampToClock,
  NO_FAILED_ATTEMPTS,
  pauseMs
} from '../../../../src/main/maintenance/pin-attempts.ts'

const START_MS = Date.UTC(2026, 10, 20, 9)
const failed = (times: number): Attempts =>
  Array.from({ length: times }).reduce<Attempts>(
    (now) => afterFailure(now, START_MS),
    NO_FAILED_ATTEMPTS
  )

it('allows two wrong PINs, then doubles the pause from 30 s to an hour', () => {
  const seconds = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 50].map(
    (times) => pauseMs(failed(times), START_MS) / 1_000
  )
  expect(seconds).toEqual([0, 0, 0, 30, 60, 120, 240, 480, 960, 1_920, 3_600, 3_600, 3_600])
})

it('counts down with the clock, and is not extended when the clock is set back', () => {
  const attempts = failed(5)
  expect(pauseMs(attempts, START_MS + 100_000)).toBe(20_000)
  expect(pauseMs(attempts, START_MS + 120_000)).toBe(0)
  const yearBefore = START_MS - 365 * 24 * 3_600_000
  const now = clampToClock(attempts, yearBefore)
  expect(pauseMs(now, yearBefore)).toBe(120_000)
  expect(pauseMs(now, yearBefore + 120_000)).toBe(0)
})

it('allows fewer than 40 attempts in the first day', () => {
  let attempts = NO_FAILED_ATTEMPTS
  let nowMs = START_MS
  let tries = 0
  for (; nowMs < START_MS + 24 * 3_600_000; nowMs += pauseMs(attempts, nowMs)) {
    attempts = afterFailure(attempts, nowMs)
    tries += 1
    if (pauseMs(attempts, nowMs) === 0) nowMs += 1_000
  }
  expect(tries).toBeLessThan(40)
})

it('pauses for 0 to 60 minutes for any attempts and any clock', () => {
  fc.assert(
    fc.property(fc.nat(1e6), fc.nat(2e12), fc.nat(2e12), (failures, lastAtMs, nowMs) => {
      const ms = pauseMs({ failures, lastAtMs }, nowMs)
      expect(ms).toBeGreaterThanOrEqual(0)
      expect(ms).toBeLessThanOrEqual(3_600_000)
    })
  )
})
