// Keys that talk, and every way in which a key's release gets lost.
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
  const world = { bindings: keyBindings(...codes), isListening: true }
  const keyboard = listenToKeyboard(
    double.window,
    () => world.bindings,
    () => world.isListening,
    (event) => events.push(event)
  )
  return { ...double, events, world, keyboard }
}

test('presses and releases by its code, and keeps the page from seeing it', () => {
  const { events, key } = setUp('F19')
  expect(key('keydown', 'F19', { atMs: 100 }).defaultPrevented).toBe(true)
  expect(key('keyup', 'F19', { atMs: 900 }).defaultPrevented).toBe(true)
  expect(events).toEqual([
    { type: 'press', source: 'key:F19', atMs: 100 },
    { type: 'release', source: 'key:F19', atMs: 900 }
  ])
})

test('knows each of several keys as a source of its own', () => {
  const { events, key } = setUp('F19', 'KeyB')
  key('keydown', 'F19', { atMs: 1 })
  key('keydown', 'KeyB', { atMs: 2 })
  key('keyup', 'F19', { atMs: 3 })
  key('keyup', 'KeyB', { atMs: 4 })
  expect(events).toEqual([
    { type: 'press', source: 'key:F19', atMs: 1 },
    { type: 'press', source: 'key:KeyB', atMs: 2 },
    { type: 'release', source: 'key:F19', atMs: 3 },
    { type: 'release', source: 'key:KeyB', atMs: 4 }
  ])
})

test('ignores auto-repeat, but not a second key-down whose key-up was lost', () => {
  const { events, key } = setUp('F19')
  key('keydown', 'F19')
  expect(key('keydown', 'F19', { repeat: true }).defaultPrevented).toBe(true)
  key('keydown', 'F19', { repeat: true })
  expect(kinds(events)).toEqual(['press'])
  key('keydown', 'F19')
  expect(kinds(events)).toEqual(['press', 'press'])
})

test('leaves every other key to the page, and all of them when there is no binding', () => {
  const { events, key, world } = setUp('F19')
  expect(key('keydown', 'KeyA').defaultPrevented).toBe(false)
  expect(key('keyup', 'KeyA').defaultPrevented).toBe(false)
  world.bindings = []
  expect(key('keydown', 'F19').defaultPrevented).toBe(false)
  expect(events).toEqual([])
})

test('does not take a button of a pedal for a key', () => {
  const { events, key, world } = setUp()
  world.bindings = [{ kind: 'hid', vendorId: 0x05f3, productId: 0xff, button: 0, label: 'F19' }]
  key('keydown', 'F19')
  expect(events).toEqual([])
})

test('takes no press while keys belong to something else', () => {
  const { events, key, world } = setUp('KeyB')
  world.isListening = false
  expect(key('keydown', 'KeyB').defaultPrevented).toBe(false)
  expect(events).toEqual([])
})

test('releases even when a press would not be taken any more', () => {
  const { events, key, world } = setUp('F19')
  key('keydown', 'F19')
  world.isListening = false
  key('keyup', 'F19')
  expect(kinds(events)).toEqual(['press', 'release'])
})

test('releases a key whose binding was removed while it was held, and keeps it from typing till then', () => {
  const { events, key, world } = setUp('KeyB')
  key('keydown', 'KeyB')
  world.bindings = keyBindings('F20')
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
])('says that the hold is lost when the window is gone: %s', (type, reason) => {
  const { events, key, target } = setUp('F19')
  key('keydown', 'F19')
  target.dispatchEvent(input(type, {}, 50))
  expect(events[1]).toEqual({ type: 'hold_lost', reason, atMs: 50 })
})

test('says so as well when no key is held: what else is held is lost just so', () => {
  const { events, target } = setUp('F19')
  target.dispatchEvent(input('blur'))
  expect(kinds(events)).toEqual(['hold_lost'])
})

test('does not take a field that lost the focus for a window that did', () => {
  const { events, target } = setUp('F19')
  const ofField = Object.defineProperty(input('blur'), 'target', { value: new EventTarget() })
  target.dispatchEvent(ofField)
  expect(events).toEqual([])
})

test('says so when the page is hidden, and not when it is shown again', () => {
  const { events, key, document } = setUp('F19')
  key('keydown', 'F19')
  document.visibilityState = 'hidden'
  document.dispatchEvent(input('visibilitychange', {}, 50))
  document.visibilityState = 'visible'
  document.dispatchEvent(input('visibilitychange'))
  expect(events.slice(1)).toEqual([{ type: 'hold_lost', reason: 'hidden', atMs: 50 }])
})

test('hears nothing any more once it is stopped', () => {
  const { events, key, keyboard, target } = setUp('F19')
  keyboard.stop()
  key('keydown', 'F19')
  target.dispatchEvent(input('blur'))
  expect(events).toEqual([])
})
