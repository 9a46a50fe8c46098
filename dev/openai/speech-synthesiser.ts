// Speaks sentences with espeak-ng, a process of its own since it is GPL-3. One sentence at a time: the first is early.
import { readWav } from '../wav.ts'
import { resample } from './resample.ts'
import { runProgram } from './run-program.ts'
import { spokenForm } from './spoken-form.ts'

/** The RTP clock of Opus (RFC 7587). */
export const OUTPUT_RATE_HZ = 48_000

export type SpokenLanguage = 'en' | 'es'

export type Speech = { ok: true; samples: Int16Array } | { ok: false; message: string }

export type Voice = {
  kind: 'espeak-ng' | 'none'
  /** Speaks one sentence; `speed` is the session's 0.25 to 1.5. Samples are mono at 48 kHz. */
  speak: (sentence: string, language: SpokenLanguage, speed: number) => Promise<Speech>
}

const PROGRAM = 'espeak-ng'

/** espeak's own default, at speed 1. */
const WORDS_PER_MINUTE = 175

/** A sentence takes 10 to 20 ms on a quiet machine. */
const SPEAK_TIMEOUT_MS = 5_000

const ESPEAK_VOICES: Record<SpokenLanguage, string> = { en: 'en-us', es: 'es-419' }

const MISSING_MESSAGE =
  'This stand-in has no voice: install the package espeak-ng (Debian: apt-get install espeak-ng).'

const speak: Voice['speak'] = async (sentence, language, speed) => {
  const result = await runProgram(
    PROGRAM,
    [
      '-v',
      ESPEAK_VOICES[language],
      '-s',
      String(Math.round(WORDS_PER_MINUTE * speed)),
      '-b',
      '1',
      '--stdin',
      '--stdout'
    ],
    spokenForm(sentence, language),
    SPEAK_TIMEOUT_MS
  )
  if (!result.ok)
    return { ok: false, message: result.reason === 'missing' ? MISSING_MESSAGE : result.detail }
  const read = readWav(result.stdout)
  if (!read.ok) return { ok: false, message: `${PROGRAM} wrote ${read.problem}.` }
  return { ok: true, samples: resample(read.sound.samples, read.sound.rateHz, OUTPUT_RATE_HZ) }
}

/** Checks once, at start, for espeak-ng. */
export const openVoice = async (): Promise<Voice> => {
  const found = await runProgram(PROGRAM, ['--version'], '', SPEAK_TIMEOUT_MS)
  return found.ok
    ? { kind: 'espeak-ng', speak }
    : { kind: 'none', speak: async () => ({ ok: false, message: MISSING_MESSAGE }) }
}
