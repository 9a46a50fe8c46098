// The recorder's core, sample by sample: none twice, none missing, none without a press.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  createRecorderCore,
  createRing,
  type RecorderReport,
  toPcm16
} from '../../../../src/renderer/audio/recorder-core.ts'

/** A thousand samples per second. */
const RATE_HZ = 1_000
const LIMITS = { rateHz: RATE_HZ, preRollSamples: 10, pieceSamples: 4, longestSamples: 40 }

const setUp = (limits = LIMITS) => {
  const reports: RecorderReport[] = []
  const blocks = createRecorderCore(limits, (report) => reports.push(report))
  let next = 1
  return {
    blocks,
    reports,
    /** The next `count` samples of a counting signal: sample n is n/32767. */
    hear: (count: number) => {
      const samples = Float32Array.from({ length: count }, (_, at) => (next + at) / 32_767)
      next += count
      blocks.add(samples, (next - 1) / RATE_HZ)
    },
    silence: () => blocks.add(new Float32Array(0), (next - 1) / RATE_HZ),
    /** Stops after so many samples in all, or at once. */
    stop: (recordingId: number, afterSamples = 0) =>
      blocks.order({ kind: 'stop', recordingId, atSeconds: afterSamples / RATE_HZ }),
    recorded: (recordingId: number) =>
      reports.flatMap((report) =>
        report.kind === 'piece' && report.recordingId === recordingId ? [...report.samples] : []
      )
  }
}
const counting = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, at) => from + at)

test('clips louder samples at full scale', () => {
  expect([...toPcm16(Float32Array.of(0, 1, -1, 0.5, 2, -2))]).toEqual([
    0, 32_767, -32_767, 16_384, 32_767, -32_767
  ])
})

test('keeps the last samples of a ring in order until they are taken', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 20 }),
      fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 10 }),
      (capacity, lengths) => {
        const ring = createRing(capacity)
        let heard: number[] = []
        for (const length of lengths) {
          const block = Int16Array.from({ length }, (_, at) => heard.length + at)
          heard = [...heard, ...block]
          ring.push(block)
        }
        expect([...ring.take()]).toEqual(heard.slice(-capacity))
        expect([...ring.take()]).toEqual([])
      }
    )
  )
})

test('reports nothing before a press', () => {
  const { hear, reports } = setUp()
  hear(500)
  expect(reports).toEqual([])
})

test('waits at a stop for the samples in flight, and for none behind them', () => {
  const { blocks, hear, recorded, reports, stop } = setUp()
  blocks.order({ kind: 'start', recordingId: 1 })
  hear(6)
  stop(1, 10)
  hear(2)
  expect(reports.map(({ kind }) => kind)).toEqual(['piece', 'piece'])
  hear(2)
  hear(5)
  expect(recorded(1)).toEqual(counting(1, 10))
  expect(reports.at(-1)).toEqual({ kind: 'ended', recordingId: 1 })
  // Later samples precede the next press.
  blocks.order({ kind: 'start', recordingId: 2 })
  hear(3)
  stop(2)
  expect(recorded(2)).toEqual(counting(11, 18))
})

test('waits for nothing at a stop without a microphone', () => {
  const { blocks, hear, silence, reports, stop } = setUp()
  blocks.order({ kind: 'start', recordingId: 1 })
  hear(4)
  stop(1, 1_000)
  silence()
  expect(reports.at(-1)).toEqual({ kind: 'ended', recordingId: 1 })
})

test('stamps each piece with its end', () => {
  const { blocks, hear, reports, stop } = setUp()
  hear(20)
  blocks.order({ kind: 'start', recordingId: 1 })
  hear(4)
  hear(1)
  stop(1)
  const until = reports.flatMap((report) => (report.kind === 'piece' ? [report.untilSeconds] : []))
  // Two pieces and a half of pre-roll, which end with the last block.
  expect(until).toEqual([0.02, 0.02, 0.024, 0.025])
})

test('puts no sample into two recordings', () => {
  const { blocks, hear, recorded, stop } = setUp()
  blocks.order({ kind: 'start', recordingId: 1 })
  hear(9)
  stop(1)
  hear(3)
  blocks.order({ kind: 'start', recordingId: 2 })
  hear(1)
  blocks.order({ kind: 'start', recordingId: 3 })
  hear(2)
  stop(3)
  expect([recorded(1), recorded(2), recorded(3)]).toEqual([
    counting(1, 9),
    counting(10, 13),
    counting(14, 15)
  ])
})

test('ends a recording at its limit, to the sample', () => {
  const { blocks, hear, recorded, reports, stop } = setUp()
  hear(10)
  blocks.order({ kind: 'start', recordingId: 1 })
  hear(29)
  expect(reports.at(-1)?.kind).toBe('piece')
  hear(29)
  expect(recorded(1)).toEqual(counting(1, 40))
  expect(reports.at(-1)).toEqual({ kind: 'ended', recordingId: 1 })
  hear(20)
  stop(1)
  expect(reports.filter(({ kind }) => kind === 'ended')).toHaveLength(1)
})

test('ignores a late stop of an older recording', () => {
  const { blocks, hear, recorded, stop } = setUp()
  blocks.order({ kind: 'start', recordingId: 1 })
  blocks.order({ kind: 'start', recordingId: 2 })
  stop(1)
  hear(8)
  expect(recorded(2)).toEqual(counting(1, 8))
})

test('drops the pre-roll of a microphone that is gone', () => {
  const { blocks, hear, silence, recorded, stop } = setUp()
  hear(20)
  silence()
  hear(3)
  blocks.order({ kind: 'start', recordingId: 1 })
  silence()
  hear(2)
  stop(1)
  // A replacement during a recording leaves a gap of its own only.
  expect(recorded(1)).toEqual(counting(21, 25))
})

test('records every sample once and in order, for any sizes of blocks and pieces', () => {
  fc.assert(
    fc.property(
      fc.record({
        rateHz: fc.constant(RATE_HZ),
        preRollSamples: fc.integer({ min: 1, max: 50 }),
        pieceSamples: fc.integer({ min: 1, max: 50 }),
        longestSamples: fc.integer({ min: 60, max: 400 })
      }),
      fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 8 }),
      fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 20 }),
      (limits, before, during) => {
        const { blocks, hear, recorded, reports, stop } = setUp(limits)
        for (const count of before) hear(count)
        const heardBefore = before.reduce((sum, count) => sum + count, 0)
        blocks.order({ kind: 'start', recordingId: 1 })
        for (const count of during) hear(count)
        stop(1)
        const heard = heardBefore + during.reduce((sum, count) => sum + count, 0)
        const first = Math.max(0, heardBefore - limits.preRollSamples) + 1
        expect(recorded(1)).toEqual(counting(first, heard).slice(0, limits.longestSamples))
        expect(reports.filter(({ kind }) => kind === 'ended')).toHaveLength(1)
        expect(reports.at(-1)?.kind).toBe('ended')
      }
    )
  )
})
