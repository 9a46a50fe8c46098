// Guards the search quality on the development halves of both question sets.
// `npm run eval:handbook` measures it on the test halves.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { embeddingSource, vectorsOf } from '../../bench/evaluation/embedding-source.ts'
import { askedOf, evaluateSearch } from '../../bench/evaluation/evaluate-search.ts'
import {
  type HandbookDatabase,
  openHandbookDatabase
} from '../../bench/evaluation/handbook-database.ts'
import { half, loadSet, SET_NAMES } from '../../bench/evaluation/question-set.ts'
import { buildResultRows } from '../../bench/evaluation/result-rows.ts'
import { productSearch } from '../../bench/evaluation/searches/product-search.ts'
import { EMBEDDING_BATCH } from '../../dev/supabase/seed-embeddings.ts'

/** The measured share of facts, less two questions: 1 % of the sample set, 3 % of the held-out set. */
const BOUNDS = [
  { set: 'sample', sent: 'own words', atLeast: 0.95 },
  { set: 'sample', sent: 'named', atLeast: 0.99 },
  { set: 'held-out', sent: 'own words', atLeast: 0.8 },
  { set: 'held-out', sent: 'named', atLeast: 0.95 }
] as const

let prepared: HandbookDatabase
const values = new Map<string, number>()
const shareOf = (set: string, sent: string, measure: string) =>
  values.get(`${set} ${sent} ${measure}`)

beforeAll(async () => {
  const sets = await Promise.all(SET_NAMES.map(loadSet))
  // Without a key, the stand-in makes the vectors.
  const { embed } = embeddingSource({})
  const groups = sets.flatMap(({ handbook }) => handbook.groups)
  prepared = await openHandbookDatabase(groups, embed, () => {})
  for (const set of sets) {
    const asked = askedOf(set).filter(({ question }) => half(question) === 'development')
    const texts = asked.flatMap(({ question, request }) => [question.text, request.restated])
    const vectors = await vectorsOf(embed, [...new Set(texts)], EMBEDDING_BATCH)
    for (const sent of ['own words', 'named'] as const) {
      const judged = await evaluateSearch(productSearch(prepared, sent, vectors), asked, () => {})
      for (const row of buildResultRows(sent, set.name, 'development', judged)) {
        if (row.language === 'all' && row.kind === 'all') {
          values.set(`${set.name} ${sent} ${row.name}`, row.value)
        }
      }
    }
  }
})
afterAll(() => prepared.database.close())

it.each(BOUNDS)('gives the facts of $atLeast of the $set set ($sent)', ({ set, sent, atLeast }) => {
  expect(shareOf(set, sent, 'facts given')).toBeGreaterThanOrEqual(atLeast)
})

it.each(BOUNDS)('stays in the $set handbook and its token budget ($sent)', ({ set, sent }) => {
  expect(shareOf(set, sent, 'section of another restaurant')).toBe(0)
  expect(shareOf(set, sent, 'wrongly withheld')).toBeLessThanOrEqual(0.005)
  expect(shareOf(set, sent, 'tokens, p95')).toBeLessThanOrEqual(1_200)
})
