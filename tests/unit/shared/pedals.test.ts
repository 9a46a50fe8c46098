import { expect, test } from 'vitest'
import { addsBinding, bindingSource, hidSource, keySource } from '../../../src/shared/bindings.ts'
import { heldButtons, isPedal, PEDALS, type Pedal, pedalOf } from '../../../src/shared/pedals.ts'
import { bindingSchema } from '../../../src/shared/settings.ts'

const pedal = (vendorId: number, productId: number, usagePage = 0, usage = 0): Pedal => {
  const found = pedalOf({ vendorId, productId, collections: [{ usagePage, usage }] })
  if (found === null) throw new Error('not on the list')
  return found
}

const INFINITY = pedal(0x05f3, 0x00ff, 0x0c, 0x03)
const ACC2310 = pedal(0x0911, 0x1844, 1, 4)
const ACC2330 = pedal(0x0911, 0x091a, 1, 4)
const SPEECHMIKE = pedal(0x0911, 0x0c1c, 0xffa0, 1)
const SPEECHMIKE_GAMEPAD = pedal(0x0911, 0x0fa0, 1, 4)
const POWERMIC_3 = pedal(0x0554, 0x1001, 1, 0)

test.each([
  ['the left pedal of an Infinity', INFINITY, [1, 0], [0]],
  ['its middle pedal', INFINITY, [2, 0], [1]],
  ['its right pedal', INFINITY, [4, 0], [2]],
  ['two at once', INFINITY, [5, 0], [0, 2]],
  ['none', INFINITY, [0, 0], []],
  ['nothing in bits that are no pedals', INFINITY, [0xf8, 0xff], []],
  ['the left pedal of an ACC2310', ACC2310, [1], [0]],
  ['the fourth pedal of an ACC2330', ACC2330, [8], [3]],
  ['record on a SpeechMike', SPEECHMIKE, [0x80, 0, 0, 0, 0, 0, 0, 0, 1], [8]],
  ['F1 on a SpeechMike', SPEECHMIKE, [0x80, 0, 0, 0, 0, 0, 0, 2, 0], [1]],
  ['instruction on a SpeechMike', SPEECHMIKE, [0x80, 0, 0, 0, 0, 0, 0, 0, 0x80], [15]],
  ['no bar code that a SpeechMike scanned', SPEECHMIKE, [0x80, 0, 0, 0, 0, 0, 0, 0x81, 0], []],
  ['record on a SpeechMike in gamepad mode', SPEECHMIKE_GAMEPAD, [0x20, 0], [21]],
  ['end of letter on a SpeechMike in gamepad mode', SPEECHMIKE_GAMEPAD, [0, 0x40], [30]],
  ['record on a PowerMic III', POWERMIC_3, [0, 4, 0], [2]],
  ['the right custom key of a PowerMic III', POWERMIC_3, [0, 0, 2], [9]]
])('reads %s', (_what, device, bytes, buttons) => {
  const mask = heldButtons(device, 0, Uint8Array.from(bytes))
  expect(mask).toBe(buttons.reduce((sum, button) => sum + 2 ** button, 0))
})

test.each([
  ['another report of a device that does not number them', INFINITY, 3, [1, 0]],
  ['an empty report', INFINITY, 0, []],
  ['a report that is too short for its second byte', POWERMIC_3, 0, [0, 4]],
  ['an answer of a SpeechMike to a command', SPEECHMIKE, 0, [0x8d, 0, 0, 0, 0, 0, 0, 1, 1]],
  ['a motion report of a SpeechMike', SPEECHMIKE, 0, [0x9e, 0, 0, 0, 0, 0, 0, 0, 1]]
])('returns null for %s', (_what, device, reportId, bytes) => {
  expect(heldButtons(device, reportId, Uint8Array.from(bytes))).toBe(null)
})

test('selects the interface of a device that sends buttons', () => {
  const device = (usagePage: number, usage: number) =>
    pedalOf({ vendorId: 0x0911, productId: 0x0fa0, collections: [{ usagePage, usage }] })
  expect(device(0xffa0, 1)?.report.firstButton).toBe(0)
  expect(device(1, 4)?.report.firstButton).toBe(16)
  expect(device(0x0c, 1)).toBe(null)
  // Page and usage must be in one collection.
  const mixed = [
    { usagePage: 1, usage: 2 },
    { usagePage: 2, usage: 4 }
  ]
  expect(pedalOf({ vendorId: 0x0911, productId: 0x0fa0, collections: mixed })).toBe(null)
})

test('refuses a device with another vendor or product id', () => {
  expect(isPedal({ vendorId: 0x05f3, productId: 0x00ff })).toBe(true)
  expect(isPedal({ vendorId: 0x05f3, productId: 0x0100 })).toBe(false)
  expect(isPedal({ vendorId: 0x0c45, productId: 0x00ff })).toBe(false)
  expect(isPedal({ vendorId: '05f3', productId: '00ff' })).toBe(false)
  expect(isPedal({})).toBe(false)
})

test('reports only buttons that a binding can name', () => {
  for (const { vendorId, productId, name, report } of PEDALS) {
    const all = heldButtons(
      { vendorId, productId, usage: null, name, report: { ...report, firstByte: null } },
      report.reportId ?? 0,
      new Uint8Array(16).fill(0xff)
    )
    const highest = 31 - Math.clz32(all ?? 0)
    const binding = { kind: 'hid', vendorId, productId, button: highest, label: name }
    expect(bindingSchema.safeParse(binding).success).toBe(true)
  }
})

test('names a source by its key or by its ids and button', () => {
  expect(keySource('F19')).toBe('key:F19')
  expect(hidSource(0x05f3, 0xff, 0)).toBe('hid:05f3:00ff:0')
  const binding = { kind: 'hid', vendorId: 0x05f3, productId: 0xff, button: 0, label: 'a' } as const
  expect(bindingSource(binding)).toBe('hid:05f3:00ff:0')
  expect(addsBinding([binding], [{ ...binding, label: 'b' }])).toBe(false)
  expect(addsBinding([binding], [binding, { kind: 'key', code: 'F19' }])).toBe(true)
  expect(addsBinding([binding], [])).toBe(false)
})
