// Bound keys, and the ways in which their release gets lost.
import { expect, test } from 'vitest'
import { listenToKeyboard } from '../../../../src/renderer/turn/keyboard.ts'
import type { TurnEvent } from '../../../../src/renderer/turn/turn-events.ts'
import type { Binding } from '../../../../src/shared/settings.ts'
import { createWindowDouble, input } from './window-double.ts'

const keyBindings = (...codes: string[]): Binding[] => codes.map((code) => ({ kind: 'key', code }))
const kinds = (events: readonly TurnEvent[]): string[] => events.map(({ type }) => type)

const setUp = (...codes: string[]) => {
  const double = createWindowDouble()
  const events: TurnEvent[] = []
  const settings = { bindings: keyBindings(...codes), isListening: true }
  listenToKeyboard(
    double.window,
    () => settings.bindings,
    () => settings.isListening,
    (event) => events.push(event)
  )
  return { ...double, events, settings }
}

test('presses and releases by code, hidden from the page', () => {
  const { events, key } = setUp('F19')
  expect(key('keydown', 'F19', { atMs: 100 }).defaultPrevented).toBe(true)
  expect(key('keyup', 'F19', { atMs: 900 }).defaultPrevented).toBe(true)
  expect(events).toEqual([
    { type: 'press', source: 'key:F19', atMs: 100 },
    { type: 'release', source: 'key:F19', atMs: 900 }
  ])
})

test('ignores auto-repeat, but not a second key-down after a lost key-up', () => {
  const { events, key } = setUp('F19')
  key('keydown', 'F19')
  expect(key('keydown', 'F19', { repeat: true }).defaultPrevented).toBe(true)
  key('keydown', 'F19', { repeat: true })
  expect(kinds(events)).toEqual(['press'])
  key('keydown', 'F19')
  expect(kinds(events)).toEqual(['press', 'press'])
})

test('leaves unbound keys to the page', () => {
  const { events, key, settings } = setUp('F19')
  expect(key('keydown', 'KeyA').defaultPrevented).toBe(false)
  expect(key('keyup', 'KeyA').defaultPrevented).toBe(false)
  settings.bindings = []
  expect(key('keydown', 'F19').defaultPrevented).toBe(false)
  expect(events).toEqual([])
})

test('does not take the button of a HID pedal for a key', () => {
  const { events, key, settings } = setUp()
  settings.bindings = [{ kind: 'hid', vendorId: 0x05f3, productId: 0xff, button: 0, label: 'F19' }]
  key('keydown', 'F19')
  expect(events).toEqual([])
})

test('takes no press while it does not listen, and still releases', () => {
  const { events, key, settings } = setUp('KeyB', 'F19')
  key('keydown', 'F19')
  settings.isListening = false
  expect(key('keydown', 'KeyB').defaultPrevented).toBe(false)
  key('keyup', 'F19')
  expect(events).toMatchObject([
    { type: 'press', source: 'key:F19' },
    { type: 'release', source: 'key:F19' }
  ])
})

test('releases a key whose binding was removed during the hold, and types nothing until then', () => {
  const { events, key, settings } = setUp('KeyB')
  key('keydown', 'KeyB')
  settings.bindings = keyBindings('F20')
  expect(key('keydown', 'KeyB', { repeat: true }).defaultPrevented).toBe(true)
  key('keyup', 'KeyB')
  expect(events).toMatchObject([
    { type: 'press', source: 'key:KeyB' },
    { type: 'release', source: 'key:KeyB' }
  ])
  expect(key('keydown', 'KeyB').defaultPrevented).toBe(false)
})

test.each([
  ['blur', 'blur'],
  ['pagehide', 'hidden']
])('loses the hold with the window, also of another source: %s', (type, reason) => {
  const { events, target } = setUp('F19')
  target.dispatchEvent(input(type, {}, 50))
  expect(events).toEqual([{ type: 'hold_lost', reason, atMs: 50 }])
})

test('ignores a field that loses the focus', () => {
  const { events, target } = setUp('F19')
  const ofField = Object.defineProperty(input('blur'), 'target', { value: new EventTarget() })
  target.dispatchEvent(ofField)
  expect(events).toEqual([])
})

test('loses the hold when the page is hidden, and not when it is shown', () => {
  const { events, key, document } = setUp('F19')
  key('keydown', 'F19')
  document.visibilityState = 'hidden'
  document.dispatchEvent(input('visibilitychange', {}, 50))
  document.visibilityState = 'visible'
  document.dispatchEvent(input('visibilitychange'))
  expect(events.slice(1)).toEqual([{ type: 'hold_lost', reason: 'hidden', atMs: 50 }])
})
