// The speaker's peak level, from the page probe's recording.
import type { Page } from '@playwright/test'

/** The loudest sample since the recorder's start, 0 to 1. */
export const peakSpeakerSample = (page: Page): Promise<number> =>
  page.evaluate(() => {
    const { base64 } = window.__pageProbe.recorder.stop()
    const binary = atob(base64)
    let peak = 0
    for (let i = 0; i + 1 < binary.length; i += 2) {
      const low = binary.charCodeAt(i)
      const high = binary.charCodeAt(i + 1)
      peak = Math.max(peak, Math.abs(((high << 24) >> 16) | low) / 32_768)
    }
    return peak
  })
