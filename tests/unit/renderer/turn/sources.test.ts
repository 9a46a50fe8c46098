// Where presses come from: the key and the button, and every way in which a release gets lost.
import { describe, expect, test } from 'vitest'
import { listenToHoldButton } from '../../../../src/renderer/turn/hold-button.ts'
import { listenToKeyboard } from '../../../../src/renderer/turn/keyboard.ts'
import type { TurnEvent } from '../../../../src/renderer/turn/turn.ts'

const input = (type: string, fields: object = {}): Event =>
  Object.assign(new Event(type, { cancelable: true }), fields)
const kinds = (events: readonly TurnEvent[]): string[] => events.map(({ type }) => type)

describe('the key', () => {
  const setUp = () => {
    const document = Object.assign(new EventTarget(), { visibilityState: 'visible' })
    const window = Object.assign(new EventTarget(), { document })
    const events: TurnEvent[] = []
    const world = { talkKey: 'F19', isListening: true }
    listenToKeyboard(
      window as unknown as Window,
      () => world.talkKey,
      () => world.isListening,
      (event) => events.push(event)
    )
    const key = (type: 'keydown' | 'keyup', code: string, repeat = false) => {
      const event = input(type, { code, repeat })
      window.dispatchEvent(event)
      return event
    }
    return { window, document, events, world, key }
  }

  test('presses and releases by its code, and keeps the page from seeing it', () => {
    const { events, key } = setUp()
    expect(key('keydown', 'F19').defaultPrevented).toBe(true)
    key('keyup', 'F19')
    expect(kinds(events)).toEqual(['press', 'release'])
  })

  test('ignores auto-repeat, but not a second key-down whose key-up was lost', () => {
    const { events, key } = setUp()
    key('keydown', 'F19')
    key('keydown', 'F19', true)
    key('keydown', 'F19', true)
    expect(kinds(events)).toEqual(['press'])
    key('keydown', 'F19')
    expect(kinds(events)).toEqual(['press', 'press'])
  })

  test('leaves every other key to the page', () => {
    const { events, key } = setUp()
    expect(key('keydown', 'KeyA').defaultPrevented).toBe(false)
    expect(events).toEqual([])
  })

  test('releases even when a press would not be taken any more', () => {
    const { events, key, world } = setUp()
    key('keydown', 'F19')
    world.isListening = false
    key('keyup', 'F19')
    expect(kinds(events)).toEqual(['press', 'release'])
  })

  test('releases when another key was chosen while it was held', () => {
    const { events, key, world } = setUp()
    key('keydown', 'F19')
    world.talkKey = 'F20'
    key('keyup', 'F19')
    expect(kinds(events)).toEqual(['press', 'release'])
  })

  test.each(['blur', 'pagehide'])('releases when the window is gone: %s', (type) => {
    const { events, key, window } = setUp()
    key('keydown', 'F19')
    window.dispatchEvent(input(type))
    expect(kinds(events)).toEqual(['press', 'release'])
  })

  test('releases when the page is hidden, and not when it is shown again', () => {
    const { events, key, document } = setUp()
    key('keydown', 'F19')
    document.visibilityState = 'hidden'
    document.dispatchEvent(input('visibilitychange'))
    document.visibilityState = 'visible'
    document.dispatchEvent(input('visibilitychange'))
    expect(kinds(events)).toEqual(['press', 'release'])
  })
})

describe('the button', () => {
  const setUp = () => {
    const captured = new Set<number>()
    const button = Object.assign(new EventTarget(), {
      setPointerCapture: (id: number) => captured.add(id),
      hasPointerCapture: (id: number) => captured.has(id)
    })
    const events: TurnEvent[] = []
    const stop = listenToHoldButton(button as unknown as HTMLElement, (event) => events.push(event))
    const pointer = (type: string, pointerId: number, button_ = 0, pointerType = 'touch') =>
      button.dispatchEvent(input(type, { pointerId, button: button_, pointerType }))
    return { button, captured, events, pointer, stop }
  }

  test('holds the pointer from its press to wherever it is lifted', () => {
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

  test('takes a second finger for no second question', () => {
    const { events, pointer } = setUp()
    pointer('pointerdown', 7)
    pointer('pointerdown', 8)
    pointer('pointerup', 8)
    expect(kinds(events)).toEqual(['press'])
  })

  test('is not dead after a pointer that was lost without a word', () => {
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

  test.each(['Space', 'Enter'])('is held by %s while it has the focus', (code) => {
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

  test('releases when it is taken off the screen while held', () => {
    const { events, pointer, stop } = setUp()
    pointer('pointerdown', 7)
    stop()
    expect(kinds(events)).toEqual(['press', 'release'])
  })
})
