// Questions said by espeak-ng, as files for Chromium's fake microphone, whole or with their beginning cut off.
import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { resample } from '../../local/realtime/resample.ts'
import { readWav, writeWav } from '../../local/wav.ts'

const run = promisify(execFile)

/** What Chromium's fake device plays without resampling. */
const RATE_HZ = 48_000

export type SayOptions = {
  voice?: string
  wordsPerMinute?: number
  /** Milliseconds of the speech itself that are cut off its beginning. */
  clipMs?: number
  silenceBeforeMs?: number
  silenceAfterMs?: number
}

/** Level at which the speech proper begins. */
const ONSET_LEVEL = 300

/** Mono samples at `rateHz` of the text said aloud. */
export const said = async (
  text: string,
  rateHz: number,
  { voice = 'en-us', wordsPerMinute = 160, clipMs = 0 }: SayOptions = {}
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

export const padded = (
  samples: Int16Array,
  rateHz: number,
  { silenceBeforeMs = 300, silenceAfterMs = 300 }: SayOptions = {}
): Int16Array => {
  const before = (silenceBeforeMs * rateHz) / 1_000
  const all = new Int16Array(before + samples.length + (silenceAfterMs * rateHz) / 1_000)
  all.set(samples, before)
  return all
}

/** Writes a file for the fake microphone; returns how long its sound is, in ms. */
export const writeSpoken = async (
  path: string,
  text: string,
  options: SayOptions = {}
): Promise<number> => {
  const samples = padded(await said(text, RATE_HZ, options), RATE_HZ, {
    silenceAfterMs: 5_000,
    ...options
  })
  await writeFile(path, writeWav({ samples, rateHz: RATE_HZ }))
  return Math.ceil(((samples.length - (RATE_HZ * 5_000) / 1_000) / RATE_HZ) * 1_000)
}
