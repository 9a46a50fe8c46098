// Sets the pace of answers: a model's, or brief ones for soaks and benches of thousands of turns.
import type { SpokenPiece } from './answerer.ts'
import { type ModelTimes, OWN_TIMES } from './model-times.ts'
import { OUTPUT_RATE_HZ } from './speech-synthesiser.ts'

export type Pace = {
  /** Speaks the first words of an answer only; its transcript is whole. */
  brief: boolean
  /** Least times; recognition may take longer. */
  times: ModelTimes
}

export const DEFAULT_PACE: Pace = { brief: false, times: OWN_TIMES }

/** Enough to exercise a speaker, a jitter buffer and a level meter. */
const BRIEF_WORDS = 6
const BRIEF_SPEECH_MS = 600

export type PacedPiece = SpokenPiece & {
  /** The spoken words; null for none. */
  spoken: string | null
  /** Length of the audio; null for the whole of it. */
  longestMs: number | null
}

export const pacedPieces = (pieces: readonly SpokenPiece[], { brief }: Pace): PacedPiece[] =>
  pieces.map((piece, index) => {
    const { text } = piece
    if (!brief) return { ...piece, spoken: text, longestMs: null }
    const beginning = text.split(/\s+/).slice(0, BRIEF_WORDS).join(' ')
    return { ...piece, spoken: index === 0 ? beginning : null, longestMs: BRIEF_SPEECH_MS }
  })

/** Cuts samples at the output's rate; `longestMs` null leaves them whole. */
export const truncateAudio = (samples: Int16Array, longestMs: number | null): Int16Array =>
  longestMs === null ? samples : samples.subarray(0, (longestMs * OUTPUT_RATE_HZ) / 1_000)
