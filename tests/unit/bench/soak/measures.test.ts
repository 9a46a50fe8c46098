import { appendFileSync, renameSync } from 'node:fs'
import { expect, test } from 'vitest'
import { audioOutsideHolds } from '../../../../bench/soak/audio-outside-holds.ts'
import { slopePer1000 } from '../../../../bench/soak/heap-growth.ts'
import { tailLog } from '../../../../bench/soak/log-tail.ts'
import { addJudgement, isFaulty, newTally, resultOf, sumOf } from '../../../../bench/soak/totals.ts'
import { temporaryFolder } from '../../temporary-folder.ts'

const folder = temporaryFolder()

test('finds sound that arrives later than the grace after every hold', () => {
  const holds = [
    { fromMs: 1_000, toMs: 1_400 },
    { fromMs: 5_000, toMs: 5_300 }
  ]
  const outside = (lagMs: number) =>
    audioOutsideHolds(
      [950, 1_200, 2_500, 2_700, 4_000, 6_400].map((atMs) => ({ callId: 'rtc_1', atMs, lagMs })),
      holds,
      1_200
    ).map(({ atMs }) => atMs)
  expect(outside(0)).toEqual([2_700, 4_000])
  // The stand-in took it in late.
  expect(outside(200)).toEqual([4_000])
})

test('computes the slope of the heap without its first sample', () => {
  const samples = (mbPerTurn: number) =>
    [20, 100, 200, 300].map((turns) => ({
      turns,
      heapMb: 6 + turns * mbPerTurn,
      objectsMb: 0,
      buffersMb: 0
    }))
  expect(slopePer1000(samples(0.002))).toBeCloseTo(2)
  expect(slopePer1000(samples(0))).toBe(0)
  const [first, ...warm] = samples(0)
  expect(first).toBeDefined()
  expect(slopePer1000([{ turns: 20, heapMb: 1, objectsMb: 0, buffersMb: 0 }, ...warm])).toBe(0)
  expect(slopePer1000(samples(1).slice(0, 1))).toBe(0)
})

test('reads each line of a log once, across rotation', async () => {
  const path = folder.write('logs/kiosk.log', '{"event":"a"}\n{"eve')
  const tail = tailLog(folder.path)
  const next = async () => (await tail()).map(({ event }) => event)
  expect(await next()).toEqual(['a'])
  appendFileSync(path, 'nt":"b"}\n')
  expect(await next()).toEqual(['b'])
  appendFileSync(path, '{"event":"ç"}\n')
  renameSync(path, `${path}.1`)
  folder.write('logs/kiosk.log', '{"event":"d"}\n')
  expect(await next()).toEqual(['ç', 'd'])
  expect(await next()).toEqual([])
})

test('reports a fault for one lost question, one stuck gate or one mixed turn', () => {
  const tally = newTally(0)
  expect(isFaulty(tally)).toBe(false)
  expect(isFaulty({ ...tally, stuckListening: 1 })).toBe(true)
  for (const count of ['mixedTurns', 'answersWithoutPassages'] as const) {
    expect(isFaulty({ ...tally, standIn: { ...tally.standIn, [count]: 1 } })).toBe(true)
  }
  addJudgement(tally, {
    resultCounts: { answered: 3, refused: 1, failed: 1, cancelled: 2, discarded: 4, unheard: 0 },
    losses: [{ reason: 'ended more than once', turn: 1, scenario: 1, atMs: 0 }],
    tooShortQuestions: []
  })
  expect(isFaulty(tally)).toBe(true)
  expect(resultOf(tally, 60_000)).toMatchObject({ asked: 7, discarded: 4, lost: 1, minutes: 1 })
  expect(resultOf(sumOf([tally, tally]), 60_000)).toMatchObject({ asked: 14, lost: 2, minutes: 1 })
})
