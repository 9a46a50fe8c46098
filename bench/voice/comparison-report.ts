// Builds the rows and notes of the comparison with the baseline clients.
import { SERVICE_TIMES } from '../../dev/openai/model-times.ts'
import { PRE_ROLL_MS } from '../../src/renderer/audio/recorder-core.ts'
import { TAIL_MS } from '../../src/shared/settings.ts'
import type { TurnTiming } from '../../src/shared/turn-timing.ts'
import type { BenchResult } from '../bench-result.ts'
import type { ObservedCall } from '../call-probe.ts'
import type { BaselineClientName } from '../page/baseline-clients.ts'
import { type Budget, compared, counted, measured, p95AtMost, type Row } from '../report-rows.ts'
import type { ModelTurn } from '../stand-in-control.ts'
import { summarise } from '../statistics.ts'

export type Press = {
  pressedAtMs: number
  releasedAtMs: number
  originMs: number
  call: ObservedCall | null
}

export type Asked = Press & {
  audibleMs: number | null
  /** In the stand-in; null: none. */
  turn: ModelTurn | null
}

/** Asked without a call, and again with an open call. */
export type Round = { cold: Asked; hot: readonly Asked[] }

export type Collected = {
  /** The kiosk with a key ready. */
  ready: Round[]
  /** The kiosk without a key. */
  minted: Round[]
  baselines: Record<BaselineClientName, Round[]>
}

/** In the order of a round. */
export const CLIENT_NAMES = ['webRtcHelper', 'agentsRealtime', 'openMicrophoneHook'] as const
const TITLES: Record<BaselineClientName, string> = {
  webRtcHelper: "openai's WebRTC helper",
  agentsRealtime: '@openai/agents-realtime',
  openMicrophoneHook: "the first plan's hook"
}
/** The recorder sends audio in blocks; less is no loss. */
const BLOCK_MS = 10
/** Two clocks of one machine, and a press in whole milliseconds. */
const SAME_PRESS_MS = 5

const isNumber = (value: number | null): value is number => value !== null

/** From the press to an open channel, or to the model's first event on it. */
const callMs =
  (moment: 'channelOpenAtMs' | 'firstEventAtMs') =>
  (rounds: readonly Round[]): number[] =>
    rounds.flatMap(({ cold: { call, pressedAtMs } }) => {
      const atMs = call?.[moment] ?? null
      return call === null || atMs === null || call.channelOpenAtMs < pressedAtMs
        ? []
        : [atMs - pressedAtMs]
    })
const readyMs = callMs('channelOpenAtMs')
const firstEventMs = callMs('firstEventAtMs')

const hotOf = (rounds: readonly Round[]): Asked[] => rounds.flatMap(({ hot }) => hot)

const audibleMs = (rounds: readonly Round[]): number[] =>
  hotOf(rounds)
    .map((hot) => hot.audibleMs)
    .filter(isNumber)

const transitMsOf = (rounds: readonly Round[]): number => {
  const transits = hotOf(rounds).flatMap(({ turn, originMs, pressedAtMs }) =>
    turn?.firstSpeechAtMs == null ? [] : [turn.firstSpeechAtMs - originMs - pressedAtMs]
  )
  return summarise(transits)?.p50 ?? 0
}

/** The kiosk sends the whole hold with its pre-roll and tail from the recording. */
const lostByKioskMs = (
  { turn, pressedAtMs, releasedAtMs }: Asked,
  tailMs: number
): number | null => {
  if (turn === null) return null
  const missingMs = PRE_ROLL_MS + releasedAtMs - pressedAtMs + tailMs - turn.appendedMs
  return missingMs < BLOCK_MS ? 0 : missingMs
}

/** Speech from the press to the departure of the first sound that arrived. */
const lostByBaselineMs = (
  { turn, originMs, pressedAtMs, releasedAtMs }: Asked,
  transitMs: number
): number => {
  const firstAtMs = turn?.firstSpeechAtMs ?? null
  if (firstAtMs === null) return releasedAtMs - pressedAtMs
  return Math.max(0, firstAtMs - transitMs - originMs - pressedAtMs)
}

/** Speech until the release that left too late for the commit. The estimate of the way is a median. */
const lostAtEndMs = ({ turn, originMs, releasedAtMs }: Asked, transitMs: number): number | null => {
  if (turn?.lastSpeechAtMs == null) return null
  const missingMs = originMs + releasedAtMs - (turn.lastSpeechAtMs - transitMs)
  return missingMs < BLOCK_MS ? 0 : missingMs
}

type Measured = Collected & {
  /** All rounds of the kiosk's first kind, whether a key was ready or not. */
  kioskRounds: Round[]
  timings: readonly TurnTiming[]
}

const timingOf = ({ timings }: Measured, { originMs, pressedAtMs }: Asked) =>
  timings.find(({ atMs }) => Math.abs(atMs - originMs - pressedAtMs) < SAME_PRESS_MS)

/** Of the kiosk's turn; the setting for a turn without a timing. */
const tailMsOf = (collected: Measured, asked: Asked): number =>
  timingOf(collected, asked)?.tailMs ?? TAIL_MS.default

type ValuesOf = (rounds: readonly Round[]) => number[]

const clientsOf = ({ baselines }: Measured, values: ValuesOf) =>
  CLIENT_NAMES.map((name) => ({ name: TITLES[name], values: values(baselines[name]) }))

const each = (collected: Measured, title: string, values: ValuesOf): Row[] =>
  clientsOf(collected, values).map((client) =>
    measured(`${title}: ${client.name}`, 'ms', client.values, null)
  )

/** Of the ratio at the median and at the 95th percentile. */
type Limits = Pick<Budget, 'atMost' | 'atMostP95'>

const against = (
  collected: Measured,
  title: string,
  ours: readonly number[],
  values: ValuesOf,
  limits: Limits | null
): Row => {
  const budget = limits === null ? null : ({ of: 'ratio', unit: '×', ...limits } as const)
  return compared(`${title}, against the best`, 'ms', ours, clientsOf(collected, values), budget)
}

const callRows = (collected: Measured): Row[] => {
  const { ready, minted } = collected
  return [
    measured('call ready after a press: kiosk, key ready', 'ms', readyMs(ready), p95AtMost(250)),
    measured(
      'call ready after a press: kiosk, key to be minted',
      'ms',
      readyMs(minted),
      p95AtMost(600)
    ),
    ...each(collected, 'call ready after a click', readyMs),
    against(collected, 'call ready, key ready', readyMs(ready), readyMs, {
      atMost: 0.9,
      atMostP95: 0.8
    }),
    against(collected, 'call ready, key to be minted', readyMs(minted), readyMs, null),
    against(
      collected,
      "the model's first event, key ready",
      firstEventMs(ready),
      firstEventMs,
      null
    )
  ]
}

const lossRows = (collected: Measured, transitMs: number): Row[] => {
  const { ready, minted, kioskRounds } = collected
  const lost = [...ready, ...minted]
    .map(({ cold }) => lostByKioskMs(cold, tailMsOf(collected, cold)))
    .filter(isNumber)
  const lostAtEnd = (rounds: readonly Round[]) =>
    hotOf(rounds)
      .map((hot) => lostAtEndMs(hot, transitMs))
      .filter(isNumber)
  return [
    measured('speech lost at the end of a hold: kiosk', 'ms', lostAtEnd(kioskRounds), p95AtMost(0)),
    ...each(collected, 'speech lost at the end of a hold', lostAtEnd),
    measured('speech lost on a cold press: kiosk', 'ms', lost, p95AtMost(0)),
    ...each(collected, 'speech lost on a cold press', (rounds) =>
      rounds.map(({ cold }) => lostByBaselineMs(cold, transitMs))
    )
  ]
}

const audibleRows = (collected: Measured, title: string, limits: Limits): Row[] => [
  measured(`${title}: kiosk`, 'ms', audibleMs(collected.kioskRounds), null),
  ...each(collected, title, audibleMs),
  against(collected, title, audibleMs(collected.kioskRounds), audibleMs, limits)
]

const ownTimesRows = (collected: Measured, transitMs: number): Row[] => {
  const afterTail = hotOf(collected.kioskRounds).flatMap((hot) =>
    hot.audibleMs === null ? [] : [hot.audibleMs - tailMsOf(collected, hot)]
  )
  return [
    ...callRows(collected),
    ...audibleRows(collected, 'release → first audible', { atMost: 0.95 }),
    against(collected, 'release → first audible, less the tail', afterTail, audibleMs, null),
    ...lossRows(collected, transitMs)
  ]
}

const MOST_SECOND_PASSES_PERCENT = 15

const serviceTimesRows = (collected: Measured): Row[] => {
  const passes = hotOf(collected.kioskRounds).flatMap(
    (hot) => timingOf(collected, hot)?.passes ?? []
  )
  const several = passes.filter((count) => count !== 1).length
  return [
    ...audibleRows(collected, 'release → first audible at the service’s times', {
      atMost: 0.75,
      atMostP95: 0.75
    }),
    counted(
      'spoken questions that took more than one pass, at the service’s times',
      '%',
      passes.length === 0 ? 100 : (several / passes.length) * 100,
      passes.length,
      { of: 'value', atMost: MOST_SECOND_PASSES_PERCENT, unit: '%' }
    )
  ]
}

type Figures = { rounds: number; mintMs: number; coldHoldMs: number; hotHoldMs: number }

const ownTimesNotes = (
  { ready, minted }: Measured,
  { rounds, mintMs, coldHoldMs, hotHoldMs }: Figures,
  transitMs: number
): string[] => [
  `In turn, ${rounds} rounds, in one Chromium: the kiosk with a key ready, the kiosk without one, then each of the others. Each is asked twice, with no call open (held for ${coldHoldMs} ms) and with one (held for ${hotHoldMs} ms). A mint takes ${mintMs} ms.`,
  `Call ready: from the key's press to the open channel, from when on what is sent arrives. The kiosk's microphone is open already, the others open theirs in the click, as their guides do.`,
  `openai's WebRTC helper, as its guide shows it, needs no key: its server opens the call with the key of its own. @openai/agents-realtime and the hook fetch a key that their server mints without the checks (account, restaurant, limits) that the kiosk's function makes.`,
  `At the release: the kiosk keeps the microphone open for a tail of ${TAIL_MS.default} ms, whole while there is speech, as here without a pause, and commits; the helper and @openai/agents-realtime commit and ask for a response at once, so audio in flight is cut off; the hook waits for the server to hear 800 ms of silence. All search through the same function of the same backend.`,
  `First audible: the first 5 ms above −45 dBFS on the remote track, looked at every 5 ms in all pages alike.`,
  `Speech lost: of the others, from the press to the first sound that arrived, less the ${transitMs.toFixed(0)} ms that sound needs for the way (the kiosk's own, on an open call, in this run); of the kiosk, the hold with its ${PRE_ROLL_MS} ms before and its tail, less what arrived. At the end of a hold on an open call: from the last sound in the committed audio to the release, less that way.`,
  ...(ready.length === rounds && minted.length === rounds
    ? []
    : [
        `Of ${rounds} presses each, main had a key ready for ${ready.length} and none for ${minted.length}; the others are not counted.`
      ])
]

const serviceTimesNotes = ({ rounds, hotHoldMs }: Figures): string[] => [
  `The service's times: ${SERVICE_TIMES.toolPassMs} ms to a tool call, ${SERVICE_TIMES.firstAudioMs} ms to the first audio, ${SERVICE_TIMES.transcriptMs} ms to a transcript, as published (dev/openai/model-times.ts has the sources). ${rounds} rounds in turn, as above, with three questions on an open call, each held for ${hotHoldMs} ms, whose words are recognised while they are spoken.`
]

/** Of the model: the stand-in's own times, or the published ones of the service. */
export type ComparedTimes = 'own' | 'service'

/** @param problems in the page of the baseline clients */
export const comparisonReport = (
  times: ComparedTimes,
  collected: Measured,
  figures: Figures,
  problems: readonly string[]
): BenchResult => {
  const transitMs = transitMsOf(collected.kioskRounds)
  const isOwn = times === 'own'
  return {
    rows: isOwn ? ownTimesRows(collected, transitMs) : serviceTimesRows(collected),
    notes: [
      ...(isOwn ? ownTimesNotes(collected, figures, transitMs) : serviceTimesNotes(figures)),
      ...[...Map.groupBy(problems, (problem) => problem)].map(
        ([problem, all]) => `In the others' page: ${problem} (${all.length} times).`
      )
    ]
  }
}
