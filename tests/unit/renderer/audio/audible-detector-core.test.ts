// The first audible block of an answer, and the silence after a cut.
import { expect, test } from 'vitest'
import {
  type AudibleReport,
  createAudibleDetectorCore
} from '../../../../src/renderer/audio/audible-detector-core.ts'

const RATE_HZ = 48_000
const BLOCK = 128

/** Feeds blocks of a constant level; -Infinity is digital silence. */
const setUp = () => {
  const reports: AudibleReport[] = []
  const blocks = createAudibleDetectorCore(RATE_HZ, (report) => reports.push(report))
  let frame = 0
  return {
    blocks,
    reports,
    frame: () => frame,
    play: (db: number, count: number) => {
      for (let at = 0; at < count; at++) {
        blocks.add(new Float32Array(BLOCK).fill(10 ** (db / 20)), frame, BLOCK)
        frame += BLOCK
      }
    },
    nothing: (count: number) => {
      for (let at = 0; at < count; at++) {
        blocks.add(new Float32Array(0), frame, BLOCK)
        frame += BLOCK
      }
    }
  }
}

test('reports an answer once, with the block in which it begins', () => {
  const { blocks, reports, play, frame } = setUp()
  blocks.order({ kind: 'await_audible' })
  play(-70, 50)
  const startsAt = frame()
  play(-30, 50)
  play(-70, 5)
  play(-30, 5)
  expect(reports).toEqual([{ kind: 'audible', frame: startsAt }])
})

test.each<[string, before: [number, number][], after: [number, number][]]>([
  [
    'without an order',
    [
      [-30, 20],
      [-90, 20]
    ],
    []
  ],
  ['of noise below the level of an answer', [], [[-46, 500]]],
  [
    'of a click whose mean over 5 ms is below the level',
    [],
    [
      [-100, 10],
      [-44, 1],
      [-100, 10]
    ]
  ],
  ['of sound from before the order', [[-20, 10]], [[-100, 20]]]
])('reports nothing %s', (_what, before, after) => {
  const { blocks, reports, play } = setUp()
  for (const [db, count] of before) play(db, count)
  if (after.length > 0) blocks.order({ kind: 'await_audible' })
  for (const [db, count] of after) play(db, count)
  expect(reports).toEqual([])
})

test('reports silence from its first block, once it has lasted 20 ms', () => {
  const { blocks, reports, play, frame } = setUp()
  play(-30, 10)
  blocks.order({ kind: 'await_silent' })
  play(-30, 2)
  const silentAt = frame()
  play(-90, 7)
  expect(reports).toEqual([])
  play(-90, 1)
  expect(reports).toEqual([{ kind: 'silent', frame: silentAt }])
  play(-90, 50)
  expect(reports).toHaveLength(1)
})

test('takes no pause under 20 ms for silence', () => {
  const { blocks, reports, play, nothing, frame } = setUp()
  blocks.order({ kind: 'await_silent' })
  play(-30, 3)
  play(-90, 7)
  play(-59, 1)
  const silentAt = frame()
  nothing(8)
  expect(reports).toEqual([{ kind: 'silent', frame: silentAt }])
})
