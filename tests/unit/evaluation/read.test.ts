// Search and reader together: what the reader says is what is judged, in the order in which it says it.
import { expect, it } from 'vitest'
import type { Handbook } from '../../../local/backend/handbook-files.ts'
import type { Answer, RankedPassage, Search } from '../../evaluation/answer.ts'
import type { EvaluationQuestion } from '../../evaluation/question-set.ts'
import { readSearch } from '../../evaluation/searches/read.ts'

const TEXTS = {
  cooking: 'Cook chicken to 165 °F.',
  storing: 'Raw chicken goes on the lowest shelf of the walk-in.'
}
const HANDBOOK: Handbook = {
  groups: [
    {
      slug: 'harbor',
      name: 'Harbor',
      sections: Object.entries(TEXTS).map(([slug, content]) => ({
        slug,
        category: 'food',
        order: 1,
        texts: { en: { title: slug, content, questions: [] } }
      }))
    }
  ],
  unanswered: { en: [], es: [] },
  problems: []
}
const passage = (slug: keyof typeof TEXTS): RankedPassage => ({
  group: 'harbor',
  slug,
  language: 'en',
  text: TEXTS[slug],
  anchor: ''
})
const question = (text: string): EvaluationQuestion => ({
  id: 'hr-en-0001',
  group: 'harbor',
  language: 'en',
  kind: 'plain',
  text,
  sections: ['cooking']
})
const read = (text: string, answer: Answer): Promise<Answer> => {
  const heard: Search = { name: 'heard', about: '', ask: async () => answer }
  return readSearch(heard, HANDBOOK).ask(question(text))
}
const BOTH = [passage('storing'), passage('cooking')]

it('a maybe that is answered is an answer, from the section that it was taken from first', async () => {
  const found: Answer = { decision: 'maybe', passages: BOTH, given: 2 }
  const answer = await read('How hot does chicken have to be?', found)
  expect(answer.decision).toBe('answer')
  expect(answer.passages.map(({ slug }) => slug)).toEqual(['cooking', 'storing'])
})

it('a maybe that is not is a refusal, and what was found is still told', async () => {
  const found: Answer = { decision: 'maybe', passages: BOTH, given: 2 }
  const answer = await read('How hot does rabbit have to be?', found)
  expect(answer).toEqual({ ...found, decision: 'not_found' })
})

it('what the search is sure of is answered, and what it has not found is not', async () => {
  const rabbit = 'How hot does rabbit have to be?'
  expect((await read(rabbit, { decision: 'answer', passages: BOTH, given: 2 })).decision).toBe(
    'answer'
  )
  const none: Answer = { decision: 'not_found', passages: BOTH, given: 0 }
  expect(await read('How hot does chicken have to be?', none)).toEqual(none)
})

it('reads no more than the model is given', async () => {
  const found: Answer = { decision: 'maybe', passages: BOTH, given: 1 }
  expect((await read('How hot does chicken have to be?', found)).decision).toBe('not_found')
})
