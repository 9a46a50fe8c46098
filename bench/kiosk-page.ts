// Opens the kiosk under test, waits for its states and reads its timings and log.
import type { Page } from '@playwright/test'
import { type KioskDriver, type LogLine, launchKiosk } from '../dev/drive/launch-kiosk.ts'
import type { StackAddress } from '../dev/local-stack.ts'
import type { TurnTiming } from '../src/shared/turn-timing.ts'
import type { BenchResult, Progress } from './bench-result.ts'

/** Ends calls after one idle second, and opens no standby call. */
export const COLD_CALLS = { HEARD_CALL_IDLE_SECONDS: '1', HEARD_CALL_STANDBY: '0' } as const

const STATE_LIMIT_MS = 15_000

/** One part of the voice bench, which repeats its measurement some times. */
export type Measurement = (
  stack: StackAddress,
  microphone: string,
  times: number,
  progress: Progress
) => Promise<BenchResult>

/** Opens the kiosk, and closes it after the work. */
export const withKiosk = async <T>(
  stack: StackAddress,
  microphone: string,
  work: (kiosk: KioskDriver) => Promise<T>,
  env: NodeJS.ProcessEnv = {}
): Promise<T> => {
  const kiosk = await launchKiosk({
    shell: 'preview',
    target: { kind: 'local', stack, account: stack.accounts[0] ?? null },
    microphone,
    env
  })
  try {
    return await work(kiosk)
  } finally {
    await kiosk.close()
  }
}

/**
 * Waits in the page, without polling, for one of these states.
 * @returns the state; null at the limit
 */
export const waitForKioskState = (
  page: Page,
  wanted: readonly string[],
  limitMs = STATE_LIMIT_MS
): Promise<string | null> =>
  page.evaluate(
    ([states, withinMs]) =>
      new Promise<string | null>((resolve) => {
        const root = document.querySelector<HTMLElement>('[data-testid=kiosk]')
        if (root === null) return resolve(null)
        const now = (): string => root.dataset.state ?? ''
        if (states.includes(now())) return resolve(now())
        const end = (state: string | null): void => {
          clearTimeout(limit)
          observer.disconnect()
          resolve(state)
        }
        const observer = new MutationObserver(() => {
          if (states.includes(now())) end(now())
        })
        const limit = setTimeout(() => end(null), withinMs)
        observer.observe(root, { attributes: true, attributeFilter: ['data-state'] })
      }),
    [wanted, limitMs] as const
  )

/** Of the kiosk's last 500 turns. */
export const recentTimings = (page: Page): Promise<TurnTiming[]> =>
  page.evaluate(async () => {
    const answer = await window.heard.call('turns.recent', {})
    if (!answer.ok) throw new Error(`turns.recent: ${answer.error.message}`)
    return answer.value
  })

/** Wall clock; NaN for a line without a time. */
export const lineAtMs = ({ time }: LogLine): number =>
  typeof time === 'string' ? Date.parse(time) : Number.NaN

export const linesOf = async (kiosk: KioskDriver, event: string): Promise<LogLine[]> =>
  (await kiosk.log()).filter((line) => line.event === event)
