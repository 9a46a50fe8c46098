// Recognises English and Spanish speech with pocketsphinx, over a grammar of the known questions of each language: one of
// them word for word, or none.
import { access, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeWav } from '../wav.ts'
import type { RecognisedSpeech } from './conversation/state.ts'
import { KITCHEN_PRONUNCIATIONS } from './kitchen-pronunciations.ts'
import type { AnswerLanguage } from './model-view.ts'
import {
  englishVocabulary,
  type QuestionGrammar,
  questionGrammar,
  SPANISH_VOCABULARY,
  type Vocabulary
} from './question-grammar.ts'
import { resample } from './resample.ts'
import { INPUT_RATE_HZ } from './rtp-receiver.ts'
import { runProgram } from './run-program.ts'
import { seededRandom } from './seeded-random.ts'

export type Questions = Record<AnswerLanguage, readonly string[]>

export type SpeechRecogniser = {
  kind: 'pocketsphinx' | 'loudness' | 'none'
  /** @param samples mono at 24 kHz @param languages that may be spoken; the one that fits best counts */
  recognise: (
    samples: Int16Array,
    languages: readonly AnswerLanguage[]
  ) => Promise<RecognisedSpeech>
  /** The beginning of a question that is still being spoken; null for none. */
  recognisePartial: (
    samples: Int16Array,
    languages: readonly AnswerLanguage[]
  ) => Promise<string | null>
  /** Questions with a word that cannot be pronounced. */
  unpronounceable: readonly string[]
  close: () => Promise<void>
}

/** Debian's pocketsphinx; `pocketsphinx_continuous` would cut a question at a pause. */
const PROGRAM = 'pocketsphinx_batch'
const MODEL = '/usr/share/pocketsphinx/model/en-us'

/** The rate of the acoustic model. */
const RECOGNISER_RATE_HZ = 16_000

/** A question takes 0.2 to 0.4 s on a quiet machine. */
const RECOGNISE_TIMEOUT_MS = 15_000

/** Longer than any question; the recogniser's time grows with it. */
const LONGEST_SPEECH_MS = 20_000

/** Of the recogniser's clock. */
const FRAMES_PER_SECOND = 100

/** Mean acoustic score of a frame, relative to the best score of any sound there (0): of questions it is above −72. */
const WORST_MEAN_SCORE = -75

/** A longer "pause" inside a question is other speech. */
const LONGEST_PAUSE_FRAMES = 0.4 * FRAMES_PER_SECOND

/** `trimSilence` leaves a quarter of a second at each end: a longer "silence" is other speech. */
const LONGEST_EDGE_FRAMES = 0.35 * FRAMES_PER_SECOND

/** Speech is at least this many times as loud as the quietest tenth of the recording… */
const SPEECH_OVER_FLOOR = 3
/** …and at least this loud in a silent room: −52 dBFS. */
const QUIETEST_SPEECH_RMS = 80

/**
 * Faint noise under the whole recording, in steps of 16 bits. The recogniser adapts to the room's noise; in the digital
 * silence around a synthetic or gated voice it fails on four questions in ten.
 */
const ROOM_NOISE_STEPS = 10
const ROOM_NOISE_SEED = 1

const TRIM_WINDOW_MS = 20
const TRIM_MARGIN_MS = 250

type Segment = { word: string; startFrame: number; endFrame: number; score: number }

/** A line of `-hypseg`: `id S … T … A … L … {start score language-score word}… end`. */
export const readSegments = (line: string): Segment[] => {
  const fields = line.trim().split(/\s+/)
  const scores = fields.indexOf('L')
  if (scores < 0) return []
  const rest = fields.slice(scores + 2)
  const segments: Segment[] = []
  for (let at = 0; at + 4 < rest.length; at += 4) {
    const word = rest[at + 3] ?? ''
    segments.push({
      word: word.replace(/\(\d+\)$/, ''),
      startFrame: Number(rest[at]),
      endFrame: Number(rest[at + 4]),
      score: Number(rest[at + 1])
    })
  }
  return segments.filter(({ word }) => word !== '' && word !== '(NULL)')
}

/** @returns null where the recogniser heard nothing, which is no speech of its language */
const meanScoreOf = (words: readonly Segment[]): number | null => {
  const frames = words.reduce((sum, { startFrame, endFrame }) => sum + endFrame - startFrame, 0)
  return frames === 0 ? null : words.reduce((sum, { score }) => sum + score, 0) / frames
}

export type Heard = { text: string; meanScore: number }

const isWord = ({ word }: Segment): boolean => !word.startsWith('<')

/** Matches the recogniser's output with the whole of one question; null for other speech. */
export const matchQuestion = (
  segments: readonly Segment[],
  grammar: QuestionGrammar
): Heard | null => {
  const words = segments.filter(isWord)
  const text = grammar.questionOf(words.map(({ word }) => word))
  const meanScore = meanScoreOf(words)
  if (text === undefined || meanScore === null || meanScore < WORST_MEAN_SCORE) return null
  const isWhole = segments.every((segment, index) => {
    if (isWord(segment)) return true
    const atEdge = index === 0 || index === segments.length - 1
    const length = segment.endFrame - segment.startFrame
    return length <= (atEdge ? LONGEST_EDGE_FRAMES : LONGEST_PAUSE_FRAMES)
  })
  return isWhole ? { text, meanScore } : null
}

const matchBeginning = (segments: readonly Segment[], grammar: QuestionGrammar): Heard | null => {
  const words = segments.filter(isWord)
  const text = grammar.beginningOf(words.map(({ word }) => word))
  const meanScore = meanScoreOf(words)
  return text === undefined || meanScore === null ? null : { text, meanScore }
}

/**
 * Cuts the silence off both ends of a hold. The quietest parts define silence; null when nothing is louder.
 */
export const trimSilence = (samples: Int16Array, rateHz: number): Int16Array | null => {
  const size = (TRIM_WINDOW_MS * rateHz) / 1_000
  const loudness: number[] = []
  for (let at = 0; at + size <= samples.length; at += size) {
    const window = samples.subarray(at, at + size)
    loudness.push(Math.sqrt(window.reduce((sum, sample) => sum + sample * sample, 0) / size))
  }
  const floor = loudness.toSorted((a, b) => a - b)[Math.floor(loudness.length / 10)] ?? 0
  const isSpeech = (rms: number): boolean =>
    rms > Math.max(QUIETEST_SPEECH_RMS, floor * SPEECH_OVER_FLOOR)
  const first = loudness.findIndex(isSpeech)
  if (first < 0) return null
  const last = loudness.findLastIndex(isSpeech)
  const margin = (TRIM_MARGIN_MS * rateHz) / 1_000
  return samples.slice(Math.max(0, first * size - margin), (last + 1) * size + margin)
}

const withRoomNoise = (samples: Int16Array): Int16Array => {
  const chance = seededRandom(ROOM_NOISE_SEED)
  return samples.map((sample) => {
    const noisy = sample + Math.round((chance() * 2 - 1) * ROOM_NOISE_STEPS)
    return Math.max(-32_768, Math.min(32_767, noisy))
  })
}

const WITHOUT_RECOGNISER: SpeechRecogniser = {
  kind: 'none',
  recognise: async () => ({ kind: 'unable' }),
  recognisePartial: async () => null,
  unpronounceable: [],
  close: async () => undefined
}

const exists = async (path: string): Promise<boolean> => {
  try {
    await access(path)
    return true
  } catch {
    return false
  }
}

/** The model's own filler dictionary has noise words, which match words outside the grammar. */
const FILLERS = '<s> SIL\n</s> SIL\n<sil> SIL\n'

type LanguageRecogniser = {
  grammar: QuestionGrammar
  run: (samples: Int16Array, grammar: 'questions' | 'beginnings') => Promise<Segment[]>
}

/** @param folder of its own, for its files */
const openLanguage = async (
  folder: string,
  grammar: QuestionGrammar
): Promise<LanguageRecogniser> => {
  await mkdir(folder)
  const files = {
    questions: join(folder, 'questions.fsg'),
    beginnings: join(folder, 'beginnings.fsg'),
    dictionary: join(folder, 'questions.dict'),
    fillers: join(folder, 'fillers.dict')
  }
  await Promise.all([
    writeFile(files.questions, grammar.fsg),
    writeFile(files.beginnings, grammar.openFsg),
    writeFile(files.dictionary, grammar.dictionary),
    writeFile(files.fillers, FILLERS)
  ])
  let count = 0

  return {
    grammar,
    run: async (samples, which) => {
      const speech = withRoomNoise(resample(samples, INPUT_RATE_HZ, RECOGNISER_RATE_HZ))
      count += 1
      const place = join(folder, String(count))
      await mkdir(place)
      try {
        await writeFile(
          join(place, 'speech.wav'),
          writeWav({ samples: speech, rateHz: RECOGNISER_RATE_HZ })
        )
        await writeFile(join(place, 'list'), 'speech\n')
        const result = await runProgram(
          PROGRAM,
          [
            ...['-ctl', join(place, 'list'), '-cepdir', place, '-cepext', '.wav'],
            ...['-adcin', 'yes', '-adchdr', '44'],
            ...['-hmm', join(MODEL, 'en-us'), '-dict', files.dictionary, '-fdict', files.fillers],
            ...['-fsg', files[which], '-hypseg', join(place, 'segments'), '-logfn', '/dev/null'],
            // Wider than the defaults, which lose one question in ten.
            ...['-beam', '1e-50', '-wbeam', '1e-35', '-pbeam', '1e-50'],
            // The grammar has all pronunciations: pocketsphinx takes a second of processor time to add them.
            ...['-fsgusealtpron', 'no'],
            // It takes a part of Spanish vowels with it.
            ...['-remove_noise', 'no']
          ],
          '',
          RECOGNISE_TIMEOUT_MS
        )
        if (!result.ok) return []
        return readSegments(await readFile(join(place, 'segments'), 'utf8'))
      } finally {
        await rm(place, { recursive: true, force: true })
      }
    }
  }
}

/** The text that fits its language best. */
const bestText = (heard: readonly (Heard | null)[]): string | null =>
  heard
    .filter((one) => one !== null)
    .toSorted((a, b) => b.meanScore - a.meanScore)
    .at(0)?.text ?? null

/**
 * Checks once, at start, for pocketsphinx and its model, and builds the grammars.
 * @param questions as transcripts shall spell them
 */
export const openSpeechRecogniser = async (questions: Questions): Promise<SpeechRecogniser> => {
  // Without arguments an installed program lists its options and fails.
  const found = await runProgram(PROGRAM, [], '', RECOGNISE_TIMEOUT_MS)
  const missing = !found.ok && found.reason === 'missing'
  if (missing || !(await exists(join(MODEL, 'en-us', 'mdef')))) return WITHOUT_RECOGNISER

  const dictionary = await readFile(join(MODEL, 'cmudict-en-us.dict'), 'utf8')
  const folder = await mkdtemp(join(tmpdir(), 'heard-recogniser-'))
  const open = (language: AnswerLanguage, vocabulary: Vocabulary) =>
    openLanguage(join(folder, language), questionGrammar(questions[language], vocabulary))
  const [en, es] = await Promise.all([
    open('en', englishVocabulary(dictionary + KITCHEN_PRONUNCIATIONS)),
    open('es', SPANISH_VOCABULARY)
  ])
  const recognisers: Record<AnswerLanguage, LanguageRecogniser> = { en, es }

  return {
    kind: 'pocketsphinx',
    recognise: async (samples, languages) => {
      const speech = trimSilence(samples, INPUT_RATE_HZ)
      if (speech === null || speech.length > (LONGEST_SPEECH_MS * INPUT_RATE_HZ) / 1_000)
        return { kind: 'unclear' }
      const hear = async (language: AnswerLanguage): Promise<Heard | null> => {
        const { grammar, run } = recognisers[language]
        return matchQuestion(await run(speech, 'questions'), grammar)
      }
      const text = bestText(await Promise.all(languages.map(hear)))
      return text === null ? { kind: 'unclear' } : { kind: 'recognised', text }
    },
    recognisePartial: async (samples, languages) => {
      const speech = trimSilence(samples, INPUT_RATE_HZ)
      if (speech === null) return null
      const hear = async (language: AnswerLanguage): Promise<Heard | null> => {
        const { grammar, run } = recognisers[language]
        return matchBeginning(await run(speech, 'beginnings'), grammar)
      }
      return bestText(await Promise.all(languages.map(hear)))
    },
    unpronounceable: [...en.grammar.unpronounceable, ...es.grammar.unpronounceable],
    close: () => rm(folder, { recursive: true, force: true })
  }
}
