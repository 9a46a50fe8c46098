// How fast and how long the stand-in answers: like a model and whole, or briefly, for soaks and benches that run
// thousands of turns.
import type { SpokenPiece } from './answerer.ts'
import type { AnswerLanguage } from './model-view.ts'
import { OUTPUT_RATE_HZ } from './speech-synthesiser.ts'

export type Pace = {
  /** Only the first words of an answer are spoken; its transcript is whole. */
  brief: boolean
  /** Time from `response.create` to the decision, in ms; the ears may take longer. 0: none but the ears'. */
  decisionDelayMs: number
}

export const DEFAULT_PACE: Pace = { brief: false, decisionDelayMs: 0 }

/** Enough that a speaker, a jitter buffer and a level meter have something to do. */
const BRIEF_WORDS = 6
const BRIEF_SPEECH_MS = 600

export type PacedPiece = {
  /** What the transcript says. */
  text: string
  language: AnswerLanguage
  /** What is said aloud; null for nothing. */
  spoken: string | null
  /** The sound is cut off here; null for the whole of it. */
  longestMs: number | null
}

/** What of an answer is said aloud. */
export const pacedPieces = (pieces: readonly SpokenPiece[], { brief }: Pace): PacedPiece[] =>
  pieces.map(({ text, language }, index) => {
    if (!brief) return { text, language, spoken: text, longestMs: null }
    const beginning = text.split(/\s+/).slice(0, BRIEF_WORDS).join(' ')
    return { text, language, spoken: index === 0 ? beginning : null, longestMs: BRIEF_SPEECH_MS }
  })

/** The beginning of a sound at the output's rate; `longestMs` null keeps all of it. */
export const truncateAudio = (samples: Int16Array, longestMs: number | null): Int16Array =>
  longestMs === null ? samples : samples.subarray(0, (longestMs * OUTPUT_RATE_HZ) / 1_000)
