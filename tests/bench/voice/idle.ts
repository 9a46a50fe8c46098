// What a kiosk costs that waits for a press with a call open: the processor time of its page and of what Chromium runs
// for it.
import { setTimeout as delay } from 'node:timers/promises'
import { waitUntilReady } from '../../../local/drive/screen.ts'
import type { StackAddress } from '../../../local/stack.ts'
import { openKiosk } from '../kiosk.ts'
import { measured } from '../rows.ts'
import type { Progress, Section } from '../section.ts'

/** Everything that the start sets going has come to rest, the second call included. */
const SETTLE_MS = 8_000
const WINDOW_MS = 5_000

type Seconds = { page: number; browser: number }

/** @param windows of five seconds each */
export const measureIdle = async (
  stack: StackAddress,
  microphone: string,
  windows: number,
  progress: Progress
): Promise<Section> => {
  const driven = await openKiosk(stack, microphone)
  try {
    await waitUntilReady(driven.page)
    const browser = driven.context.browser()
    if (browser === null) throw new Error('The kiosk has no browser.')
    const session = await browser.newBrowserCDPSession()
    const used = async (): Promise<Seconds> => {
      const { processInfo } = await session.send('SystemInfo.getProcessInfo')
      const sum = (isMeant: (type: string) => boolean) =>
        processInfo.reduce((all, { type, cpuTime }) => all + (isMeant(type) ? cpuTime : 0), 0)
      return { page: sum((type) => type !== 'browser'), browser: sum((type) => type === 'browser') }
    }
    await delay(SETTLE_MS)
    const page: number[] = []
    const main: number[] = []
    let before = { at: performance.now(), ...(await used()) }
    for (let window = 1; window <= windows; window += 1) {
      await delay(WINDOW_MS)
      const now = { at: performance.now(), ...(await used()) }
      const seconds = (now.at - before.at) / 1_000
      page.push(((now.page - before.page) / seconds) * 100)
      main.push(((now.browser - before.browser) / seconds) * 100)
      before = now
      if (window % 4 === 0) progress(`idle for ${(window * WINDOW_MS) / 1_000} s`)
    }
    const mean = page.reduce((sum, share) => sum + share, 0) / page.length
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
        `Idle: of one core, over ${windows} times ${WINDOW_MS / 1_000} s (mean ${mean.toFixed(1)} %), the processor time of the renderer, GPU and utility processes as Chromium reports it, with one call in use and one standing by, and the microphone open.`
      ]
    }
  } finally {
    await driven.close()
  }
}
