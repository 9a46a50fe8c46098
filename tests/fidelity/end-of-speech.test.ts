// Proves the end of speech on real questions in three kinds of room: no pause counts as the end, and the end is known
// soon.
import { expect, test } from 'vitest'
import { speak } from '../../dev/drive/microphone-file.ts'
import { resample } from '../../dev/openai/resample.ts'
import { seededRandom } from '../../dev/openai/seeded-random.ts'
import { RECORDING_RATE_HZ } from '../../src/renderer/audio/recorder-core.ts'
import { createSilenceDetector } from '../../src/renderer/audio/silence-detector.ts'
import { hasTools } from './required-tools.ts'

/** `SILENCE_MS` of the recorder: its worklet loads in a browser only. */
const SILENCE_MS = 150
const BEFORE_MS = 4_000
const AFTER_MS = 400
const BLOCK = 128
const PER_MS = RECORDING_RATE_HZ / 1_000
const QUESTIONS = [
  ['en', 'How hot does chicken have to be?'],
  ['en', 'What is the first step when a guest has a peanut allergy?'],
  ['es', '¿A qué temperatura debe llegar el pollo?']
] as const

const isComplete = hasTools('espeak-ng')

test
  .skipIf(!isComplete)
  .each(
    [-100, -60, -45].flatMap((noiseDb) =>
      QUESTIONS.map((question) => [noiseDb, ...question] as const)
    )
  )('finds the end in noise of %i dB, in %s: %s', (noiseDb, language, question) => {
  const { samples, rateHz } = speak(question, language)
  const speech = resample(samples, rateHz, RECORDING_RATE_HZ)
  const isLoud = (sample: number) => Math.abs(sample) > 300
  const startsAt = BEFORE_MS * PER_MS
  const [firstAt, lastAt] = [speech.findIndex(isLoud), speech.findLastIndex(isLoud)]
  const room = new Int16Array(startsAt + speech.length + AFTER_MS * PER_MS)
  room.set(speech, startsAt)
  const random = seededRandom(7)
  const peak = 10 ** (noiseDb / 20) * Math.sqrt(3) * 32_767
  for (const [at, sample] of room.entries()) {
    const noisy = sample + Math.round((random() * 2 - 1) * peak)
    room[at] = Math.max(-32_767, Math.min(32_767, noisy))
  }

  const detector = createSilenceDetector(RECORDING_RATE_HZ)
  detector.add(room.subarray(0, startsAt))
  detector.begin()
  let longestMs = 0
  let knownAfterMs: number | null = null
  for (let at = startsAt; at < room.length; at += BLOCK) {
    detector.add(room.subarray(at, at + BLOCK))
    const sinceEnd = at + BLOCK - startsAt - lastAt
    if (at > startsAt + firstAt && sinceEnd < 0)
      longestMs = Math.max(longestMs, detector.silenceMs())
    if (sinceEnd >= 0 && detector.silenceMs() >= SILENCE_MS) knownAfterMs ??= sinceEnd / PER_MS
  }
  expect(longestMs).toBeLessThan(SILENCE_MS * 0.6)
  expect(knownAfterMs).toBeGreaterThanOrEqual(SILENCE_MS - 10)
  expect(knownAfterMs).toBeLessThan(SILENCE_MS + 50)
})
