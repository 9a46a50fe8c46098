// How loud the speaker was, as the witness recorded it.
import type { Page } from '@playwright/test'

/** The peakSpeakerSample sample since the recorder's start, from `skipSeconds` on, 0 to 1. */
export const peakSpeakerSample = (page: Page, skipSeconds = 0): Promise<number> =>
  page.evaluate((skip) => {
    const { base64, sampleRate } = window.__pageProbe.recorder.stop()
    const binary = atob(base64)
    let peak = 0
    for (let i = Math.round(skip * sampleRate) * 2; i + 1 < binary.length; i += 2) {
      const low = binary.charCodeAt(i)
      const high = binary.charCodeAt(i + 1)
      peak = Math.max(peak, Math.abs(((high << 24) >> 16) | low) / 32_768)
    }
    return peak
  }, skipSeconds)
