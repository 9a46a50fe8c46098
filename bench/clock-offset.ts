// Measures the offset between the page's clock and this process's, which the stand-in uses, too.
import type { Page } from '@playwright/test'
import { wallClockMs } from '../dev/openai/turn-timeline.ts'

const ROUND_TRIPS = 40

type ClockOffset = {
  /** Of the page. */
  aheadMs: number
  /** Half of the quickest round trip. */
  uncertainMs: number
}

/** The quickest round trip gives the most precise offset. */
export const clockOffset = async (page: Page): Promise<ClockOffset> => {
  let best: ClockOffset = { aheadMs: 0, uncertainMs: Number.POSITIVE_INFINITY }
  for (let trip = 0; trip < ROUND_TRIPS; trip += 1) {
    const beforeMs = wallClockMs()
    const pageMs = await page.evaluate(() => performance.timeOrigin + performance.now())
    const afterMs = wallClockMs()
    const uncertainMs = (afterMs - beforeMs) / 2
    if (uncertainMs < best.uncertainMs) {
      best = { aheadMs: pageMs - (beforeMs + afterMs) / 2, uncertainMs }
    }
  }
  return best
}
