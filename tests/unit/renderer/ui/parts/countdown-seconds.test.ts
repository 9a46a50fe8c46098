// The countdown on the talk button.
import { expect, test } from 'vitest'
import {
  msToNextSecond,
  secondsLeft
} from '../../../../../src/renderer/ui/parts/countdown-seconds.ts'

test('counts a second that has begun', () => {
  expect(secondsLeft(10_000, 0)).toBe(10)
  expect(secondsLeft(10_000, 1)).toBe(10)
  expect(secondsLeft(10_000, 999.9)).toBe(10)
  expect(secondsLeft(10_000, 1_000)).toBe(9)
  expect(secondsLeft(10_000, 9_999)).toBe(1)
})

test('ends at zero', () => {
  expect(secondsLeft(10_000, 10_000)).toBe(0)
  expect(secondsLeft(10_000, 12_345)).toBe(0)
})

test('takes one second off per wait', () => {
  for (const nowMs of [0, 0.25, 1, 499, 999, 1_000, 8_999.5]) {
    const waitMs = msToNextSecond(10_000, nowMs)
    expect(waitMs).toBeGreaterThan(0)
    expect(secondsLeft(10_000, nowMs + waitMs)).toBe(secondsLeft(10_000, nowMs) - 1)
  }
})

test('waits for the rest after an early timer', () => {
  expect(msToNextSecond(10_000, 999.75)).toBe(0.25)
})
