// Recognises speech with pocketsphinx, over a grammar of known questions: one of them word for word, or none.
import { access, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeWav } from '../wav.ts'
import type { RecognisedSpeech } from './conversation/state.ts'
import { KITCHEN_PRONUNCIATIONS } from './kitchen-pronunciations.ts'
import { type QuestionGrammar, questionGrammar, readPronunciations } from './question-grammar.ts'
import { resample } from './resample.ts'
import { INPUT_RATE_HZ } from './rtp-receiver.ts'
import { runProgram } from './run-program.ts'
import { seededRandom } from './seeded-random.ts'

export type SpeechRecogniser = {
  kind: 'pocketsphinx' | 'loudness' | 'none'
  /** @param samples mono at 24 kHz. pocketsphinx recognises English only. */
  recognise: (samples: Int16Array, language: 'en' | 'es') => Promise<RecognisedSpeech>
  /** The beginning of a question that is still being spoken; null for none. */
  recognisePartial: (samples: Int16Array, language: 'en' | 'es') => Promise<string | null>
  /** Questions with a word that the dictionary lacks. */
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

/**
 * Mean acoustic score of a frame, relative to the best score of any sound there (0). For the sample handbook's
 * questions it is above −54, with one exception in a hundred; for other sentences it is mostly below −56.
 */
const WORST_MEAN_SCORE = -55

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

/** Matches the recogniser's output with the whole of one question. */
export const matchQuestion = (
  segments: readonly Segment[],
  grammar: QuestionGrammar
): RecognisedSpeech => {
  const words = segments.filter(({ word }) => !word.startsWith('<'))
  const question = grammar.questionOf(words.map(({ word }) => word))
  if (question === undefined) return { kind: 'unclear' }
  const frames = words.reduce((sum, { startFrame, endFrame }) => sum + endFrame - startFrame, 0)
  const meanScore = words.reduce((sum, { score }) => sum + score, 0) / Math.max(1, frames)
  if (meanScore < WORST_MEAN_SCORE) return { kind: 'unclear' }
  const isWhole = segments.every((segment, index) => {
    if (!segment.word.startsWith('<')) return true
    const atEdge = index === 0 || index === segments.length - 1
    const length = segment.endFrame - segment.startFrame
    return length <= (atEdge ? LONGEST_EDGE_FRAMES : LONGEST_PAUSE_FRAMES)
  })
  return isWhole ? { kind: 'recognised', text: question } : { kind: 'unclear' }
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

const withoutRecogniser = (): SpeechRecogniser => ({
  kind: 'none',
  recognise: async (_samples, language) => ({
    kind: 'unable',
    reason: language === 'en' ? 'no_recogniser' : 'language'
  }),
  recognisePartial: async () => null,
  unpronounceable: [],
  close: async () => undefined
})

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

/**
 * Checks once, at start, for pocketsphinx and its model, and builds the grammar.
 * @param questions the English questions, as transcripts shall spell them.
 */
export const openSpeechRecogniser = async (
  questions: readonly string[]
): Promise<SpeechRecogniser> => {
  // Without arguments an installed program lists its options and fails.
  const found = await runProgram(PROGRAM, [], '', RECOGNISE_TIMEOUT_MS)
  const missing = !found.ok && found.reason === 'missing'
  if (missing || !(await exists(join(MODEL, 'en-us', 'mdef')))) return withoutRecogniser()

  const grammar = questionGrammar(
    questions,
    readPronunciations(
      (await readFile(join(MODEL, 'cmudict-en-us.dict'), 'utf8')) + KITCHEN_PRONUNCIATIONS
    )
  )
  const folder = await mkdtemp(join(tmpdir(), 'heard-recogniser-'))
  const files = {
    grammar: join(folder, 'questions.fsg'),
    openGrammar: join(folder, 'beginnings.fsg'),
    dictionary: join(folder, 'questions.dict'),
    fillers: join(folder, 'fillers.dict')
  }
  await Promise.all([
    writeFile(files.grammar, grammar.fsg),
    writeFile(files.openGrammar, grammar.openFsg),
    writeFile(files.dictionary, grammar.dictionary),
    writeFile(files.fillers, FILLERS)
  ])
  let count = 0

  const runRecogniser = async (samples: Int16Array, grammarFile: string): Promise<Segment[]> => {
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
          ...['-fsg', grammarFile, '-hypseg', join(place, 'segments'), '-logfn', '/dev/null'],
          // Wider than the defaults, which lose one question in ten.
          ...['-beam', '1e-60', '-wbeam', '1e-40', '-pbeam', '1e-60']
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

  return {
    kind: 'pocketsphinx',
    recognise: async (samples, language) => {
      if (language !== 'en') return { kind: 'unable', reason: 'language' }
      const speech = trimSilence(samples, INPUT_RATE_HZ)
      if (speech === null || speech.length > (LONGEST_SPEECH_MS * INPUT_RATE_HZ) / 1_000)
        return { kind: 'unclear' }
      return matchQuestion(await runRecogniser(speech, files.grammar), grammar)
    },
    recognisePartial: async (samples, language) => {
      const speech = language === 'en' ? trimSilence(samples, INPUT_RATE_HZ) : null
      if (speech === null) return null
      const segments = await runRecogniser(speech, files.openGrammar)
      const words = segments.map(({ word }) => word).filter((word) => !word.startsWith('<'))
      return grammar.beginningOf(words) ?? null
    },
    unpronounceable: grammar.unpronounceable,
    close: () => rm(folder, { recursive: true, force: true })
  }
}
