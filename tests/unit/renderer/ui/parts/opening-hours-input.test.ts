import { expect, test } from 'vitest'
import {
  DEFAULT_OPENING_HOURS,
  spanOf,
  stepTime
} from '../../../../../src/renderer/ui/parts/opening-hours-input.ts'
import { settingsPatchSchema } from '../../../../../src/shared/settings.ts'

test.each([
  ['08:00', 'later', '08:30'],
  ['08:30', 'later', '09:00'],
  ['08:00', 'earlier', '07:30'],
  // To the next half hour from in between, and around the clock.
  ['08:10', 'later', '08:30'],
  ['08:10', 'earlier', '08:00'],
  ['23:59', 'later', '00:00'],
  ['23:30', 'later', '00:00'],
  ['00:00', 'earlier', '23:30']
] as const)('steps from %s half an hour %s, to %s', (from, step, to) => {
  expect(stepTime(from, step)).toBe(to)
})

test('steps to times that the settings accept', () => {
  let time = '00:00'
  for (let step = 0; step < 48; step += 1) {
    time = stepTime(time, 'later')
    const patch = { openingHours: { from: time, to: stepTime(time, 'earlier') } }
    expect(settingsPatchSchema.safeParse(patch).success, time).toBe(true)
  }
  expect(time).toBe('00:00')
  expect(settingsPatchSchema.safeParse({ openingHours: DEFAULT_OPENING_HOURS }).success).toBe(true)
})

test('tells hours within a day from overnight and whole-day ones', () => {
  expect(spanOf({ from: '08:00', to: '23:00' })).toBe('same_day')
  expect(spanOf({ from: '16:00', to: '02:00' })).toBe('overnight')
  expect(spanOf({ from: '00:00', to: '00:00' })).toBe('whole_day')
})
