// The stand-in's ears: pocketsphinx as a process of its own, with a grammar of the questions it was given. What
// it answers is one of those questions, word for word, or that it did not hear one.
import { access, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Hearing } from './conversation.ts'
import { INPUT_RATE_HZ } from './listener.ts'
import { runProgram } from './program.ts'
import { type QuestionGrammar, questionGrammar, readPronunciations } from './question-grammar.ts'
import { resample } from './resample.ts'
import { writeWav } from './wav.ts'

export type HeardSpeech = Exclude<Hearing, { kind: 'pending' }>

export type Ears = {
  kind: 'pocketsphinx' | 'none'
  /** @param samples mono at 24 kHz. Only English is understood. */
  listen: (samples: Int16Array, language: 'en' | 'es') => Promise<HeardSpeech>
  /** Questions with a word that cannot be pronounced. */
  unpronounceable: readonly string[]
  close: () => Promise<void>
}

/** Debian's pocketsphinx; its `_continuous` sibling would cut a question at a pause, this one does not. */
const PROGRAM = 'pocketsphinx_batch'
const MODEL = '/usr/share/pocketsphinx/model/en-us'

/** What the acoustic model was trained on. */
const RECOGNISER_RATE_HZ = 16_000

/** A question takes 0.2 to 0.4 s on a quiet machine. */
const LISTEN_TIMEOUT_MS = 15_000

/** Longer than any question; the recogniser's time grows with it. */
const LONGEST_SPEECH_MS = 20_000

/** Frames of the recogniser's own clock. */
const FRAMES_PER_SECOND = 100

/**
 * Mean acoustic score of a frame, relative to the best score any sound gets there (0). Measured over the sample
 * handbook's questions: spoken ones lie above −62, other sentences that were forced into a question below −60.
 */
const WORST_MEAN_SCORE = -61

/** A "pause" inside a question longer than this means that something else was said there. */
const LONGEST_PAUSE_FRAMES = 0.9 * FRAMES_PER_SECOND

/** The ends are trimmed to a quarter of a second: more "silence" than this is speech nobody asked about. */
const LONGEST_EDGE_FRAMES = 0.5 * FRAMES_PER_SECOND

/** Level over the quietest parts that counts as sound when the ends are trimmed. */
const TRIM_LEVEL = 200
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

/** Decides whether what the recogniser wrote is one of the questions, said whole. */
export const understood = (segments: readonly Segment[], grammar: QuestionGrammar): HeardSpeech => {
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
  return isWhole ? { kind: 'heard', text: question } : { kind: 'unclear' }
}

/** Cuts the silence of a held key off both ends; null when there is nothing but silence. */
export const trimmed = (samples: Int16Array, rateHz: number): Int16Array | null => {
  const isSound = (sample: number): boolean => Math.abs(sample) > TRIM_LEVEL
  const first = samples.findIndex(isSound)
  if (first < 0) return null
  const last = samples.findLastIndex(isSound)
  const margin = (TRIM_MARGIN_MS * rateHz) / 1_000
  return samples.slice(Math.max(0, first - margin), Math.min(samples.length, last + margin))
}

const deaf = (): Ears => ({
  kind: 'none',
  listen: async (_samples, language) => ({
    kind: 'unable',
    reason: language === 'en' ? 'no_recogniser' : 'language'
  }),
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

/** The model's own filler dictionary has noise words, which would swallow what is not in the grammar. */
const FILLERS = '<s> SIL\n</s> SIL\n<sil> SIL\n'

/**
 * Finds out once, at start, whether there are ears, and builds their grammar.
 * @param questions the English questions, as they are to be told back.
 */
export const openEars = async (questions: readonly string[]): Promise<Ears> => {
  // Without arguments the program lists its options and fails: it is there.
  const found = await runProgram(PROGRAM, [], '', LISTEN_TIMEOUT_MS)
  const missing = !found.ok && found.reason === 'missing'
  if (missing || !(await exists(join(MODEL, 'en-us', 'mdef')))) return deaf()

  const grammar = questionGrammar(
    questions,
    readPronunciations(await readFile(join(MODEL, 'cmudict-en-us.dict'), 'utf8'))
  )
  const folder = await mkdtemp(join(tmpdir(), 'heard-ears-'))
  const files = {
    grammar: join(folder, 'questions.fsg'),
    dictionary: join(folder, 'questions.dict'),
    fillers: join(folder, 'fillers.dict')
  }
  await Promise.all([
    writeFile(files.grammar, grammar.fsg),
    writeFile(files.dictionary, grammar.dictionary),
    writeFile(files.fillers, FILLERS)
  ])
  let count = 0

  const recognise = async (speech: Int16Array): Promise<HeardSpeech> => {
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
          ...['-fsg', files.grammar, '-hypseg', join(place, 'segments'), '-logfn', '/dev/null'],
          // Wider than the defaults, which lose one question in ten on the way.
          ...['-beam', '1e-60', '-wbeam', '1e-40', '-pbeam', '1e-60']
        ],
        '',
        LISTEN_TIMEOUT_MS
      )
      if (!result.ok) return { kind: 'unclear' }
      const line = await readFile(join(place, 'segments'), 'utf8')
      return understood(readSegments(line), grammar)
    } finally {
      await rm(place, { recursive: true, force: true })
    }
  }

  return {
    kind: 'pocketsphinx',
    listen: async (samples, language) => {
      if (language !== 'en') return { kind: 'unable', reason: 'language' }
      const speech = trimmed(samples, INPUT_RATE_HZ)
      if (speech === null || speech.length > (LONGEST_SPEECH_MS * INPUT_RATE_HZ) / 1_000)
        return { kind: 'unclear' }
      return recognise(resample(speech, INPUT_RATE_HZ, RECOGNISER_RATE_HZ))
    },
    unpronounceable: grammar.unpronounceable,
    close: () => rm(folder, { recursive: true, force: true })
  }
}
