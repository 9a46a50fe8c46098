// Learning a key or a pedal.
import { describe, expect, test } from 'vitest'
import type { PedalPress } from '../../../../src/renderer/turn/hid-pedal.ts'
import {
  LEARN_CHATTER_MS,
  type LearnStep,
  learnBinding
} from '../../../../src/renderer/turn/learn-binding.ts'
import { BINDINGS_LIMIT, type Binding } from '../../../../src/shared/settings.ts'
import { createWindowDouble, input } from './window-double.ts'

const PEDAL: PedalPress = {
  kind: 'hid',
  vendorId: 0x05f3,
  productId: 0xff,
  button: 1,
  label: 'VEC Infinity foot pedal'
}

const setUp = (bindings: Binding[] = [{ kind: 'key', code: 'F19' }]) => {
  const double = createWindowDouble()
  const steps: LearnStep[] = []
  const waiting = new Map<() => void, number>()
  let pressPedal: ((press: PedalPress) => void) | null = null
  const stop = learnBinding({
    target: double.window,
    pedals: {
      capture: (listener) => {
        pressPedal = listener
        return () => {
          pressPedal = null
        }
      }
    },
    bindings: () => bindings,
    onStep: (step) => steps.push(step),
    schedule: (run, delayMs) => {
      waiting.set(run, delayMs)
      return () => waiting.delete(run)
    }
  })
  /** Passes the time in which a bounce could follow. */
  const settle = () => {
    for (const [run, delayMs] of [...waiting]) {
      expect(delayMs).toBe(LEARN_CHATTER_MS)
      waiting.delete(run)
      run()
    }
  }
  const hold = (code: string, fromMs: number, toMs: number, character = code) => {
    double.key('keydown', code, { atMs: fromMs, key: character })
    double.key('keyup', code, { atMs: toMs, key: character })
  }
  const kinds = () => steps.map(({ kind }) => kind)
  return {
    ...double,
    steps,
    kinds,
    stop,
    settle,
    hold,
    waiting,
    pressPedal: (press: PedalPress) => pressPedal?.(press),
    isCapturing: () => pressPedal !== null
  }
}

test('hides keys from the page until it has learned', () => {
  const { key } = setUp()
  expect(key('keydown', 'F20', { atMs: 1000 }).defaultPrevented).toBe(true)
  expect(key('keydown', 'F20', { atMs: 1100, repeat: true }).defaultPrevented).toBe(true)
  expect(key('keydown', 'Tab').defaultPrevented).toBe(true)
  expect(key('keyup', 'Tab').defaultPrevented).toBe(true)
  expect(key('keyup', 'F20', { atMs: 1400 }).defaultPrevented).toBe(true)
  expect(key('keydown', 'KeyA').defaultPrevented).toBe(false)
})

test.each([
  ['ShiftLeft', 'modifier'],
  ['ControlRight', 'modifier'],
  ['AltLeft', 'modifier'],
  ['AltRight', 'modifier'],
  ['AltGraph', 'modifier'],
  ['MetaLeft', 'modifier'],
  ['OSRight', 'modifier'],
  ['Fn', 'modifier'],
  ['CapsLock', 'lock'],
  ['NumLock', 'lock'],
  ['ScrollLock', 'lock'],
  ['Enter', 'enter'],
  ['NumpadEnter', 'enter'],
  ['Tab', 'tab'],
  ['Unidentified', 'unknown'],
  ['', 'unknown'],
  // The settings accept letters and digits only.
  ['Some-Key', 'unknown'],
  ['F19', 'taken']
])('refuses %s (%s) and keeps waiting', (code, reason) => {
  const { hold, steps } = setUp()
  hold(code, 1000, 1400)
  expect(steps).toEqual([{ kind: 'waiting' }, { kind: 'refused', code, reason }])
  hold('F20', 2000, 2400)
  const binding = { kind: 'key', code: 'F20' }
  expect(steps.at(-1)).toEqual({ kind: 'learned', binding, sendsTaps: false, types: false })
})

test('leaves Escape to the dialog', () => {
  const { key, steps } = setUp()
  expect(key('keydown', 'Escape').defaultPrevented).toBe(false)
  expect(key('keyup', 'Escape').defaultPrevented).toBe(false)
  expect(steps.at(-1)).toEqual({ kind: 'refused', code: 'Escape', reason: 'escape' })
})

test('refuses a key or a pedal beyond the limit', () => {
  const full = Array.from(
    { length: BINDINGS_LIMIT },
    (_, index): Binding => ({ kind: 'key', code: `F${index + 1}` })
  )
  const { hold, pressPedal, steps } = setUp(full)
  hold('F20', 1000, 1400)
  pressPedal(PEDAL)
  expect(steps.slice(1)).toEqual([
    { kind: 'refused', code: 'F20', reason: 'too_many' },
    { kind: 'refused', code: PEDAL.label, reason: 'too_many' }
  ])
})

test.each([
  ['KeyB', 'b', true],
  ['Digit1', '1', true],
  ['Space', ' ', true],
  ['Slash', '/', true],
  ['Numpad5', '5', true],
  ['NumpadDecimal', '.', true],
  ['IntlBackslash', '<', true],
  ['Quote', 'Dead', true],
  ['BrowserBack', 'ñ', true],
  ['F13', 'F13', false],
  ['PageDown', 'PageDown', false],
  ['MediaPlayPause', 'MediaPlayPause', false],
  ['AudioVolumeMute', 'AudioVolumeMute', false]
])('reports whether %s (%s) types: %s', (code, character, types) => {
  const { hold, steps } = setUp()
  hold(code, 1000, 1400, character)
  expect(steps.at(-1)).toMatchObject({ kind: 'learned', types })
})

describe('a pedal that sends press and release at once', () => {
  test('is learned as a tapping pedal after its second tap', () => {
    const { hold, settle, steps } = setUp()
    hold('KeyB', 1000, 1008, 'b')
    settle()
    expect(steps.slice(1)).toEqual([{ kind: 'pressed', label: 'KeyB' }, { kind: 'waiting' }])
    hold('KeyB', 3000, 3025, 'b')
    settle()
    expect(steps.at(-1)).toEqual({
      kind: 'learned',
      binding: { kind: 'key', code: 'KeyB' },
      sendsTaps: true,
      types: true
    })
  })

  test('is an ordinary key when its second press is held', () => {
    const { hold, settle, steps } = setUp()
    hold('KeyB', 1000, 1008)
    settle()
    hold('KeyB', 3000, 3026)
    expect(steps.at(-1)).toMatchObject({ kind: 'learned', sendsTaps: false })
  })

  test('is not found in one tap each of two keys', () => {
    const { hold, settle, kinds } = setUp()
    hold('KeyB', 1000, 1008)
    settle()
    hold('KeyC', 3000, 3008)
    settle()
    expect(kinds()).not.toContain('learned')
  })

  test('is not found in a bounce before a hold', () => {
    const { key, settle, steps, kinds } = setUp()
    key('keydown', 'F20', { atMs: 1000 })
    key('keyup', 'F20', { atMs: 1006 })
    key('keydown', 'F20', { atMs: 1020 })
    settle()
    expect(kinds()).toEqual(['waiting', 'pressed'])
    key('keyup', 'F20', { atMs: 1600 })
    expect(steps.at(-1)).toMatchObject({ kind: 'learned', sendsTaps: false })
  })
})

test('ignores auto-repeat, and the release of a key that was down before', () => {
  const { key, kinds } = setUp()
  key('keydown', 'Enter', { repeat: true })
  key('keyup', 'Enter')
  key('keyup', 'F20')
  expect(kinds()).toEqual(['waiting'])
})

test('learns a key with a modifier, which it refuses alone', () => {
  const { key, hold, steps } = setUp()
  key('keydown', 'ControlLeft', { atMs: 990 })
  hold('F20', 1000, 1400)
  expect(steps.at(-1)).toMatchObject({ kind: 'learned', binding: { code: 'F20' } })
})

test('waits for another press when the window is lost during one', () => {
  const { key, target, steps, kinds } = setUp()
  key('keydown', 'F20', { atMs: 1000 })
  // A field that loses the focus is not the window.
  target.dispatchEvent(Object.defineProperty(input('blur'), 'target', { value: new EventTarget() }))
  expect(kinds()).toEqual(['waiting', 'pressed'])
  target.dispatchEvent(input('blur'))
  expect(steps.at(-1)).toEqual({ kind: 'waiting' })
  key('keyup', 'F20', { atMs: 9000 })
  expect(kinds()).not.toContain('learned')
})

test('learns a HID pedal from its first press', () => {
  const { pressPedal, steps, isCapturing } = setUp()
  pressPedal(PEDAL)
  expect(steps.slice(1)).toEqual([
    { kind: 'learned', binding: PEDAL, sendsTaps: false, types: false }
  ])
  expect(isCapturing()).toBe(false)
})

test('refuses a bound pedal button, and takes another one', () => {
  const { pressPedal, steps } = setUp([PEDAL])
  pressPedal(PEDAL)
  expect(steps.at(-1)).toEqual({ kind: 'refused', code: PEDAL.label, reason: 'taken' })
  pressPedal({ ...PEDAL, button: 2 })
  expect(steps.at(-1)).toMatchObject({ kind: 'learned', binding: { button: 2 } })
})

test('reports nothing after it was stopped, and releases everything', () => {
  const { hold, key, stop, waiting, kinds, isCapturing } = setUp()
  hold('KeyB', 1000, 1008)
  stop()
  expect(waiting.size).toBe(0)
  expect(isCapturing()).toBe(false)
  expect(key('keydown', 'F20').defaultPrevented).toBe(false)
  expect(kinds()).toEqual(['waiting', 'pressed'])
})
