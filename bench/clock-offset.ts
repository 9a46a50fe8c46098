// Whether two clocks of one machine agree: a time of the page is taken from a time of the model's only where they do.
import type { Page } from '@playwright/test'
import { wallClockMs } from '../dev/openai/turn-timeline.ts'

/** Round trips to the page; the quickest one says the most. */
const LOOKS = 40

export type ClockOffset = {
  /** What the page's clock is ahead of this process's. */
  aheadMs: number
  /** How far off that may be: half of the quickest round trip. */
  uncertainMs: number
}

/** Compares the page's wall clock (`timeOrigin + now`) with this process's, which the model's is read like. */
export const clockOffset = async (page: Page): Promise<ClockOffset> => {
  let best: ClockOffset = { aheadMs: 0, uncertainMs: Number.POSITIVE_INFINITY }
  for (let look = 0; look < LOOKS; look += 1) {
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
