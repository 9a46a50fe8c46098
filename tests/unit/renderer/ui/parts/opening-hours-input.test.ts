import { expect, test } from 'vitest'
import {
  DEFAULT_OPENING_HOURS,
  spanOf,
  stepTime
} from '../../../../../src/renderer/ui/parts/opening-hours-input.ts'
import { settingsPatchSchema } from '../../../../../src/shared/settings.ts'

test('steps by half an hour', () => {
  expect(stepTime('08:00', 'later')).toBe('08:30')
  expect(stepTime('08:30', 'later')).toBe('09:00')
  expect(stepTime('08:00', 'earlier')).toBe('07:30')
})

test('steps to the next half hour from in between', () => {
  expect(stepTime('08:10', 'later')).toBe('08:30')
  expect(stepTime('08:10', 'earlier')).toBe('08:00')
  expect(stepTime('23:59', 'later')).toBe('00:00')
})

test('steps around the clock', () => {
  expect(stepTime('23:30', 'later')).toBe('00:00')
  expect(stepTime('00:00', 'earlier')).toBe('23:30')
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
