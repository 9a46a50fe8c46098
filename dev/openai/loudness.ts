// Measures the loudness of samples in windows shorter than a word.

/** One Opus frame of Chromium. */
const WINDOW_MS = 20

/** −45 dBFS: above a quiet room through a microphone, below the softest syllable of a person at a kiosk. */
export const SPEECH_LEVEL_RMS = 10 ** (-45 / 20)

const FULL_SCALE = 32_768

/** RMS of each window, 0 to 1; the last window may be shorter. */
export const windowLevels = (samples: Int16Array, rateHz: number): number[] => {
  const size = (WINDOW_MS * rateHz) / 1_000
  const levels: number[] = []
  for (let at = 0; at < samples.length; at += size) {
    const window = samples.subarray(at, at + size)
    let sum = 0
    for (const sample of window) sum += (sample / FULL_SCALE) ** 2
    levels.push(Math.sqrt(sum / window.length))
  }
  return levels
}

/** Milliseconds that are as loud as speech. */
export const loudMs = (samples: Int16Array, rateHz: number): number =>
  windowLevels(samples, rateHz).filter((level) => level > SPEECH_LEVEL_RMS).length * WINDOW_MS
