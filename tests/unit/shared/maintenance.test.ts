import { expect, it } from 'vitest'
import { isWeakPin } from '../../../src/shared/maintenance.ts'

it.each([
  ...['0000', '1122', '6969', '121212', '1234', '4321', '7890', '2468', '1357', '987654'],
  ...['1984', '2026', '2580', '0852', '123123', '40964096']
])('calls %s weak', (pin) => expect(isWeakPin(pin)).toBe(true))

it.each(['40961', '5802', '271828', '86402', '3098', '1850', '19845'])('accepts %s', (pin) =>
  expect(isWeakPin(pin)).toBe(false)
)

it('leaves more than nine of ten PINs of four digits', () => {
  const all = Array.from({ length: 10_000 }, (_, i) => String(i).padStart(4, '0'))
  expect(all.filter((pin) => !isWeakPin(pin)).length).toBeGreaterThan(9_000)
})
