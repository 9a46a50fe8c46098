// Synthesises questions with espeak-ng as files for Chromium's fake microphone, whole or with a clipped beginning.
import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { resample } from '../../dev/openai/resample.ts'
import { readWav, writeWav } from '../../dev/wav.ts'
import type { Language } from '../../src/shared/language.ts'

const run = promisify(execFile)

/** Chromium's fake device plays this rate without resampling. */
const RATE_HZ = 48_000

export const VOICES: Record<Language, string> = { en: 'en-us', es: 'es-419' }

export type EspeakOptions = {
  voice?: string
  wordsPerMinute?: number
  /** Milliseconds of speech to cut off the beginning. */
  clipMs?: number
  silenceBeforeMs?: number
  silenceAfterMs?: number
}

/** Speech begins at this level. */
const ONSET_LEVEL = 300

/** Mono samples of the spoken text at `rateHz`. */
export const synthesiseQuestion = async (
  text: string,
  rateHz: number,
  { voice = 'en-us', wordsPerMinute = 160, clipMs = 0 }: EspeakOptions = {}
): Promise<Int16Array> => {
  const { stdout } = await run(
    'espeak-ng',
    ['-v', voice, '-s', String(wordsPerMinute), '--stdout', text],
    { encoding: 'buffer', maxBuffer: 64_000_000 }
  )
  const read = readWav(stdout)
  if (!read.ok) throw new Error(`espeak-ng wrote ${read.problem}.`)
  const samples = resample(read.sound.samples, read.sound.rateHz, rateHz)
  if (clipMs === 0) return samples
  const onset = samples.findIndex((sample) => Math.abs(sample) > ONSET_LEVEL)
  return samples.slice(onset + (clipMs * rateHz) / 1_000)
}

export const padWithSilence = (
  samples: Int16Array,
  rateHz: number,
  { silenceBeforeMs = 300, silenceAfterMs = 300 }: EspeakOptions = {}
): Int16Array => {
  const before = (silenceBeforeMs * rateHz) / 1_000
  const all = new Int16Array(before + samples.length + (silenceAfterMs * rateHz) / 1_000)
  all.set(samples, before)
  return all
}

/** Writes a file for the fake microphone; returns its length in ms. */
export const writeSpeechFile = async (
  path: string,
  text: string,
  options: EspeakOptions = {}
): Promise<number> => {
  const samples = padWithSilence(await synthesiseQuestion(text, RATE_HZ, options), RATE_HZ, {
    silenceAfterMs: 5_000,
    ...options
  })
  await writeFile(path, writeWav({ samples, rateHz: RATE_HZ }))
  return Math.ceil(((samples.length - (RATE_HZ * 5_000) / 1_000) / RATE_HZ) * 1_000)
}
