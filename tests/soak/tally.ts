// The sums of a soak, and what is printed of them.
import { type Fate, type Judgement, noFates } from './ledger.ts'
import { type HeapSample, slopePer1000 } from './memory.ts'

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
  fates: Record<Fate, number>
  lost: number
  /** Asked though held for less than a question. */
  slips: number
  stuckGates: number
  /** What carried the turns' calls. */
  paths: Record<'webrtc' | 'relay' | 'none', number>
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
  fates: noFates(),
  lost: 0,
  slips: 0,
  stuckGates: 0,
  paths: { webrtc: 0, relay: 0, none: 0 },
  recorded: 0,
  askedAgain: 0,
  pageErrors: 0,
  heap: [],
  residentMb: {},
  standIn: { committed: 0, emptyCommits: 0, mixedTurns: 0, createsRefused: 0, callsOpened: 0 }
})

export const addJudgement = (tally: Tally, { fates, losses, slips }: Judgement): void => {
  for (const [fate, count] of Object.entries(fates)) tally.fates[fate as Fate] += count
  tally.lost += losses.length
  tally.slips += slips.length
}

/** Committed, or typed. */
export const askedOf = ({ fates }: Tally): number =>
  fates.answered + fates.refused + fates.failed + fates.cancelled + fates.unheard

/** Whether the soak has shown a fault: a question lost, a gate stuck, a turn mixed, or a slip of the foot asked. */
export const isFaulty = ({ lost, stuckGates, standIn, slips, pageErrors }: Tally): boolean =>
  lost > 0 || stuckGates > 0 || standIn.mixedTurns > 0 || slips > 0 || pageErrors > 0

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
  stuckGates: number
  mixedTurns: number
  slips: number
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
  const { fates, heap, standIn } = tally
  const [first, last] = [heap[0], heap.at(-1)]
  return {
    turns: tally.turns,
    asked: askedOf(tally),
    answered: fates.answered,
    refused: fates.refused,
    failed: fates.failed,
    cancelled: fates.cancelled,
    discarded: fates.discarded,
    unheard: fates.unheard,
    lost: tally.lost,
    stuckGates: tally.stuckGates,
    mixedTurns: standIn.mixedTurns,
    slips: tally.slips,
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
  const { fates, heap } = tally
  const secondsEach = (nowMs - tally.startedAtMs) / 1_000 / Math.max(1, tally.turns)
  return [
    `${tally.turns}/${wantedTurns} turns, ${secondsEach.toFixed(2)} s each:`,
    `${askedOf(tally)} asked, ${fates.answered} answered, ${fates.refused} refused,`,
    `${fates.failed} failed, ${fates.cancelled} cancelled, ${fates.discarded} discarded,`,
    `${fates.unheard} unheard, ${tally.lost} lost, ${tally.stuckGates} stuck,`,
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
    ['STUCK GATES (must be 0)', `${result.stuckGates}`],
    ['live and recorded sound in one turn (must be 0)', `${result.mixedTurns}`],
    ['asked though held under 250 ms (must be 0)', `${result.slips}`],
    ['errors nobody caught in the page (must be 0)', `${result.pageErrors}`],
    ['response.create refused by the model', `${result.createsRefused}`],
    ['calls opened, those that stand by included', `${result.callsOpened}`],
    ['turns over WebRTC, the relay, no call', `${paths.webrtc}, ${paths.relay}, ${paths.none}`],
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
