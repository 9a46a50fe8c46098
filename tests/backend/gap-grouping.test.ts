// Groups real questions in two languages by the stand-in's vectors, which know words and no meanings, and by words alone.
// A real model groups more (docs/decisions/0014-gaps-and-retention.md).
import { beforeEach, describe, expect, it } from 'vitest'
import { embed } from '../../dev/openai/lexical-embeddings.ts'
import { EMBEDDING_DIMENSIONS } from '../../supabase/functions/_shared/embedding.ts'
import { recordQuestion } from './support/asked-questions.ts'
import { MEANINGS } from './support/gap-questions.ts'
import { setUpRestaurants } from './support/restaurants.ts'

const LANGUAGES = ['en', 'es'] as const

type Question = { meaning: string; language: (typeof LANGUAGES)[number]; text: string }

/** The first of each meaning and language, then the second of each, and so on. */
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

/** Asks all of them without an answer. Returns the gaps, each as its questions in order. */
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

/** The texts of gaps with more than one question. */
const together = (gaps: readonly Question[][]): string[][] =>
  gaps.filter(({ length }) => length > 1).map((gap) => gap.map(({ text }) => text))

const meaningsIn = (gap: readonly Question[]): string[] => [
  ...new Set(gap.map(({ meaning }) => meaning))
]

/** Gaps by vectors and by words. Most paraphrases stay apart: a manager reads a meaning about twice per language. */
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

describe('43 questions with 8 meanings in two languages', () => {
  it.each([
    ['by the stand-in’s vectors', (text: string) => embed(text, EMBEDDING_DIMENSIONS)],
    ['by words alone', () => null]
  ] as const)('share a gap %s only within a meaning', async (_how, vectorOf) => {
    const gaps = await grouped(vectorOf)
    expect(gaps.filter((gap) => meaningsIn(gap).length > 1)).toEqual([])
    expect(together(gaps)).toEqual(BY_ANY)
    expect(gaps).toHaveLength(38)
  })

  it('stay below the threshold by the stand-in’s vectors across meanings and languages', () => {
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
