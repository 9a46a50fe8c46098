// Asks the kiosk and the baseline clients in turn, in one browser and of one model, without a call and with an open call.
import { setTimeout as delay } from 'node:timers/promises'
import type { Page } from '@playwright/test'
import { waitUntilPressRecorded } from '../../dev/drive/kiosk-screen.ts'
import type { KioskDriver } from '../../dev/drive/launch-kiosk.ts'
import type { StackAddress } from '../../dev/local-stack.ts'
import { CommandError } from '../../dev/run-command.ts'
import { openBaselineClientPage } from '../baseline-client-page.ts'
import { createSeededDelays, type Progress } from '../bench-result.ts'
import { installCallProbe } from '../call-probe.ts'
import {
  COLD_CALLS,
  lineAtMs,
  linesOf,
  type Measurement,
  recentTimings,
  waitForKioskState,
  withKiosk
} from '../kiosk-page.ts'
import type { BaselineClientName } from '../page/baseline-clients.ts'
import { injectFaults, modelState, waitForModelState } from '../stand-in-control.ts'
import { type TalkKey, talkKey } from '../talk-key.ts'
import {
  type Asked,
  CLIENT_NAMES,
  type Collected,
  type ComparedTimes,
  comparisonReport,
  type Press,
  type Round
} from './comparison-report.ts'

/** The quickest mint (200 to 850 ms were measured). */
const MINT_MS = 200
/** Below the kiosk's margin: such a key is never ready. */
const USELESS_KEY_SECONDS = 4
/** Good for the next press, and replaced after it: the kiosk uses a key for all calls until 15 s before its end. */
const READY_KEY_SECONDS = 25
const COLD_HOLD_MS = 900
/** With an open call; the words of a question are recognised within the hold. */
const HOT = {
  own: { holdMs: 1_500, times: 1 },
  service: { holdMs: 2_000, times: 3 }
} as const satisfies Record<ComparedTimes, { holdMs: number; times: number }>
const ANSWER_LIMIT_MS = 10_000
const HANG_UP_LIMIT_MS = 15_000
/** Longer than the pauses inside an answer. */
const QUIET_MS = 250
const PAUSE_MS = [60, 160] as const

type Hot = { holdMs: number; times: number }

/** On the page's clock. */
const lastPress = (page: Page): Promise<Press> =>
  page.evaluate(() => ({
    pressedAtMs: window.__calls.keyDownsAtMs.at(-1) ?? 0,
    releasedAtMs: window.__calls.keyUpsAtMs.at(-1) ?? 0,
    originMs: performance.timeOrigin,
    call: window.__calls.calls.at(-1) ?? null
  }))

type ClientPage = { page: Page; key: TalkKey; wait: (min: number, max: number) => number }

const askOnce = async (
  client: ClientPage,
  stack: StackAddress,
  holdMs: number,
  settled: () => Promise<unknown>
): Promise<Asked> => {
  const { page, key, wait } = client
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

const askBaseline = async (
  client: ClientPage,
  stack: StackAddress,
  name: BaselineClientName,
  { holdMs, times }: Hot
): Promise<Round> => {
  const { page } = client
  await page.evaluate(([client, url]) => window.baseline.use(client, url), [
    name,
    stack.openaiUrl
  ] as const)
  const settled = () => page.evaluate(() => window.baseline.settled())
  const cold = await askOnce(client, stack, COLD_HOLD_MS, settled)
  const hot: Asked[] = []
  for (let time = 1; time <= times; time += 1) {
    hot.push(await askOnce(client, stack, holdMs, settled))
  }
  await page.evaluate(() => window.baseline.close())
  await untilHungUp(stack, name)
  return { cold, hot }
}

const askKiosk = async (
  client: ClientPage,
  stack: StackAddress,
  { holdMs, times }: Hot
): Promise<Round> => {
  const { page } = client
  const settled = async () => undefined
  const cold = await askOnce(client, stack, COLD_HOLD_MS, settled)
  const rest = async () => {
    if ((await waitForKioskState(page, ['connected', 'asleep'])) === null) {
      throw new CommandError('The kiosk did not come to rest.')
    }
  }
  await rest()
  const hot: Asked[] = []
  for (let time = 1; time <= times; time += 1) {
    hot.push(await askOnce(client, stack, holdMs, settled))
    await rest()
  }
  return { cold, hot }
}

const untilHungUp = (stack: StackAddress, name = 'the kiosk') =>
  waitForModelState(stack, ({ calls }) => calls.length === 0, `${name} hangs up`, HANG_UP_LIMIT_MS)

const mints = async (stack: StackAddress): Promise<number> =>
  (await modelState(stack)).counters.clientSecrets

/** Waits for one more key: no mint is in flight then. */
const untilMinted = async (stack: StackAddress, before: number): Promise<void> => {
  await waitForModelState(
    stack,
    ({ counters }) => counters.clientSecrets > before,
    'the kiosk mints its next key',
    HANG_UP_LIMIT_MS
  )
}

/** Asks the kiosk with a key ready, and once more without one. */
const askWithoutKey = async (
  collected: Collected,
  kiosk: ClientPage,
  stack: StackAddress
): Promise<void> => {
  // The ready key is good, and too old after its questions. Later keys are useless, until the second press is over.
  await injectFaults(stack, { expiresInSeconds: USELESS_KEY_SECONDS })
  collected.ready.push(await askKiosk(kiosk, stack, HOT.own))
  await untilHungUp(stack)
  await untilMinted(stack, await mints(stack))
  collected.minted.push(await askKiosk(kiosk, stack, { ...HOT.own, times: 0 }))
  const before = await mints(stack)
  await injectFaults(stack, { expiresInSeconds: READY_KEY_SECONDS })
  await untilHungUp(stack)
  await untilMinted(stack, before)
}

const runRounds = async (
  kiosk: ClientPage,
  baselines: ClientPage,
  stack: StackAddress,
  times: ComparedTimes,
  rounds: number,
  progress: Progress
): Promise<Collected> => {
  const collected: Collected = {
    ready: [],
    minted: [],
    baselines: { webRtcHelper: [], agentsRealtime: [], openMicrophoneHook: [] }
  }
  await injectFaults(stack, { clientSecretsDelayMs: MINT_MS })
  for (let round = 1; round <= rounds; round += 1) {
    await untilHungUp(stack)
    if (times === 'own') await askWithoutKey(collected, kiosk, stack)
    else collected.ready.push(await askKiosk(kiosk, stack, HOT.service))
    await untilHungUp(stack)
    for (const name of CLIENT_NAMES) {
      collected.baselines[name].push(await askBaseline(baselines, stack, name, HOT[times]))
    }
    progress(`round ${round} of ${rounds}`)
  }
  await injectFaults(stack, { clientSecretsDelayMs: 0 })
  return collected
}

/** The rounds whose call had a key ready, or had none, by main's log. */
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

export const compareClients =
  (times: ComparedTimes): Measurement =>
  async (stack, microphone, rounds, progress) => {
    const account = stack.accounts[0]
    if (account === undefined) throw new Error('The local stack has no account.')
    const { callsOpened } = (await modelState(stack)).counters
    const compare = async (driven: KioskDriver) => {
      await driven.context.addInitScript(installCallProbe)
      // A reload while a call opens would leave that call to the stand-in's time limit.
      await waitForModelState(
        stack,
        ({ calls, counters }) => counters.callsOpened > callsOpened && calls.length === 0,
        'the kiosk ends its first call',
        HANG_UP_LIMIT_MS
      )
      await driven.page.reload()
      await waitUntilPressRecorded(driven.page)
      const browser = driven.context.browser()
      if (browser === null) throw new Error('The kiosk has no browser.')
      const context = await browser.newContext({ permissions: ['microphone'] })
      const clients = await openBaselineClientPage(context, stack, account)
      try {
        const clientOn = async (page: Page, seed: number): Promise<ClientPage> => ({
          page,
          key: await talkKey(page),
          wait: createSeededDelays(seed)
        })
        const [kiosk, others] = [await clientOn(driven.page, 1), await clientOn(clients.page, 2)]
        const collected = await runRounds(kiosk, others, stack, times, rounds, progress)
        const ready = await withKey(driven, collected.ready, true)
        const minted = await withKey(driven, collected.minted, false)
        return comparisonReport(
          times,
          {
            ...collected,
            ready,
            minted,
            kioskRounds: collected.ready,
            timings: await recentTimings(driven.page)
          },
          { rounds, mintMs: MINT_MS, coldHoldMs: COLD_HOLD_MS, hotHoldMs: HOT[times].holdMs },
          await clients.problems()
        )
      } finally {
        await clients.close()
      }
    }
    // From the kiosk's first key on.
    await injectFaults(stack, { expiresInSeconds: times === 'own' ? READY_KEY_SECONDS : null })
    try {
      return await withKiosk(stack, microphone, compare, COLD_CALLS)
    } finally {
      await injectFaults(stack, { expiresInSeconds: null })
    }
  }
