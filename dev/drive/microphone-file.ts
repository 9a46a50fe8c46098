// Writes the WAV file that Chromium's fake microphone plays in a loop, with silence around the question for the press.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import type { Language } from '../../src/shared/language.ts'
import { findEspeak, installCommand, TOOLS } from '../external-tools.ts'
import { CommandError } from '../run-command.ts'
import { readWav, type Sound, writeWav } from '../wav.ts'
import { firstAbove } from './recording-level.ts'

export type MicrophoneFile = {
  path: string
  /** Length of one round of the loop, in milliseconds. */
  loopMs: number
  /** Where in the loop the speech begins and ends, in milliseconds. */
  speechStartMs: number
  speechEndMs: number
}

export type Silence = {
  /** Before the question, for a press before the first word. A missed press waits for the whole loop. */
  leadMs: number
  /** After the question, for a late release. Between two questions there are both. */
  trailMs: number
}

/** The lead covers the time from the microphone's opening to a ready kiosk, and the press before the first word. */
const USUAL_SILENCE: Silence = { leadMs: 3_000, trailMs: 1_000 }
/** A recording's silence ends at this level. */
const SPEECH_LEVEL_DB = -40

const VOICES: Record<Language, string> = { en: 'en-us', es: 'es-419' }

/** @throws CommandError when espeak-ng is missing. */
export const speak = (text: string, language: Language): Sound => {
  const espeak = findEspeak()
  if (espeak === null) {
    const tools = TOOLS.filter((tool) => tool.name === 'espeak-ng')
    throw new CommandError(`Speaking a question needs espeak-ng: sudo ${installCommand(tools)}`)
  }
  const { stdout, status } = spawnSync(espeak, ['-v', VOICES[language], '--stdout', text], {
    maxBuffer: 64 * 1024 * 1024
  })
  if (status !== 0) throw new CommandError(`espeak-ng ended with code ${status}.`)
  const read = readWav(stdout)
  if (!read.ok) throw new CommandError(`espeak-ng wrote ${read.problem}.`)
  return read.sound
}

/** @throws CommandError when the file cannot be read as PCM16 WAV. */
export const recording = (path: string): Sound => {
  if (!existsSync(path)) throw new CommandError(`${path} is not there.`)
  const read = readWav(readFileSync(path))
  if (!read.ok) throw new CommandError(`${path} cannot be used: ${read.problem}.`)
  return read.sound
}

/** Writes the loop that the fake microphone plays. Without speech it is silence. */
export const writeMicrophoneFile = (
  path: string,
  speech: Sound | null,
  { leadMs, trailMs }: Silence = USUAL_SILENCE
): MicrophoneFile => {
  const rateHz = speech?.rateHz ?? 48_000
  const toSamples = (ms: number): number => Math.round((ms / 1000) * rateHz)
  const spoken = speech === null ? new Int16Array(0) : trimmed(speech.samples)
  const lead = toSamples(leadMs)
  const trail = toSamples(trailMs)
  const samples = new Int16Array(lead + spoken.length + trail)
  samples.set(spoken, lead)
  writeFileSync(path, writeWav({ samples, rateHz }))
  return {
    path,
    loopMs: (samples.length / rateHz) * 1000,
    speechStartMs: leadMs,
    speechEndMs: leadMs + (spoken.length / rateHz) * 1000
  }
}

const trimmed = (samples: Int16Array): Int16Array => {
  const start = firstAbove(samples, SPEECH_LEVEL_DB)
  if (start < 0) throw new CommandError('There is no sound in the recording.')
  const end = samples.length - firstAbove(samples.toReversed(), SPEECH_LEVEL_DB)
  return samples.subarray(start, end)
}
