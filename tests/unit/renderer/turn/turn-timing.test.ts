// The marks of a turn.
import { expect, test } from 'vitest'
import { createTurnTimings } from '../../../../src/renderer/turn/turn-timing.ts'
import { turnTimingSchema } from '../../../../src/shared/turn-timing.ts'

const START = {
  turnId: 3,
  questionId: '9b2f4d6e-1111-4222-8333-444455556666',
  kind: 'spoken',
  carrier: 'live',
  pressedAtMs: 1_000,
  atMs: 1_700_000_000_000
} as const
const END = { outcome: 'answered', asks: 1, passes: 1, path: 'webrtc', callId: 'rtc_1' } as const

test('measures marks from the press, the first of each kind', () => {
  const timings = createTurnTimings()
  timings.begin(START)
  timings.mark(3, 'gate', 1_002)
  timings.mark(3, 'responseCreated', 2_000)
  timings.mark(3, 'responseCreated', 3_000)

  const timing = timings.end(3, END, 4_000)

  expect(timing?.marks).toEqual({ press: 0, gate: 2, responseCreated: 1_000, end: 3_000 })
  expect(turnTimingSchema.safeParse(timing).success).toBe(true)
})

test('ignores marks of another turn, and ends a turn once, without a tail', () => {
  const timings = createTurnTimings()
  timings.begin(START)
  timings.mark(2, 'audible', 9_000)
  expect(timings.end(2, END, 9_000)).toBeNull()
  expect(timings.end(3, END, 9_000)).toMatchObject({ tailMs: 0, marks: { press: 0, end: 8_000 } })
  expect(timings.end(3, END, 9_000)).toBeNull()
})

test('takes a time stamp just before the press for the press', () => {
  const timings = createTurnTimings()
  timings.begin(START)
  timings.mark(3, 'gate', 999.9)
  expect(timings.end(3, END, 1_001)?.marks.gate).toBe(0)
})

test('counts a mark from just before the beginning', () => {
  const timings = createTurnTimings()
  timings.mark(2, 'gate', 999)
  timings.mark(3, 'gate', 1_002)
  timings.begin(START)
  expect(timings.end(3, END, 1_500)?.marks).toEqual({ press: 0, gate: 2, end: 500 })
})

test('counts the last release, with its tail', () => {
  const timings = createTurnTimings()
  timings.begin(START)
  timings.released(3, 2_000, 200)
  timings.released(2, 9_000, 90)
  timings.released(3, 2_900, 55)
  expect(timings.end(3, END, 4_000)).toMatchObject({ tailMs: 55, marks: { release: 1_900 } })
})
