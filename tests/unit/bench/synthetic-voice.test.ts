// The bench's microphone: speech whenever a key is pressed, and no seam in its loop.
import { expect, test } from 'vitest'
import { synthesizeVoice } from '../../../bench/synthetic-voice.ts'
import { SPEECH_LEVEL_RMS, windowLevels } from '../../../dev/openai/loudness.ts'

test('every 20 ms of it is as loud as speech', () => {
  const { samples, rateHz } = synthesizeVoice()
  expect(Math.min(...windowLevels(samples, rateHz))).toBeGreaterThan(SPEECH_LEVEL_RMS * 4)
})

test('it goes on at its beginning where it ends', () => {
  const { samples } = synthesizeVoice()
  const steps = Array.from(samples.subarray(1), (sample, index) =>
    Math.abs(sample - (samples[index] ?? 0))
  )
  const seam = Math.abs((samples[0] ?? 0) - (samples.at(-1) ?? 0))
  expect(seam).toBeLessThanOrEqual(steps.reduce((most, step) => Math.max(most, step), 0))
})
