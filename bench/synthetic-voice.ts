// Synthesises a voice without pauses: sound that is missing at the far end was lost. Its harmonics glide and swell,
// because noise suppression removes a steady hum.
import { writeFileSync } from 'node:fs'
import { type Sound, writeWav } from '../dev/wav.ts'

const RATE_HZ = 48_000
/** A whole number of periods of every rate below, so the loop has no seam. */
const LOOP_SECONDS = 10
const PITCH_HZ = 140
const GLIDE = { share: 0.15, hz: 0.7 }
/** The level swings between `low` and 1. */
const SYLLABLES = { hz: 4.2, low: 0.5 }
/** Strength of each harmonic, like an open vowel's. */
const HARMONICS = [1, 0.8, 0.6, 0.7, 0.5, 0.3, 0.2, 0.1] as const
const PEAK = 0.5

export const synthesizeVoice = (): Sound => {
  const samples = new Int16Array(RATE_HZ * LOOP_SECONDS)
  const whole = HARMONICS.reduce<number>((sum, strength) => sum + strength, 0)
  for (let index = 0; index < samples.length; index += 1) {
    const seconds = index / RATE_HZ
    const glide =
      (PITCH_HZ * GLIDE.share * Math.sin(2 * Math.PI * GLIDE.hz * seconds)) /
      (2 * Math.PI * GLIDE.hz)
    const turns = PITCH_HZ * seconds + glide
    const syllable =
      SYLLABLES.low +
      (1 - SYLLABLES.low) * (0.5 - 0.5 * Math.cos(2 * Math.PI * SYLLABLES.hz * seconds))
    const voice = HARMONICS.reduce<number>(
      (sum, strength, order) => sum + strength * Math.sin(2 * Math.PI * (order + 1) * turns),
      0
    )
    samples[index] = Math.round((voice / whole) * syllable * PEAK * 32_767)
  }
  return { samples, rateHz: RATE_HZ }
}

export const writeSyntheticVoice = (path: string): void =>
  writeFileSync(path, writeWav(synthesizeVoice()))
