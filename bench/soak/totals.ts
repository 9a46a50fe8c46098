// The sums of a soak, and what is printed of them.

import { type HeapSample, slopePer1000 } from './heap-growth.ts'
import { type Judgement, type TurnResult, zeroResultCounts } from './judge-turns.ts'

export type StandInCounts = {
  committed: number
  emptyCommits: number
  mixedTurns: number
  createsRefused: number
  callsOpened: number
}

export type Tally = {
  seed: number
  startedAtMs: number
  /** Holds and typed questions. */
  turns: number
  acts: number
  resultCounts: Record<TurnResult, number>
  lost: number
  /** Asked though held for less than a question. */
  tooShortQuestions: number
  stuckListening: number
  /** What carried the turns' calls. */
  paths: Record<'webrtc' | 'websocket' | 'none', number>
  /** Turns that were recorded first, and those that were asked on more than one call. */
  recorded: number
  askedAgain: number
  /** Errors that nobody caught in the page. */
  pageErrors: number
  heap: HeapSample[]
  residentMb: Record<string, number>
  standIn: StandInCounts
}

export const newTally = (seed: number, startedAtMs: number): Tally => ({
  seed,
  startedAtMs,
  turns: 0,
  acts: 0,
  resultCounts: zeroResultCounts(),
  lost: 0,
  tooShortQuestions: 0,
  stuckListening: 0,
  paths: { webrtc: 0, websocket: 0, none: 0 },
  recorded: 0,
  askedAgain: 0,
  pageErrors: 0,
  heap: [],
  residentMb: {},
  standIn: { committed: 0, emptyCommits: 0, mixedTurns: 0, createsRefused: 0, callsOpened: 0 }
})

export const addJudgement = (
  tally: Tally,
  { resultCounts, losses, tooShortQuestions }: Judgement
): void => {
  for (const [fate, count] of Object.entries(resultCounts))
    tally.resultCounts[fate as TurnResult] += count
  tally.lost += losses.length
  tally.tooShortQuestions += tooShortQuestions.length
}

/** Committed, or typed. */
export const askedOf = ({ resultCounts }: Tally): number =>
  resultCounts.answered +
  resultCounts.refused +
  resultCounts.failed +
  resultCounts.cancelled +
  resultCounts.unheard

/** Whether the soak has shown a fault: a question lost, a gate stuck, a turn mixed, or a slip of the foot asked. */
export const isFaulty = ({
  lost,
  stuckListening,
  standIn,
  tooShortQuestions,
  pageErrors
}: Tally): boolean =>
  lost > 0 ||
  stuckListening > 0 ||
  standIn.mixedTurns > 0 ||
  tooShortQuestions > 0 ||
  pageErrors > 0

const toOne = (value: number): number => Math.round(value * 10) / 10

export type SoakResult = {
  turns: number
  asked: number
  answered: number
  refused: number
  failed: number
  cancelled: number
  discarded: number
  unheard: number
  lost: number
  stuckListening: number
  mixedTurns: number
  tooShortQuestions: number
  pageErrors: number
  createsRefused: number
  callsOpened: number
  recorded: number
  askedAgain: number
  paths: Tally['paths']
  heapMb: { start: number; end: number; slopePer1000: number }
  objectsMb: { start: number; end: number }
  buffersMb: { start: number; end: number }
  residentMb: Record<string, number>
  minutes: number
  seed: number
}

/** @param nowMs on the clock of `startedAtMs` */
export const resultOf = (tally: Tally, nowMs: number): SoakResult => {
  const { resultCounts, heap, standIn } = tally
  const [first, last] = [heap[0], heap.at(-1)]
  return {
    turns: tally.turns,
    asked: askedOf(tally),
    answered: resultCounts.answered,
    refused: resultCounts.refused,
    failed: resultCounts.failed,
    cancelled: resultCounts.cancelled,
    discarded: resultCounts.discarded,
    unheard: resultCounts.unheard,
    lost: tally.lost,
    stuckListening: tally.stuckListening,
    mixedTurns: standIn.mixedTurns,
    tooShortQuestions: tally.tooShortQuestions,
    pageErrors: tally.pageErrors,
    createsRefused: standIn.createsRefused,
    callsOpened: standIn.callsOpened,
    recorded: tally.recorded,
    askedAgain: tally.askedAgain,
    paths: tally.paths,
    heapMb: {
      start: toOne(first?.heapMb ?? 0),
      end: toOne(last?.heapMb ?? 0),
      slopePer1000: Math.round(slopePer1000(heap) * 100) / 100
    },
    objectsMb: { start: toOne(first?.objectsMb ?? 0), end: toOne(last?.objectsMb ?? 0) },
    buffersMb: { start: toOne(first?.buffersMb ?? 0), end: toOne(last?.buffersMb ?? 0) },
    residentMb: tally.residentMb,
    minutes: toOne((nowMs - tally.startedAtMs) / 60_000),
    seed: tally.seed
  }
}

export const progressLine = (tally: Tally, wantedTurns: number, nowMs: number): string => {
  const { resultCounts, heap } = tally
  const secondsEach = (nowMs - tally.startedAtMs) / 1_000 / Math.max(1, tally.turns)
  return [
    `${tally.turns}/${wantedTurns} turns, ${secondsEach.toFixed(2)} s each:`,
    `${askedOf(tally)} asked, ${resultCounts.answered} answered, ${resultCounts.refused} refused,`,
    `${resultCounts.failed} failed, ${resultCounts.cancelled} cancelled, ${resultCounts.discarded} discarded,`,
    `${resultCounts.unheard} unheard, ${tally.lost} lost, ${tally.stuckListening} stuck,`,
    `heap ${(heap.at(-1)?.heapMb ?? 0).toFixed(1)} MB`
  ].join(' ')
}

export const table = (result: SoakResult): string => {
  const { heapMb, objectsMb, buffersMb, residentMb, paths } = result
  const rows: [string, string][] = [
    ['turns begun (holds and typed)', `${result.turns}`],
    ['questions asked', `${result.asked}`],
    ['  answered', `${result.answered}`],
    ['  refused (nothing in the handbook)', `${result.refused}`],
    ['  failed, and said so', `${result.failed}`],
    ['  cancelled by the next press', `${result.cancelled}`],
    ['  of which nothing arrived, and said so', `${result.unheard}`],
    ['holds dropped, with a hint', `${result.discarded}`],
    ['LOST (must be 0)', `${result.lost}`],
    ['STUCK GATES (must be 0)', `${result.stuckListening}`],
    ['live and recorded sound in one turn (must be 0)', `${result.mixedTurns}`],
    ['asked though held under 250 ms (must be 0)', `${result.tooShortQuestions}`],
    ['errors nobody caught in the page (must be 0)', `${result.pageErrors}`],
    ['response.create refused by the model', `${result.createsRefused}`],
    ['calls opened, those that stand by included', `${result.callsOpened}`],
    ['turns over WebRTC, the relay, no call', `${paths.webrtc}, ${paths.websocket}, ${paths.none}`],
    ['turns recorded first', `${result.recorded}`],
    ['turns asked on more than one call', `${result.askedAgain}`],
    ['JS heap after a collection', `${heapMb.start} → ${heapMb.end} MB`],
    ['  per 1,000 turns', `${heapMb.slopePer1000} MB`],
    ["the browser's objects behind it", `${objectsMb.start} → ${objectsMb.end} MB`],
    ['sound and other buffers of the page', `${buffersMb.start} → ${buffersMb.end} MB`],
    ...Object.entries(residentMb).map(([name, mb]): [string, string] => [
      `resident: ${name}`,
      `${mb} MB`
    ]),
    ['minutes', `${result.minutes}`],
    ['seed', `${result.seed}`]
  ]
  const width = Math.max(...rows.map(([name]) => name.length))
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join('\n')
}
