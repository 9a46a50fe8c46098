// What the sample handbook answers, on the development half of the evaluation's questions: not how good the search is (that
// is `npm run eval:handbook`, on the other half), but that it does not become worse without anybody noticing.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { EMBEDDING_BATCH } from '../../local/backend/embeddings.ts'
import { HANDBOOK_FOLDER, readHandbookFolder } from '../../local/backend/handbook-files.ts'
import type { Search } from '../evaluation/answer.ts'
import { embeddingSource, vectorsOf } from '../evaluation/embedding-source.ts'
import { type HandbookDatabase, openHandbookDatabase } from '../evaluation/handbook-database.ts'
import { judge, type Measure } from '../evaluation/judging.ts'
import { half, loadQuestions, QUESTION_FOLDER } from '../evaluation/question-set.ts'
import { type Judged, rowsOf } from '../evaluation/rows.ts'
import { heardSearch } from '../evaluation/searches/heard.ts'

/** Measured, less what a question or two of 256 are worth. */
const NO_WORSE_THAN: Partial<Record<Measure, number>> = {
  'recall@1': 0.82,
  'recall@3': 0.92,
  'given to the model': 0.87,
  'refused when unanswerable': 0.08
}
const NO_MORE_THAN: Partial<Record<Measure, number>> = {
  'refused when answerable': 0.03,
  'answered outright when unanswerable': 0.05,
  'answered with a maybe': 0.72,
  'wrong number': 0.09,
  'section of another restaurant': 0
}

let prepared: HandbookDatabase
let search: Search
let shares: Map<Measure, number>
const outOfOrder: string[] = []
let cited = 0
let answered = 0
beforeAll(async () => {
  const handbook = await readHandbookFolder(HANDBOOK_FOLDER)
  const questions = (await loadQuestions(QUESTION_FOLDER)).filter(
    (question) => half(question) === 'development'
  )
  // Never the real service's: a test asks nobody outside.
  const { embed } = embeddingSource({})
  prepared = await openHandbookDatabase(handbook, embed, () => {})
  const vectors = await vectorsOf(
    embed,
    [...new Set(questions.map(({ text }) => text))],
    EMBEDDING_BATCH
  )
  search = await heardSearch(prepared, vectors)
  const judged: Judged[] = []
  for (const question of questions) {
    const answer = await search.ask(question)
    if (answer.decision !== 'not_found') {
      answered += 1
      cited += new Set(answer.passages.slice(0, answer.given).map(({ slug }) => slug)).size
      if (answer.given === 0) outOfOrder.push(question.id)
    }
    judged.push({ question, judgement: judge(question, answer, handbook) })
  }
  shares = new Map(
    rowsOf(search.name, judged, 'development')
      .filter(({ language, kind }) => language === 'all' && kind === 'all')
      .map(({ name, value }) => [name, value])
  )
})
afterAll(() => prepared.database.close())

describe('on the development half of the questions', () => {
  it.each(Object.entries(NO_WORSE_THAN))('%s is at least %d', (name, bound) => {
    expect(shares.get(name as Measure)).toBeGreaterThanOrEqual(bound)
  })

  it.each(Object.entries(NO_MORE_THAN))('%s is at most %d', (name, bound) => {
    expect(shares.get(name as Measure)).toBeLessThanOrEqual(bound)
  })

  it('takes an answer from the first row whenever there is one', () => {
    expect(outOfOrder).toEqual([])
  })

  it('cites a title or two, not a bibliography', () => {
    expect(cited / answered).toBeLessThanOrEqual(1.6)
  })
})

it('answers what a section says it answers outright, from that section alone', async () => {
  const { decision, passages, given } = await search.ask({
    id: 'hr-en-0000',
    group: 'harbor-and-rye',
    language: 'en',
    kind: 'plain',
    text: 'How hot does chicken have to be?',
    sections: ['cooking-temperatures']
  })
  expect(decision).toBe('answer')
  expect(new Set(passages.slice(0, given).map(({ slug }) => slug))).toEqual(
    new Set(['cooking-temperatures'])
  )
})
