// The gesture in front of the settings.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  HOLD_MS,
  MAX_TAP_MS,
  NO_GESTURE,
  PAUSE_MS,
  type SettingsGestureEvent,
  stepGesture,
  TAPS
} from '../../../../src/renderer/maintenance/settings-gesture.ts'

/** Plays presses as [pause before, hold time] and returns whether they complete the gesture. */
const play = (presses: readonly (readonly [number, number])[], source = 'brand'): boolean => {
  let state = NO_GESTURE
  let atMs = 1_000
  let isMade = false
  const send = (event: SettingsGestureEvent) => {
    const next = stepGesture(state, event)
    state = next.state
    isMade ||= next.isComplete
  }
  for (const [pauseMs, heldMs] of presses) {
    atMs += pauseMs
    send({ type: 'down', source, atMs })
    if (heldMs >= HOLD_MS) send({ type: 'tick', atMs: atMs + HOLD_MS })
    atMs += heldMs
    send({ type: 'up', source, atMs })
  }
  return isMade
}

const taps = (count: number) => Array.from({ length: count }, () => [200, 100] as const)

test('accepts four taps and a hold of three seconds', () => {
  expect(play([...taps(TAPS), [200, HOLD_MS]])).toBe(true)
  expect(play([...taps(TAPS + 2), [200, HOLD_MS + 500]])).toBe(true)
})

test.each([
  ['a hold alone', [[200, 60_000]]],
  ['taps alone', taps(200)],
  ['too few taps', [...taps(TAPS - 1), [200, HOLD_MS]]],
  ['a hold that is given up', [...taps(TAPS), [200, HOLD_MS - 1]]],
  ['taps too far apart', [...taps(2), [PAUSE_MS + 1, 100], [200, 100], [200, HOLD_MS]]],
  ['a hold long after', [...taps(TAPS), [PAUSE_MS + 1, HOLD_MS]]],
  [
    'presses that are no taps',
    [...Array.from({ length: TAPS }, () => [200, MAX_TAP_MS + 1] as const), [200, HOLD_MS]]
  ]
] as const)('refuses %s', (_what, presses) => {
  expect(play(presses)).toBe(false)
})

test('refuses taps of one source with the hold of another', () => {
  let state = NO_GESTURE
  let atMs = 0
  const down = (source: string, heldMs: number): boolean => {
    atMs += 200
    state = stepGesture(state, { type: 'down', source, atMs }).state
    atMs += heldMs
    const next = stepGesture(state, { type: 'up', source, atMs })
    state = next.state
    return next.isComplete
  }
  for (const source of ['brand', 'key:F19', 'brand', 'key:F19']) down(source, 100)
  expect(down('brand', HOLD_MS)).toBe(false)
})

test('is never completed by holds of any length and pause', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(5_000), fc.integer({ min: MAX_TAP_MS + 1, max: 60_000 })), {
        maxLength: 60
      }),
      (presses) => !play(presses, 'key:F19')
    ),
    { numRuns: 2_000 }
  )
})

test('is lost with the finger or the window', () => {
  let state = NO_GESTURE
  for (let i = 0; i < TAPS; i += 1) {
    state = stepGesture(state, { type: 'down', source: 'brand', atMs: i * 200 }).state
    state = stepGesture(state, { type: 'up', source: 'brand', atMs: i * 200 + 100 }).state
  }
  state = stepGesture(state, { type: 'down', source: 'brand', atMs: 900 }).state
  state = stepGesture(state, { type: 'lost' }).state
  expect(stepGesture(state, { type: 'tick', atMs: 900 + HOLD_MS }).isComplete).toBe(false)
})
