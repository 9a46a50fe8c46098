// Measures the processor time of an idle kiosk with an open call.
import { setTimeout as delay } from 'node:timers/promises'
import type { Browser } from '@playwright/test'
import { waitUntilReady } from '../../dev/drive/kiosk-screen.ts'
import { audioProcessingOf, constraintsOf } from '../../src/renderer/audio/audio-processing.ts'
import { openBaselineClientPage } from '../baseline-client-page.ts'
import { type Measurement, withKiosk } from '../kiosk-page.ts'
import { compared, measured } from '../report-rows.ts'

/** The start, with the standby call, is over then. */
const SETTLE_MS = 8_000
const WINDOW_MS = 5_000

/** By Chromium's kind of process, such as `renderer`. */
type Seconds = ReadonlyMap<string, number>

/** It serves all pages, so it has a row of its own. */
const BROWSER = 'browser'

const withoutBrowser = (seconds: Seconds): number =>
  [...seconds].reduce((sum, [kind, used]) => sum + (kind === BROWSER ? 0 : used), 0)

type Window = { page: number; browser: number }

/** Processor time of all pages of a browser, in windows of five seconds. */
const watchProcessor = async (browser: Browser, windows: number) => {
  const session = await browser.newBrowserCDPSession()
  const used = async () => {
    const { processInfo } = await session.send('SystemInfo.getProcessInfo')
    const seconds = new Map<string, number>()
    for (const { type, cpuTime } of processInfo) {
      seconds.set(type, (seconds.get(type) ?? 0) + cpuTime)
    }
    return { atMs: performance.now(), seconds }
  }
  await delay(SETTLE_MS)
  const shares: Window[] = []
  const first = await used()
  let before = first
  for (let window = 1; window <= windows; window += 1) {
    await delay(WINDOW_MS)
    const now = await used()
    const share = (of: (seconds: Seconds) => number): number =>
      ((of(now.seconds) - of(before.seconds)) / (now.atMs - before.atMs)) * 100_000
    shares.push({
      page: share(withoutBrowser),
      browser: share((seconds) => seconds.get(BROWSER) ?? 0)
    })
    before = now
  }
  const lastedMs = before.atMs - first.atMs
  const byKind = [...before.seconds].map(
    ([kind, seconds]) =>
      `${kind} ${(((seconds - (first.seconds.get(kind) ?? 0)) / lastedMs) * 100_000).toFixed(1)} %`
  )
  await session.detach()
  return { shares, byKind: byKind.join(', ') }
}

const FLOOR = 'a bare page with the same microphone and an idle call'

/** `times` windows of five seconds each, of the kiosk and of a bare page in the same Chromium. */
export const measureIdle: Measurement = (stack, microphone, windows, progress) =>
  withKiosk(stack, microphone, async (driven) => {
    const [account] = stack.accounts
    const browser = driven.context.browser()
    if (browser === null || account === undefined) throw new Error('The kiosk has no browser.')
    await waitUntilReady(driven.page)
    const state = await driven.page.evaluate(() => window.heard.call('kiosk.initialState', {}))
    if (!state.ok) throw new Error(state.error.message)
    const kiosk = await watchProcessor(browser, windows)
    progress(`the kiosk idle for ${(windows * WINDOW_MS) / 1_000} s`)

    // The kiosk's page and its calls end.
    await driven.page.goto('about:blank')
    const context = await browser.newContext({ permissions: ['microphone'] })
    const bare = await openBaselineClientPage(context, stack, account)
    try {
      await bare.page.evaluate(
        (constraints) => window.baseline.openIdleCall(constraints),
        constraintsOf(audioProcessingOf(state.value.settings), 'exact')
      )
      const floor = await watchProcessor(browser, windows)
      progress(`${FLOOR} for ${(windows * WINDOW_MS) / 1_000} s`)
      const pageOf = ({ shares }: typeof kiosk) => shares.map(({ page }) => page)
      const name = 'idle with a call open: page, graphics, network, audio'
      return {
        rows: [
          measured(`idle: ${FLOOR}`, '%', pageOf(floor), null),
          compared(name, '%', pageOf(kiosk), [{ name: FLOOR, values: pageOf(floor) }], {
            of: 'ratio',
            atMost: 1.3,
            unit: '×'
          }),
          measured(
            "idle with a call open: Chromium's own process",
            '%',
            kiosk.shares.map((share) => share.browser),
            null
          )
        ],
        notes: [
          `Idle: of one core, over ${windows} times ${WINDOW_MS / 1_000} s the processor time of the renderer, GPU and utility processes as Chromium reports it, with one call in use and one standing by, and the microphone open. On the mean, the kiosk: ${kiosk.byKind}; then ${FLOOR}, whose track is disabled as the kiosk's is, in the same Chromium: ${floor.byKind}.`
        ]
      }
    } finally {
      await bare.close()
    }
  })
