// Several questions, said one after the other with pauses between them, as the loop of one fake microphone: each press
// can wait for the next one to come round.
import { writeFileSync } from 'node:fs'
import { speak } from '../dev/drive/microphone-file.ts'
import { writeWav } from '../dev/wav.ts'

/** From which a recording's sound counts as speech: −40 dB below full scale. */
const SPEECH_LEVEL = 328
const PAUSE_MS = 1_200

export type SpokenQuestion = { text: string; startMs: number; endMs: number }
export type SpokenLoop = { path: string; loopMs: number; questions: readonly SpokenQuestion[] }

const trimmed = (samples: Int16Array): Int16Array => {
  const isSpeech = (sample: number) => Math.abs(sample) > SPEECH_LEVEL
  return samples.subarray(samples.findIndex(isSpeech), samples.findLastIndex(isSpeech) + 1)
}

/** @throws CommandError when espeak-ng is missing */
export const writeSpokenLoop = (path: string, texts: readonly string[]): SpokenLoop => {
  const sounds = texts.map((text) => speak(text, 'en'))
  const rateHz = sounds[0]?.rateHz ?? 48_000
  const toMs = (samples: number): number => (samples / rateHz) * 1_000
  const pause = new Int16Array((PAUSE_MS / 1_000) * rateHz)
  const pieces: Int16Array[] = []
  const questions: SpokenQuestion[] = []
  let at = 0
  const add = (samples: Int16Array): void => {
    pieces.push(samples)
    at += samples.length
  }
  for (const [index, text] of texts.entries()) {
    add(pause)
    const speech = trimmed(sounds[index]?.samples ?? pause)
    questions.push({ text, startMs: toMs(at), endMs: toMs(at + speech.length) })
    add(speech)
  }
  const samples = new Int16Array(at)
  let from = 0
  for (const piece of pieces) {
    samples.set(piece, from)
    from += piece.length
  }
  writeFileSync(path, writeWav({ samples, rateHz }))
  return { path, loopMs: toMs(at), questions }
}
