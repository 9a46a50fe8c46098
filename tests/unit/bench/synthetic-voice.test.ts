import { expect, test } from 'vitest'
import { synthesizeVoice } from '../../../bench/synthetic-voice.ts'
import { SPEECH_LEVEL_RMS, windowLevels } from '../../../dev/openai/loudness.ts'

test('is as loud as speech in every 20 ms', () => {
  const { samples, rateHz } = synthesizeVoice()
  expect(Math.min(...windowLevels(samples, rateHz))).toBeGreaterThan(SPEECH_LEVEL_RMS * 4)
})

test('loops without a seam', () => {
  const { samples } = synthesizeVoice()
  const steps = Array.from(samples.subarray(1), (sample, index) =>
    Math.abs(sample - (samples[index] ?? 0))
  )
  const seam = Math.abs((samples[0] ?? 0) - (samples.at(-1) ?? 0))
  expect(seam).toBeLessThanOrEqual(steps.reduce((most, step) => Math.max(most, step), 0))
})
