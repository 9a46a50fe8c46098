// Writes a microphone loop of several spoken questions, in both languages, with pauses between them.
import { writeFileSync } from 'node:fs'
import { speak } from '../dev/drive/microphone-file.ts'
import { writeWav } from '../dev/wav.ts'
import type { Language } from '../src/shared/language.ts'

/** −40 dBFS. */
const SPEECH_LEVEL = 328
const PAUSE_MS = 1_200

export type SpokenQuestion = { language: Language; text: string; startMs: number; endMs: number }
export type SpokenLoop = { path: string; loopMs: number; questions: readonly SpokenQuestion[] }

const trimmed = (samples: Int16Array): Int16Array => {
  const isSpeech = (sample: number) => Math.abs(sample) > SPEECH_LEVEL
  return samples.subarray(samples.findIndex(isSpeech), samples.findLastIndex(isSpeech) + 1)
}

/** @throws CommandError when espeak-ng is missing */
export const writeSpokenLoop = (
  path: string,
  texts: readonly Pick<SpokenQuestion, 'language' | 'text'>[]
): SpokenLoop => {
  const sounds = texts.map(({ language, text }) => speak(text, language))
  const rateHz = sounds[0]?.rateHz ?? 48_000
  const toMs = (samples: number): number => (samples / rateHz) * 1_000
  const pause = new Int16Array((PAUSE_MS / 1_000) * rateHz)
  const samples: number[] = []
  const questions: SpokenQuestion[] = []
  for (const [index, question] of texts.entries()) {
    for (const sample of pause) samples.push(sample)
    const startMs = toMs(samples.length)
    for (const sample of trimmed(sounds[index]?.samples ?? pause)) samples.push(sample)
    questions.push({ ...question, startMs, endMs: toMs(samples.length) })
  }
  writeFileSync(path, writeWav({ samples: Int16Array.from(samples), rateHz }))
  return { path, loopMs: toMs(samples.length), questions }
}
