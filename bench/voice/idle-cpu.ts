// Measures the processor time of an idle kiosk with an open call.
import { setTimeout as delay } from 'node:timers/promises'
import { waitUntilReady } from '../../dev/drive/kiosk-screen.ts'
import { type Measurement, withKiosk } from '../kiosk-page.ts'
import { measured } from '../report-rows.ts'

/** The start, with the standby call, is over then. */
const SETTLE_MS = 8_000
const WINDOW_MS = 5_000

/** By Chromium's kind of process, such as `renderer`. */
type Seconds = ReadonlyMap<string, number>

/** It serves all pages, so it has a row of its own. */
const BROWSER = 'browser'

const withoutBrowser = (seconds: Seconds): number =>
  [...seconds].reduce((sum, [kind, used]) => sum + (kind === BROWSER ? 0 : used), 0)

/** `times` windows of five seconds each. */
export const measureIdle: Measurement = (stack, microphone, windows, progress) =>
  withKiosk(stack, microphone, async (driven) => {
    await waitUntilReady(driven.page)
    const browser = driven.context.browser()
    if (browser === null) throw new Error('The kiosk has no browser.')
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
    const page: number[] = []
    const main: number[] = []
    const first = await used()
    let before = first
    for (let window = 1; window <= windows; window += 1) {
      await delay(WINDOW_MS)
      const now = await used()
      const share = (of: (seconds: Seconds) => number): number =>
        ((of(now.seconds) - of(before.seconds)) / (now.atMs - before.atMs)) * 100_000
      page.push(share(withoutBrowser))
      main.push(share((seconds) => seconds.get(BROWSER) ?? 0))
      before = now
      if (window % 4 === 0) progress(`idle for ${(window * WINDOW_MS) / 1_000} s`)
    }
    const lastedMs = before.atMs - first.atMs
    const byKind = [...before.seconds].map(
      ([kind, seconds]) =>
        `${kind} ${(((seconds - (first.seconds.get(kind) ?? 0)) / lastedMs) * 100_000).toFixed(1)} %`
    )
    return {
      rows: [
        measured('idle with a call open: page, graphics, network, audio', '%', page, {
          of: 'p95',
          atMost: 3,
          unit: '%'
        }),
        measured("idle with a call open: Chromium's own process", '%', main, null)
      ],
      notes: [
        `Idle: of one core, over ${windows} times ${WINDOW_MS / 1_000} s the processor time of the renderer, GPU and utility processes as Chromium reports it (on the mean: ${byKind.join(', ')}), with one call in use and one standing by, and the microphone open.`
      ]
    }
  })
