// Measures the level of a recording.
const FULL_SCALE = 32_768

/** Peak level in dB below full scale; -Infinity for silence. */
export const peakDb = (samples: Int16Array): number => {
  let peak = 0
  for (const sample of samples) peak = Math.max(peak, Math.abs(sample))
  return 20 * Math.log10(peak / FULL_SCALE)
}

/** Index of the first sample above `levelDb`, or -1. */
export const firstAbove = (samples: Int16Array, levelDb: number): number => {
  const level = FULL_SCALE * 10 ** (levelDb / 20)
  return samples.findIndex((sample) => Math.abs(sample) > level)
}
