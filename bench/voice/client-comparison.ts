// The kiosk and its rivals, in turn, in one browser against one model: from a key pressed with no call open to a call,
// what of the question arrived, and how long after the next release the answer is heard.
import { setTimeout as delay } from 'node:timers/promises'
import type { Page } from '@playwright/test'
import { waitUntilPressRecorded } from '../../dev/drive/kiosk-screen.ts'
import type { KioskDriver } from '../../dev/drive/launch-kiosk.ts'
import type { StackAddress } from '../../dev/local-stack.ts'
import { CommandError } from '../../dev/run-command.ts'
import { PRE_ROLL_MS } from '../../src/renderer/audio/recorder-core.ts'
import { TAIL_MS } from '../../src/shared/settings.ts'
import type { TurnTiming } from '../../src/shared/turn-timing.ts'
import { openBaselineClientPage } from '../baseline-client-page.ts'
import { type BenchResult, createSeededDelays, type Progress } from '../bench-result.ts'
import { installCallProbe, type ObservedCall } from '../call-probe.ts'
import {
  COLD_CALLS,
  lineAtMs,
  linesOf,
  openKiosk,
  recentTimings,
  waitForKioskState
} from '../kiosk-page.ts'
import type { BaselineClientName } from '../page/baseline-clients.ts'
import { compared, measured, type Row } from '../report-rows.ts'
import { injectFaults, type ModelTurn, modelState, waitForModelState } from '../stand-in-control.ts'
import { percentile } from '../statistics.ts'
import { type TalkKey, talkKey } from '../talk-key.ts'

/** What a mint takes at its quickest (200 to 850 ms were seen). */
const MINT_MS = 200
/** Shorter than the kiosk's margin: such a key is never counted as ready. */
const USELESS_KEY_SECONDS = 4
const COLD_HOLD_MS = 900
const HOT_HOLD_MS = 400
const ANSWER_LIMIT_MS = 10_000
const SLEEP_LIMIT_MS = 15_000
/** The pauses inside an answer are shorter. */
const QUIET_MS = 250
const PAUSE_MS = [60, 160] as const
/** What is less than a block of the recorder is none. */
const BLOCK_MS = 10

export const BASELINE_CLIENTS: Record<BaselineClientName, string> = {
  webRtcHelper: "openai's WebRTC helper",
  agentsRealtime: '@openai/agents-realtime',
  openMicrophoneHook: "the first plan's hook"
}
const KIOSK = { ready: 'kiosk, key ready', minted: 'kiosk, key to be minted' } as const

type Seen = {
  pressedAtMs: number
  releasedAtMs: number
  originMs: number
  call: ObservedCall | null
}

/** The last press of the page, on its own clock, with its last call. */
const lastPress = (page: Page): Promise<Seen> =>
  page.evaluate(() => ({
    pressedAtMs: window.__calls.keyDownsAtMs.at(-1) ?? 0,
    releasedAtMs: window.__calls.keyUpsAtMs.at(-1) ?? 0,
    originMs: performance.timeOrigin,
    call: window.__calls.calls.at(-1) ?? null
  }))

/** One client's page and the key in it. */
type Stand = { page: Page; key: TalkKey; wait: (min: number, max: number) => number }

type Asked = Seen & {
  audibleMs: number | null
  /** As the model saw it; null when it saw no turn. */
  turn: ModelTurn | null
}

const askOnce = async (
  stand: Stand,
  stack: StackAddress,
  holdMs: number,
  settled: () => Promise<unknown>
): Promise<Asked> => {
  const { page, key, wait } = stand
  await delay(wait(...PAUSE_MS))
  await key.hold(holdMs)
  const audibleAtMs = await page.evaluate(
    (withinMs) => window.__calls.firstAudible(withinMs),
    ANSWER_LIMIT_MS
  )
  await settled()
  const seen = await lastPress(page)
  const turn = (await modelState(stack)).turns.findLast(
    ({ commitAtMs }) => commitAtMs > seen.originMs + seen.pressedAtMs
  )
  await page.evaluate((ms) => window.__calls.quietFor(ms), QUIET_MS)
  return {
    ...seen,
    audibleMs: audibleAtMs === null ? null : audibleAtMs - seen.releasedAtMs,
    turn: turn ?? null
  }
}

/** Pressed with no call open, and again with one. */
type Round = { cold: Asked; hot: Asked | null }

/** From the press to an open channel (what is sent now arrives), or to the model's first event on it. */
const callMs =
  (moment: 'channelOpenAtMs' | 'firstEventAtMs') =>
  ({ cold: { call, pressedAtMs } }: Round): number | null => {
    const atMs = call?.[moment] ?? null
    return call === null || atMs === null || call.channelOpenAtMs < pressedAtMs
      ? null
      : atMs - pressedAtMs
  }

const isNumber = (value: number | null): value is number => value !== null

const askRival = async (
  stand: Stand,
  stack: StackAddress,
  name: BaselineClientName
): Promise<Round> => {
  const { page } = stand
  await page.evaluate(([client, url]) => window.peers.use(client, url), [
    name,
    stack.openaiUrl
  ] as const)
  const settled = () => page.evaluate(() => window.peers.settled())
  const cold = await askOnce(stand, stack, COLD_HOLD_MS, settled)
  const hot = await askOnce(stand, stack, HOT_HOLD_MS, settled)
  await page.evaluate(() => window.peers.putDown())
  await waitForModelState(
    stack,
    ({ calls }) => calls.length === 0,
    `${name} hangs up`,
    SLEEP_LIMIT_MS
  )
  return { cold, hot }
}

const askKiosk = async (stand: Stand, stack: StackAddress, times: 1 | 2): Promise<Round> => {
  const { page } = stand
  const settled = async () => undefined
  const cold = await askOnce(stand, stack, COLD_HOLD_MS, settled)
  const rest = async () => {
    if ((await waitForKioskState(page, ['connected', 'asleep'])) === null) {
      throw new CommandError('The kiosk did not come to rest.')
    }
  }
  await rest()
  if (times === 1) return { cold, hot: null }
  const hot = await askOnce(stand, stack, HOT_HOLD_MS, settled)
  await rest()
  return { cold, hot }
}

const untilAsleep = (stack: StackAddress) =>
  waitForModelState(
    stack,
    ({ calls }) => calls.length === 0,
    'the kiosk puts its call down',
    SLEEP_LIMIT_MS
  )

/** Mints so far. */
const mints = async (stack: StackAddress): Promise<number> =>
  (await modelState(stack)).counters.clientSecrets

/** Waits for the moment after one more key was minted: no mint is on its way then. */
const untilMinted = async (stack: StackAddress, before: number): Promise<void> => {
  await waitForModelState(
    stack,
    ({ counters }) => counters.clientSecrets > before,
    'the kiosk mints its next key',
    SLEEP_LIMIT_MS
  )
}

type Collected = { ready: Round[]; minted: Round[]; rivals: Record<BaselineClientName, Round[]> }

const PEER_NAMES: readonly BaselineClientName[] = [
  'webRtcHelper',
  'agentsRealtime',
  'openMicrophoneHook'
]

const runRounds = async (
  kiosk: Stand,
  rivals: Stand,
  stack: StackAddress,
  rounds: number,
  progress: Progress
): Promise<Collected> => {
  const collected: Collected = {
    ready: [],
    minted: [],
    rivals: { webRtcHelper: [], agentsRealtime: [], openMicrophoneHook: [] }
  }
  await injectFaults(stack, { clientSecretsDelayMs: MINT_MS })
  for (let round = 1; round <= rounds; round += 1) {
    await untilAsleep(stack)
    // The key that is ready is a good one; those that follow it are not, until the second press is over.
    await injectFaults(stack, { expiresInSeconds: USELESS_KEY_SECONDS })
    collected.ready.push(await askKiosk(kiosk, stack, 2))
    await untilAsleep(stack)
    await untilMinted(stack, await mints(stack))
    collected.minted.push(await askKiosk(kiosk, stack, 1))
    const before = await mints(stack)
    await injectFaults(stack, { expiresInSeconds: null })
    await untilAsleep(stack)
    await untilMinted(stack, before)
    for (const name of PEER_NAMES) {
      collected.rivals[name].push(await askRival(rivals, stack, name))
    }
    progress(`round ${round} of ${rounds}`)
  }
  await injectFaults(stack, { clientSecretsDelayMs: 0 })
  return collected
}

/** Whether a key was ready for the call of each press, by main's own word. */
const withKey = async (
  driven: KioskDriver,
  rounds: readonly Round[],
  isReady: boolean
): Promise<Round[]> => {
  const opened = await linesOf(driven, 'calls.opened')
  return rounds.filter(({ cold }) => {
    const pressedAtMs = cold.originMs + cold.pressedAtMs
    const line = opened.find((one) => lineAtMs(one) >= pressedAtMs - 1)
    return line?.keyReady === isReady
  })
}

/** Ours comes whole from the recording, with what was heard before the press and the tail after the release. */
const lostByKioskMs = (
  { turn, pressedAtMs, releasedAtMs }: Asked,
  tailMs: number
): number | null => {
  if (turn === null) return null
  const wantedMs = PRE_ROLL_MS + releasedAtMs - pressedAtMs + tailMs
  const missingMs = wantedMs - turn.appendedMs
  return missingMs < BLOCK_MS ? 0 : missingMs
}

/** What was said before the first sound that arrived had left, when sound needs `transitMs` for the way. */
const lostByRivalMs = (
  { turn, originMs, pressedAtMs, releasedAtMs }: Asked,
  transitMs: number
): number => {
  const firstAtMs = turn?.firstSpeechAtMs ?? null
  if (firstAtMs === null) return releasedAtMs - pressedAtMs
  return Math.max(0, firstAtMs - transitMs - originMs - pressedAtMs)
}

/** Two clocks of one machine, to which a press is a whole millisecond. */
const SAME_PRESS_MS = 5

type TailOf = (asked: Asked) => number

/** The tail that the kiosk's turn had; the one that is set, for a turn that it did not time. */
const tailFrom =
  (timings: readonly TurnTiming[]): TailOf =>
  ({ originMs, pressedAtMs }) =>
    timings.find(({ atMs }) => Math.abs(atMs - originMs - pressedAtMs) < SAME_PRESS_MS)?.tailMs ??
    TAIL_MS.default

const transitOf = (rounds: readonly Round[]): number[] =>
  rounds.flatMap(({ hot }) =>
    hot?.turn?.firstSpeechAtMs == null
      ? []
      : [hot.turn.firstSpeechAtMs - hot.originMs - hot.pressedAtMs]
  )

const audibleOf = (rounds: readonly Round[]): number[] =>
  rounds.map(({ hot }) => hot?.audibleMs ?? null).filter(isNumber)

const readyOf = (rounds: readonly Round[]): number[] =>
  rounds.map(callMs('channelOpenAtMs')).filter(isNumber)

const firstEventOf = (rounds: readonly Round[]): number[] =>
  rounds.map(callMs('firstEventAtMs')).filter(isNumber)

const contestRows = (
  collected: Collected,
  ready: Round[],
  minted: Round[],
  transitMs: number,
  tailOf: TailOf
): Row[] => {
  const rivals = PEER_NAMES.map((name) => ({
    name: BASELINE_CLIENTS[name],
    rounds: collected.rivals[name]
  }))
  const of = (values: (rounds: readonly Round[]) => number[]) =>
    rivals.map(({ name, rounds }) => ({ name, values: values(rounds) }))
  const p95 = (atMost: number) => ({ of: 'p95', atMost, unit: 'ms' }) as const
  const ratio = (atMost: number) => ({ of: 'ratio', atMost, unit: '×' }) as const
  const lost = (rounds: readonly Round[]) =>
    rounds.map(({ cold }) => lostByRivalMs(cold, transitMs))
  const kioskLost = [...ready, ...minted]
    .map(({ cold }) => lostByKioskMs(cold, tailOf(cold)))
    .filter(isNumber)
  const ours = audibleOf(collected.ready)
  return [
    measured(`call ready after a press: ${KIOSK.ready}`, 'ms', readyOf(ready), p95(250)),
    measured(`call ready after a press: ${KIOSK.minted}`, 'ms', readyOf(minted), p95(600)),
    ...of(readyOf).map(({ name, values }) =>
      measured(`call ready after a click: ${name}`, 'ms', values, null)
    ),
    compared(
      'call ready, key ready, against the best',
      'ms',
      readyOf(ready),
      of(readyOf),
      ratio(0.8)
    ),
    compared(
      'call ready, key to be minted, against the best',
      'ms',
      readyOf(minted),
      of(readyOf),
      ratio(0.8)
    ),
    compared(
      "the model's first event, key ready, against the best",
      'ms',
      firstEventOf(ready),
      of(firstEventOf),
      null
    ),
    measured('release → first audible: kiosk', 'ms', ours, null),
    ...of(audibleOf).map(({ name, values }) =>
      measured(`release → first audible: ${name}`, 'ms', values, null)
    ),
    compared('release → first audible, against the best', 'ms', ours, of(audibleOf), ratio(0.9)),
    compared(
      'release → first audible, less the tail, against the best',
      'ms',
      collected.ready.flatMap(({ hot }) =>
        hot?.audibleMs == null ? [] : [hot.audibleMs - tailOf(hot)]
      ),
      of(audibleOf),
      null
    ),
    measured('speech lost on a cold press: kiosk', 'ms', kioskLost, p95(0)),
    ...of(lost).map(({ name, values }) =>
      measured(`speech lost on a cold press: ${name}`, 'ms', values, null)
    )
  ]
}

/** Each once, with how often it came. */
const countedBy = (texts: readonly string[]): string[] =>
  [...new Set(texts)].map((text) => `${text} (${texts.filter((one) => one === text).length} times)`)

export const compareClients = async (
  stack: StackAddress,
  microphone: string,
  rounds: number,
  progress: Progress
): Promise<BenchResult> => {
  const account = stack.accounts[0]
  if (account === undefined) throw new Error('The local stack has no account.')
  const { callsOpened } = (await modelState(stack)).counters
  const driven = await openKiosk(stack, microphone, COLD_CALLS)
  try {
    await driven.context.addInitScript(installCallProbe)
    // A page that goes while its call is being opened leaves that call to the model's own time limit.
    await waitForModelState(
      stack,
      ({ calls, counters }) => counters.callsOpened > callsOpened && calls.length === 0,
      'the kiosk puts its first call down',
      SLEEP_LIMIT_MS
    )
    await driven.page.reload()
    await waitUntilPressRecorded(driven.page)
    const browser = driven.context.browser()
    if (browser === null) throw new Error('The kiosk has no browser.')
    const context = await browser.newContext({ permissions: ['microphone'] })
    const peers = await openBaselineClientPage(context, stack, account)
    try {
      const kiosk = {
        page: driven.page,
        key: await talkKey(driven.page),
        wait: createSeededDelays(1)
      }
      const rivals = {
        page: peers.page,
        key: await talkKey(peers.page),
        wait: createSeededDelays(2)
      }
      const collected = await runRounds(kiosk, rivals, stack, rounds, progress)
      const ready = await withKey(driven, collected.ready, true)
      const minted = await withKey(driven, collected.minted, false)
      const transit = transitOf(collected.ready)
      const transitMs = transit.length === 0 ? 0 : percentile(transit, 50)
      const tailOf = tailFrom(await recentTimings(driven.page))
      const problems = countedBy(await peers.problems())
      return {
        rows: contestRows(collected, ready, minted, transitMs, tailOf),
        notes: [
          `In turn, ${rounds} rounds, in one Chromium: the kiosk with a key ready, the kiosk without one, then each of the others. Each is asked twice, with no call open (held for ${COLD_HOLD_MS} ms) and with one (held for ${HOT_HOLD_MS} ms). A mint takes ${MINT_MS} ms.`,
          `Call ready: from the key's press to the open channel, from when on what is sent arrives. The kiosk's microphone is open already, the others open theirs in the click, as their guides do.`,
          `openai's WebRTC helper, as its guide shows it, needs no key: its server opens the call with the key of its own. @openai/agents-realtime and the hook fetch a key that their server mints without the checks (account, restaurant, limits) that the kiosk's function makes.`,
          `At the release: the kiosk keeps the microphone open for a tail of ${TAIL_MS.default} ms, whole where somebody speaks as the microphone does here without a pause, and commits; the helper and @openai/agents-realtime commit and ask for a response at once, so what is on its way then is cut off; the hook waits for the server to hear 800 ms of silence. All search through the same function of the same backend.`,
          `First audible: the first 5 ms above −45 dBFS on the remote track, looked at every 5 ms in all pages alike.`,
          `Speech lost: of the others, from the press to the first sound that arrived, less the ${transitMs.toFixed(0)} ms that sound needs for the way (the kiosk's own, on an open call, in this run); of the kiosk, the hold with its ${PRE_ROLL_MS} ms before and its tail, less what arrived.`,
          ...(ready.length === rounds && minted.length === rounds
            ? []
            : [
                `Of ${rounds} presses each, main had a key ready for ${ready.length} and none for ${minted.length}; the others are not counted.`
              ]),
          ...problems.map((problem) => `In the others' page: ${problem}.`)
        ]
      }
    } finally {
      await peers.close()
    }
  } finally {
    await driven.close()
  }
}
