// The names of keys.
import { expect, test } from 'vitest'
import { keyName } from '../../../../../src/renderer/ui/parts/key-name.ts'

test.each([
  ['F19', 'F19'],
  ['KeyB', 'B'],
  ['Digit7', '7'],
  ['ArrowLeft', '←'],
  ['Slash', '/'],
  ['IntlBackslash', 'IntlBackslash']
])('%s reads %s', (code, text) => {
  expect(keyName(code)).toEqual({ kind: 'text', text })
})

test.each([
  ['Numpad0', '0'],
  ['NumpadAdd', '+'],
  ['NumpadDecimal', '.']
])('%s is the %s of the number pad', (code, text) => {
  expect(keyName(code)).toEqual({ kind: 'numpad', text })
})

test('translates keys with a word on them', () => {
  expect(keyName('Space')).toEqual({ kind: 'word', word: 'space' })
  expect(keyName('NumpadEnter')).toEqual({ kind: 'word', word: 'enter' })
  expect(keyName('ShiftRight')).toEqual({ kind: 'word', word: 'shift' })
})

test('keeps the name of a pedal', () => {
  for (const label of ['Keyspan Foot Control', 'Digital Pedal 3', 'VEC Infinity IN-USB-2']) {
    expect(keyName(label)).toEqual({ kind: 'text', text: label })
  }
})
