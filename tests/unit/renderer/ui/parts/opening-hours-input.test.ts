// Opening hours by touch.
import { expect, test } from 'vitest'
import {
  DEFAULT_OPENING_HOURS,
  spanOf,
  stepTime
} from '../../../../../src/renderer/ui/parts/opening-hours-input.ts'
import { settingsPatchSchema } from '../../../../../src/shared/settings.ts'

test('a step is half an hour', () => {
  expect(stepTime('08:00', 'later')).toBe('08:30')
  expect(stepTime('08:30', 'later')).toBe('09:00')
  expect(stepTime('08:00', 'earlier')).toBe('07:30')
})

test('a step from in between goes to the next half hour', () => {
  expect(stepTime('08:10', 'later')).toBe('08:30')
  expect(stepTime('08:10', 'earlier')).toBe('08:00')
  expect(stepTime('23:59', 'later')).toBe('00:00')
})

test('steps go round the clock', () => {
  expect(stepTime('23:30', 'later')).toBe('00:00')
  expect(stepTime('00:00', 'earlier')).toBe('23:30')
})

test('every step is a time that the settings take', () => {
  let time = '00:00'
  for (let step = 0; step < 48; step += 1) {
    time = stepTime(time, 'later')
    const patch = { openingHours: { from: time, to: stepTime(time, 'earlier') } }
    expect(settingsPatchSchema.safeParse(patch).success, time).toBe(true)
  }
  expect(time).toBe('00:00')
  expect(settingsPatchSchema.safeParse({ openingHours: DEFAULT_OPENING_HOURS }).success).toBe(true)
})

test('hours that end before they begin end on the next day, and equal ones never', () => {
  expect(spanOf({ from: '08:00', to: '23:00' })).toBe('same_day')
  expect(spanOf({ from: '16:00', to: '02:00' })).toBe('overnight')
  expect(spanOf({ from: '00:00', to: '00:00' })).toBe('whole_day')
})
