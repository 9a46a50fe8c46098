// What the grouping of unanswered questions makes of real sentences in both languages: with the vectors of the local
// stand-in, which share words and not meanings, and by words alone. It says what does come together and what does not;
// with the vectors of a model that understands more does, and how much is not known here (docs/decisions/0038-gaps.md).
import { beforeEach, describe, expect, it } from 'vitest'
import { embed } from '../../dev/openai/lexical-embeddings.ts'
import { EMBEDDING_DIMENSIONS } from '../../supabase/functions/_shared/embedding.ts'
import { recordQuestion } from './support/asked-questions.ts'
import { MEANINGS } from './support/gap-questions.ts'
import { setUpRestaurants } from './support/restaurants.ts'

const LANGUAGES = ['en', 'es'] as const

type Question = { meaning: string; language: (typeof LANGUAGES)[number]; text: string }

/** As they may come in: the first of each meaning and language, then the second of each, and so on. */
const QUESTIONS: readonly Question[] = [0, 1, 2, 3].flatMap((turn) =>
  MEANINGS.flatMap(({ name, ...texts }) =>
    LANGUAGES.flatMap((language) => {
      const text = texts[language][turn]
      return text === undefined ? [] : [{ meaning: name, language, text }]
    })
  )
)

const restaurants = setUpRestaurants()
beforeEach(async () => {
  await restaurants.clear('asked_questions', 'question_gaps')
})

/** Asks all of them, unanswered. Returns the gaps, each as its questions in the order they came. */
const grouped = async (vectorOf: (text: string) => Float32Array | null): Promise<Question[][]> => {
  const { database } = restaurants
  const asked = new Map<string, Question>()
  for (const question of QUESTIONS) {
    const vector = vectorOf(question.text)
    const id = await recordQuestion(database, {
      question: question.text,
      language: question.language,
      ...(vector === null ? {} : { vector: [...vector] })
    })
    asked.set(id, question)
  }
  const rows = await database.query<{ question_id: string; gap_id: string }>(
    'select question_id, gap_id from public.asked_questions'
  )
  const gapOf = new Map(rows.map((row) => [row.question_id, row.gap_id]))
  const gaps = Map.groupBy(asked, ([id]) => gapOf.get(id))
  return [...gaps.values()].map((questions) => questions.map(([, question]) => question))
}

/** Those that have more than one question in them, as they were asked. */
const together = (gaps: readonly Question[][]): string[][] =>
  gaps.filter(({ length }) => length > 1).map((gap) => gap.map(({ text }) => text))

const meaningsIn = (gap: readonly Question[]): string[] => [
  ...new Set(gap.map(({ meaning }) => meaning))
]

/** What comes together either way. Most paraphrases do not: a manager reads a meaning about twice in each language. */
const BY_ANY = [
  ['¿Dónde están los delantales de repuesto?', '¿Dónde hay más delantales?'],
  ['What is the wifi password?', 'How do I get on the wifi?'],
  [
    'How do I clean the espresso machine?',
    'What is the right way to clean the espresso machine?',
    'Cleaning the espresso machine at night, how does it go?'
  ],
  ['¿Quién les da de comer a las langostas?', '¿Las langostas del tanque comen?']
]

describe('of 43 questions with 8 meanings, in two languages', () => {
  it('no two of different meanings come together by the stand-in’s vectors, and nine of one do', async () => {
    const gaps = await grouped((text) => embed(text, EMBEDDING_DIMENSIONS))
    expect(gaps.filter((gap) => meaningsIn(gap).length > 1)).toEqual([])
    expect(together(gaps)).toEqual(BY_ANY)
    expect(gaps).toHaveLength(38)
  })

  it('no two of different meanings come together by words alone, and nine of one do', async () => {
    const gaps = await grouped(() => null)
    expect(gaps.filter((gap) => meaningsIn(gap).length > 1)).toEqual([])
    expect(together(gaps)).toEqual(BY_ANY)
    expect(gaps).toHaveLength(38)
  })

  it('two of different meanings stay below the threshold by the stand-in’s vectors, and so do two languages', () => {
    const vectors = QUESTIONS.map(({ text }) => embed(text, EMBEDDING_DIMENSIONS))
    const cosines = QUESTIONS.flatMap((one, at) =>
      QUESTIONS.slice(at + 1).map((other, further) => {
        const [a, b] = [vectors[at], vectors[at + 1 + further]]
        // Unit vectors.
        const cosine = a?.reduce((sum, value, place) => sum + value * (b?.[place] ?? 0), 0) ?? 0
        return {
          cosine,
          isSame: one.meaning === other.meaning,
          isOneLanguage: one.language === other.language
        }
      })
    )
    const most = (wanted: (pair: (typeof cosines)[number]) => boolean): number =>
      Math.max(...cosines.filter(wanted).map(({ cosine }) => cosine))
    const strangers = most(({ isSame }) => !isSame)
    expect(strangers).toBeLessThan(0.65)
    expect(strangers).toBeGreaterThan(0.55)
    expect(cosines.filter(({ cosine, isSame }) => isSame && cosine >= 0.7)).toHaveLength(6)
    expect(most(({ isOneLanguage }) => !isOneLanguage)).toBeLessThan(0.7)
  })
})
