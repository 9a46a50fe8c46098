// Counts the results of a soak and formats them.
import { textColumns } from '../../dev/text-columns.ts'
import { type HeapSample, slopePer1000 } from './heap-growth.ts'
import { type Judgement, type TurnResult, zeroResultCounts } from './judge-turns.ts'

export type Tally = ReturnType<typeof newTally>

/** Of one kiosk. */
export const newTally = (startedAtMs: number) => ({
  startedAtMs,
  /** Holds and typed questions. */
  turns: 0,
  resultCounts: zeroResultCounts(),
  lost: 0,
  /** Asked after a hold that is shorter than a question. */
  tooShortQuestions: 0,
  stuckListening: 0,
  /** Turns by the transport of their call. */
  paths: { webrtc: 0, websocket: 0, none: 0 },
  /** Answers that took one response of the model. */
  onePass: 0,
  /** Turns that were sent from the recording. */
  recorded: 0,
  /** Turns that were asked on more than one call. */
  askedAgain: 0,
  /** Uncaught errors in the page. */
  pageErrors: 0,
  heap: [] as HeapSample[],
  residentMb: {} as Record<string, number>,
  standIn: { mixedTurns: 0, answersWithoutPassages: 0, createsRefused: 0, callsOpened: 0 }
})

export const addJudgement = (
  tally: Tally,
  { resultCounts, losses, tooShortQuestions }: Judgement
): void => {
  for (const [result, count] of Object.entries(resultCounts)) {
    tally.resultCounts[result as TurnResult] += count
  }
  tally.lost += losses.length
  tally.tooShortQuestions += tooShortQuestions.length
}

const addCounts = <T extends Record<string, number>>(one: T, other: T): T =>
  Object.fromEntries(
    Object.entries(one).map(([name, count]) => [name, count + (other[name] ?? 0)])
  ) as T

/** The sums of two kiosks, and the heap of the one that grew more. */
const together = (one: Tally, other: Tally): Tally => ({
  startedAtMs: Math.min(one.startedAtMs, other.startedAtMs),
  turns: one.turns + other.turns,
  resultCounts: addCounts(one.resultCounts, other.resultCounts),
  lost: one.lost + other.lost,
  tooShortQuestions: one.tooShortQuestions + other.tooShortQuestions,
  stuckListening: one.stuckListening + other.stuckListening,
  paths: addCounts(one.paths, other.paths),
  onePass: one.onePass + other.onePass,
  recorded: one.recorded + other.recorded,
  askedAgain: one.askedAgain + other.askedAgain,
  pageErrors: one.pageErrors + other.pageErrors,
  heap: slopePer1000(one.heap) > slopePer1000(other.heap) ? one.heap : other.heap,
  residentMb: { ...one.residentMb, ...other.residentMb },
  standIn: addCounts(one.standIn, other.standIn)
})

export const sumOf = (tallies: readonly Tally[]): Tally => {
  const [first, ...others] = tallies
  return others.reduce(together, first ?? newTally(0))
}

/** Committed and typed questions. */
const askedOf = ({ resultCounts: { discarded: _, ...asked } }: Tally): number =>
  Object.values(asked).reduce((sum, count) => sum + count, 0)

export const isFaulty = (tally: Tally): boolean =>
  tally.lost > 0 ||
  tally.stuckListening > 0 ||
  tally.standIn.mixedTurns > 0 ||
  tally.standIn.answersWithoutPassages > 0 ||
  tally.tooShortQuestions > 0 ||
  tally.pageErrors > 0

const toOne = (value: number): number => Math.round(value * 10) / 10

/** @param nowMs on the clock of `startedAtMs` */
export const resultOf = (tally: Tally, nowMs: number) => {
  const { resultCounts, heap, standIn, startedAtMs, ...counts } = tally
  const [first, last] = [heap[0], heap.at(-1)]
  const growth = (of: 'heapMb' | 'objectsMb' | 'buffersMb') => ({
    start: toOne(first?.[of] ?? 0),
    end: toOne(last?.[of] ?? 0)
  })
  return {
    ...counts,
    ...resultCounts,
    ...standIn,
    asked: askedOf(tally),
    heapMb: { ...growth('heapMb'), slopePer1000: Math.round(slopePer1000(heap) * 100) / 100 },
    objectsMb: growth('objectsMb'),
    buffersMb: growth('buffersMb'),
    minutes: toOne((nowMs - startedAtMs) / 60_000)
  }
}

export const progressLine = (tally: Tally, wantedTurns: number, nowMs: number): string => {
  const { resultCounts, heap } = tally
  const secondsEach = (nowMs - tally.startedAtMs) / 1_000 / Math.max(1, tally.turns)
  const results = Object.entries(resultCounts).map(([result, count]) => `${count} ${result},`)
  return [
    `${tally.turns}/${wantedTurns} turns, ${secondsEach.toFixed(2)} s each: ${askedOf(tally)} asked,`,
    ...results,
    `${tally.lost} lost, ${tally.stuckListening} stuck,`,
    `heap ${(heap.at(-1)?.heapMb ?? 0).toFixed(1)} MB`
  ].join(' ')
}

export const table = (result: ReturnType<typeof resultOf>): string => {
  const { heapMb, objectsMb, buffersMb, residentMb, paths } = result
  const rows: [string, string | number][] = [
    ['turns begun (holds and typed)', result.turns],
    ['questions asked', result.asked],
    ['  answered', result.answered],
    ['  refused (nothing in the handbook)', result.refused],
    ['  failed, with a message', result.failed],
    ['  cancelled by the next press', result.cancelled],
    ['  of which nothing arrived, with a message', result.unheard],
    ['holds dropped, with a hint', result.discarded],
    ['LOST (must be 0)', result.lost],
    ['STUCK GATES (must be 0)', result.stuckListening],
    ['answers without passages (must be 0)', result.answersWithoutPassages],
    ['live and recorded sound in one turn (must be 0)', result.mixedTurns],
    ['asked though held under 250 ms (must be 0)', result.tooShortQuestions],
    ['uncaught errors in the page (must be 0)', result.pageErrors],
    ['response.create refused by the model', result.createsRefused],
    ['calls opened, standby calls included', result.callsOpened],
    ['turns over WebRTC, WebSocket, no call', Object.values(paths).join(', ')],
    ['answers in one pass', result.onePass],
    ['turns recorded first', result.recorded],
    ['turns asked on more than one call', result.askedAgain],
    ['JS heap after a collection', `${heapMb.start} → ${heapMb.end} MB`],
    ['  per 1,000 turns', `${heapMb.slopePer1000} MB`],
    ["the browser's objects behind it", `${objectsMb.start} → ${objectsMb.end} MB`],
    ['sound and other buffers of the page', `${buffersMb.start} → ${buffersMb.end} MB`],
    ...Object.entries(residentMb).map(([name, mb]): [string, string] => [
      `resident: ${name}`,
      `${mb} MB`
    ]),
    ['minutes', result.minutes]
  ]
  return textColumns(rows.map((row) => row.map(String))).join('\n')
}
