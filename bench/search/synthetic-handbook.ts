// Generates handbooks of any size from a seed: passages of the sample handbook, mixed, with changed words and figures and
// unique names.
import { seededRandom } from '../../dev/openai/seeded-random.ts'
import { HANDBOOK_FOLDER, readHandbookFolder } from '../../dev/supabase/handbook-files.ts'
import { LANGUAGES, type Language } from '../../src/shared/language.ts'
import { splitIntoPassages } from '../../supabase/functions/_shared/passages.ts'
import type { TextPassage } from '../../supabase/functions/_shared/section-passages.ts'

export type SyntheticSection = {
  titles: Partial<Record<Language, string>>
  contents: Partial<Record<Language, string>>
  /** The example questions. */
  questions: Partial<Record<Language, string[]>>
  passages: TextPassage[]
}

/** A heading with its text. */
type Pair = Record<Language, { heading: string; text: string }>

type Sample = {
  pairs: Pair[]
  titles: Record<Language, string>[]
  /** By section. */
  questions: Record<Language, string[]>[]
  /** With repetitions: "water" is more frequent than "shuck". */
  words: Record<Language, string[]>
  /** Headings per section. */
  lengths: number[]
}

/** Long enough to be no function word. */
const CONTENT_WORD = /\p{L}{5,}/gu
const FIGURE = /\d+/g
/** Of the content words. */
const CHANGED_SHARE = 0.2
/** As in the sample: of 15 sections, one is in English only and one in Spanish only. */
const ONE_LANGUAGE_SHARE = 1 / 15

const SYLLABLES =
  'ba be bo ca co da de fa fi ga go la le li lo ma me mo na no pa pe ra ri ro sa so ta to va'
const NAME_SYLLABLES = SYLLABLES.split(' ')

const headingsOf = (content: string): Map<string, { heading: string; text: string }> =>
  new Map(
    splitIntoPassages(content).map(({ heading, text, ordinal }) => [
      String(ordinal),
      { heading, text }
    ])
  )

const readSample = async (): Promise<Sample> => {
  const { groups } = await readHandbookFolder(HANDBOOK_FOLDER)
  const sample: Sample = {
    pairs: [],
    titles: [],
    questions: [],
    words: { en: [], es: [] },
    lengths: []
  }
  for (const { texts } of groups.flatMap(({ sections }) => sections)) {
    const { en, es } = texts
    if (en === undefined || es === undefined) continue
    sample.titles.push({ en: en.title, es: es.title })
    sample.questions.push({ en: en.questions, es: es.questions })
    const spanish = headingsOf(es.content)
    let length = 0
    for (const [place, english] of headingsOf(en.content)) {
      const translated = spanish.get(place)
      if (translated === undefined) continue
      sample.pairs.push({ en: english, es: translated })
      length += 1
    }
    sample.lengths.push(length)
    for (const language of LANGUAGES) {
      const content = texts[language]?.content ?? ''
      sample.words[language].push(...(content.toLowerCase().match(CONTENT_WORD) ?? []))
    }
  }
  return sample
}

const oneOf = <T>(random: () => number, list: readonly T[]): T => {
  const chosen = list[Math.floor(random() * list.length)]
  if (chosen === undefined) throw new Error('The sample handbook has nothing to make sections of.')
  return chosen
}

const nameOf = (random: () => number): string => {
  const syllables = Array.from({ length: 3 }, () => oneOf(random, NAME_SYLLABLES)).join('')
  return syllables.charAt(0).toUpperCase() + syllables.slice(1)
}

/** Deterministic. */
export type MakeSection = (number: number) => SyntheticSection

export const createHandbook = async (seed: number): Promise<MakeSection> => {
  const sample = await readSample()
  return (number) => {
    const random = seededRandom(seed + number * 7_919)
    const name = nameOf(random)
    const varied = (language: Language, text: string): string =>
      text
        .replace(CONTENT_WORD, (word) =>
          random() < CHANGED_SHARE ? oneOf(random, sample.words[language]) : word
        )
        .replace(FIGURE, (figure) =>
          String(Math.max(1, Math.round(Number(figure) * (0.5 + random()))))
        )
    const parts = Array.from({ length: oneOf(random, sample.lengths) }, () =>
      oneOf(random, sample.pairs)
    )
    const title = oneOf(random, sample.titles)
    const share = random()
    const languages = LANGUAGES.filter((_, place) => {
      const isMissing =
        share >= place * ONE_LANGUAGE_SHARE && share < (place + 1) * ONE_LANGUAGE_SHARE
      return !isMissing
    })
    const made: SyntheticSection = { titles: {}, contents: {}, questions: {}, passages: [] }
    for (const language of languages) {
      const content = parts
        .map((pair, place) => {
          const { heading, text } = pair[language]
          return `## ${heading}${place === 0 ? ` ${name}` : ''}\n\n${varied(language, text)}`
        })
        .join('\n\n')
      made.titles[language] = `${title[language]} ${name}`
      made.contents[language] = content
      made.passages.push(
        ...splitIntoPassages(content).map(({ heading, anchor, ordinal, text }) => ({
          language,
          ordinal,
          heading,
          anchor,
          content: text
        }))
      )
    }
    const questions = oneOf(random, sample.questions)
    for (const language of languages) {
      made.questions[language] = questions[language].map((question) => varied(language, question))
    }
    return made
  }
}
