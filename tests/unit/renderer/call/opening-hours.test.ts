// Opening hours by the kiosk's clock.
import { expect, test } from 'vitest'
import { isWithin, minuteOfDay, WHOLE_DAY } from '../../../../src/renderer/call/opening-hours.ts'

const at = (time: string) => {
  const [hours = 0, minutes = 0] = time.split(':').map(Number)
  return minuteOfDay(new Date(2026, 10, 20, hours, minutes, 59))
}

test.each([
  ['11:00', '23:00', '10:59', false],
  ['11:00', '23:00', '11:00', true],
  ['11:00', '23:00', '22:59', true],
  ['11:00', '23:00', '23:00', false],
  ['17:00', '02:00', '16:59', false],
  ['17:00', '02:00', '23:59', true],
  ['17:00', '02:00', '00:00', true],
  ['17:00', '02:00', '01:59', true],
  ['17:00', '02:00', '02:00', false]
])('is open from %s to %s at %s: %s', (from, to, time, isOpen) => {
  expect(isWithin({ from, to }, at(time))).toBe(isOpen)
})

test('takes equal ends for the whole day', () => {
  expect(isWithin(WHOLE_DAY, at('00:00'))).toBe(true)
  expect(isWithin({ from: '09:00', to: '09:00' }, at('08:59'))).toBe(true)
})
