// The talk button on the screen, and the ways in which its release gets lost.
import { expect, test } from 'vitest'
import { listenToHoldButton } from '../../../../src/renderer/turn/hold-button.ts'
import type { TurnEvent } from '../../../../src/renderer/turn/turn-events.ts'
import { input } from './window-double.ts'

const kinds = (events: readonly TurnEvent[]): string[] => events.map(({ type }) => type)

const setUp = () => {
  const captured = new Set<number>()
  const button = Object.assign(new EventTarget(), {
    setPointerCapture: (id: number) => captured.add(id),
    hasPointerCapture: (id: number) => captured.has(id)
  })
  const events: TurnEvent[] = []
  const isHeld = () => events.at(-1)?.type === 'press'
  const stop = listenToHoldButton(
    button as unknown as HTMLElement,
    (event) => events.push(event),
    isHeld
  )
  const pointer = (type: string, pointerId: number, button_ = 0, pointerType = 'touch') =>
    button.dispatchEvent(input(type, { pointerId, button: button_, pointerType }))
  return { button, captured, events, pointer, stop }
}

test('is one source for pointer and keys', () => {
  const { button, events, pointer } = setUp()
  pointer('pointerdown', 7)
  pointer('pointerup', 7)
  button.dispatchEvent(input('keydown', { code: 'Space', repeat: false }, 5))
  button.dispatchEvent(input('keyup', { code: 'Space' }, 9))
  expect(events).toMatchObject([
    { type: 'press', source: 'button' },
    { type: 'release', source: 'button' },
    { type: 'press', source: 'button', atMs: 5 },
    { type: 'release', source: 'button', atMs: 9 }
  ])
})

test('captures the pointer from the press to its release', () => {
  const { captured, events, pointer } = setUp()
  pointer('pointerdown', 7)
  expect([...captured]).toEqual([7])
  pointer('pointerup', 7)
  pointer('lostpointercapture', 7)
  expect(kinds(events)).toEqual(['press', 'release'])
})

test.each(['pointercancel', 'lostpointercapture'])('releases on %s', (type) => {
  const { events, pointer } = setUp()
  pointer('pointerdown', 7)
  pointer(type, 7)
  expect(kinds(events)).toEqual(['press', 'release'])
})

test('ignores a second finger', () => {
  const { events, pointer } = setUp()
  pointer('pointerdown', 7)
  pointer('pointerdown', 8)
  pointer('pointerup', 8)
  expect(kinds(events)).toEqual(['press'])
})

test('works again after a pointer that was lost without an event', () => {
  const { captured, events, pointer } = setUp()
  pointer('pointerdown', 7)
  captured.clear()
  pointer('pointerdown', 8)
  expect(kinds(events)).toEqual(['press', 'press'])
})

test('ignores the other buttons of a mouse', () => {
  const { events, pointer } = setUp()
  pointer('pointerdown', 1, 2, 'mouse')
  expect(events).toEqual([])
})

test.each(['Space', 'Enter'])('holds with %s while it has the focus', (code) => {
  const { button, events } = setUp()
  button.dispatchEvent(input('keydown', { code, repeat: false }))
  button.dispatchEvent(input('keydown', { code, repeat: true }))
  button.dispatchEvent(input('keyup', { code }))
  expect(kinds(events)).toEqual(['press', 'release'])
})

test('releases a held key when it loses the focus', () => {
  const { button, events } = setUp()
  button.dispatchEvent(input('keydown', { code: 'Space', repeat: false }))
  button.dispatchEvent(input('blur'))
  expect(kinds(events)).toEqual(['press', 'release'])
})

test('releases when it is removed during a hold', () => {
  const { events, pointer, stop } = setUp()
  pointer('pointerdown', 7)
  stop()
  expect(kinds(events)).toEqual(['press', 'release'])
})

test('presses and releases by clicks without a pointer, and by no click of a pointer', () => {
  const { button, events, pointer } = setUp()
  button.dispatchEvent(input('click', { detail: 0 }))
  expect(kinds(events)).toEqual(['press'])
  button.dispatchEvent(input('click', { detail: 0 }))
  expect(kinds(events)).toEqual(['press', 'release'])
  pointer('pointerdown', 7)
  pointer('pointerup', 7)
  button.dispatchEvent(input('click', { detail: 1 }))
  expect(kinds(events)).toEqual(['press', 'release', 'press', 'release'])
})
