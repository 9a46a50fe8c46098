// Tests report_answer: what a report changes, and when it puts a question into a gap.
import { randomUUID } from 'node:crypto'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Viewer } from '../../dev/supabase/database.ts'
import { recordQuestion } from './support/asked-questions.ts'
import {
  codeOf,
  errorOf,
  HARBOR,
  HARBOR_BRAND,
  type Person,
  PIER,
  setUpRestaurants
} from './support/restaurants.ts'
import { addSection } from './support/sections.ts'

const restaurants = setUpRestaurants()
let chicken: string
let cooling: string
let brandCooling: string
beforeAll(async () => {
  const text = (title: string, content: string) => ({ en: { title, passages: [content] } })
  const { database } = restaurants
  chicken = await addSection(database, HARBOR, 'chicken', text('Chicken', 'Cook it to 165 °F.'))
  brandCooling = await addSection(
    database,
    { brand: HARBOR_BRAND },
    'cooling',
    text('Cooling', 'Cool within six hours.')
  )
  cooling = await addSection(database, HARBOR, 'cooling', text('Cooling', 'Cool within four.'))
  await addSection(database, PIER, 'oysters', text('Oysters', 'Keep the tags for 90 days.'))
})
beforeEach(async () => {
  await restaurants.clear('asked_questions', 'question_gaps', 'counted_questions')
})

/** Charges and records a question. Returns its id. */
const ask = async (
  question: string,
  {
    isFound = true,
    by = restaurants.cook,
    id = randomUUID()
  }: { isFound?: boolean; by?: Person; id?: string } = {}
): Promise<string> =>
  recordQuestion(restaurants.database, {
    id,
    question,
    isFound,
    by,
    ...(isFound ? { section: chicken } : {})
  })

type Report = {
  outcome?: string | null
  slugs?: string[] | null
  quotes?: number | null
  figures?: number | null
}
const report = (
  id: string | null,
  { outcome = 'answered', slugs = [], quotes = 0, figures = 0 }: Report,
  by: Viewer = restaurants.cook,
  groupId = HARBOR
): Promise<unknown> =>
  restaurants.as(by, 'select public.report_answer($1, $2, $3, $4, $5, $6)', [
    groupId,
    id,
    outcome,
    slugs,
    quotes,
    figures
  ])
const NOT_FOUND: Report = { outcome: 'not_found' }
const MISSING: Report = { outcome: 'missing' }
const answeredFrom = (...slugs: string[]): Report => ({ slugs })

const rate = (id: string, rating: 'up' | 'down'): Promise<unknown> =>
  restaurants.as(restaurants.cook, 'select public.rate_answer($1, $2, $3)', [HARBOR, id, rating])

type Asked = {
  is_found: boolean
  outcome: string | null
  answered_from: string[]
  answered_section_id: string | null
  unverified_quotes: number | null
  unverified_figures: number | null
  gap_reasons: string[]
  is_in_gap: boolean
}
const asked = async (id: string): Promise<Asked | undefined> => {
  const [row] = await restaurants.database.query<Asked>(
    `select is_found, outcome, answered_from, answered_section_id, unverified_quotes, unverified_figures, gap_reasons,
       gap_id is not null as is_in_gap
     from public.asked_questions where question_id = $1`,
    [id]
  )
  return row
}
type Gap = {
  example: string
  questions: number
  not_found: number
  rated_down: number
  unverified: number
  section_slug: string | null
}
const gaps = (): Promise<Gap[]> =>
  restaurants.as<Gap>(restaurants.manager, 'select * from public.list_gaps($1)', [HARBOR_BRAND])

describe('a question with a search result', () => {
  it('is in a gap when the report is not_found', async () => {
    const id = await ask('Where is the mop bucket?')
    expect(await gaps()).toEqual([])
    await report(id, NOT_FOUND)
    expect(await asked(id)).toMatchObject({
      is_found: true,
      outcome: 'not_found',
      gap_reasons: ['not_found'],
      is_in_gap: true
    })
    expect(await gaps()).toMatchObject([
      { example: 'Where is the mop bucket?', questions: 1, not_found: 1 }
    ])
  })

  it('joins the gap of its meaning', async () => {
    await ask('the mop bucket', { isFound: false })
    await report(await ask('Where is the mop bucket?'), NOT_FOUND)
    expect(await gaps()).toMatchObject([{ questions: 2, not_found: 2 }])
  })

  it('has the sections of its answer, and is in no gap', async () => {
    const id = await ask('How fast does chicken cool?')
    await report(id, answeredFrom('cooling', 'chicken'))
    expect(await asked(id)).toEqual({
      is_found: true,
      outcome: 'answered',
      answered_from: ['cooling', 'chicken'],
      // The restaurant's own, which hides the brand's.
      answered_section_id: cooling,
      unverified_quotes: 0,
      unverified_figures: 0,
      gap_reasons: [],
      is_in_gap: false
    })
    expect(cooling).not.toBe(brandCooling)
    expect(await gaps()).toEqual([])
  })

  it('has no section of another restaurant and no unknown one', async () => {
    const id = await ask('How hot is chicken?')
    await report(id, answeredFrom('oysters', 'chicken', 'chicken', 'no-such-thing'))
    expect(await asked(id)).toMatchObject({
      answered_from: ['chicken'],
      answered_section_id: chicken
    })
    await report(id, { slugs: null })
    expect(await asked(id)).toMatchObject({ answered_from: [], answered_section_id: null })
  })

  it('gives its gap the section of its answer when that is rated down', async () => {
    const id = await ask('How hot is chicken?')
    await report(id, answeredFrom('cooling'))
    await rate(id, 'down')
    expect(await gaps()).toMatchObject([{ section_slug: 'cooling' }])
  })
})

describe('an unverified answer', () => {
  it.each([
    ['a quote', { quotes: 1 }],
    ['a figure', { figures: 2 }],
    ['a figure and no report of the model', { ...MISSING, figures: 1 }]
  ])('with %s puts its question into a gap', async (_name, unverified) => {
    const id = await ask('How hot is chicken?')
    await report(id, { slugs: ['chicken'], ...unverified })
    expect(await asked(id)).toMatchObject({ gap_reasons: ['unverified'], is_in_gap: true })
    expect(await gaps()).toMatchObject([
      { questions: 1, not_found: 0, rated_down: 0, unverified: 1, section_slug: 'chicken' }
    ])
  })

  it('counts for each of its reasons, and stays in the gap for the others', async () => {
    const id = await ask('How hot is chicken?', { isFound: false })
    await report(id, { ...NOT_FOUND, figures: 1 })
    await rate(id, 'down')
    expect(await gaps()).toMatchObject([
      { questions: 1, not_found: 1, rated_down: 1, unverified: 1 }
    ])
    await report(id, answeredFrom('chicken'))
    await rate(id, 'up')
    expect(await asked(id)).toMatchObject({ gap_reasons: ['not_found'], is_in_gap: true })
  })
})

describe('a missing report', () => {
  it('is recorded and makes no gap', async () => {
    const id = await ask('mop')
    await report(id, { ...MISSING, slugs: ['chicken'] })
    expect(await asked(id)).toMatchObject({
      outcome: 'missing',
      answered_from: [],
      answered_section_id: null,
      unverified_quotes: 0,
      unverified_figures: 0,
      is_in_gap: false
    })
    expect(await gaps()).toEqual([])
  })

  it.each([
    ['answered', answeredFrom('chicken'), false],
    ['not_found', NOT_FOUND, true],
    ['unverified', { slugs: ['chicken'], quotes: 2 }, true]
  ])('never replaces a report of %s', async (_name, first, isInGap) => {
    const id = await ask('mop')
    await report(id, first)
    const before = await asked(id)
    expect(before).toMatchObject({ is_in_gap: isInGap })
    for (const late of [MISSING, { ...MISSING, figures: 3 }]) await report(id, late)
    expect(await asked(id)).toEqual(before)
  })

  it('is replaced by a later report, missing or not', async () => {
    const id = await ask('mop')
    await report(id, { ...MISSING, figures: 1 })
    await report(id, MISSING)
    expect(await asked(id)).toMatchObject({ unverified_figures: 0, is_in_gap: false })
    await report(id, answeredFrom('chicken'))
    expect(await asked(id)).toMatchObject({ outcome: 'answered', answered_from: ['chicken'] })
  })
})

describe('a report', () => {
  it('is idempotent', async () => {
    const id = await ask('mop')
    await report(id, NOT_FOUND)
    await report(id, NOT_FOUND)
    expect(await gaps()).toMatchObject([{ questions: 1 }])
  })

  it.each([
    ['not_found', NOT_FOUND],
    ['unverified', { slugs: ['chicken'], quotes: 1, figures: 1 }]
  ])(
    'takes the question out of its gap after %s, and deletes the empty gap',
    async (_name, first) => {
      const id = await ask('mop')
      await report(id, first)
      expect(await asked(id)).toMatchObject({ is_in_gap: true })
      await report(id, answeredFrom('chicken'))
      expect(await asked(id)).toMatchObject({ outcome: 'answered', is_in_gap: false })
      expect(await restaurants.database.query('select id from public.question_gaps')).toEqual([])
    }
  )

  it('leaves a question in the gap of a rating or a search without a result', async () => {
    const rated = await ask('mop')
    await rate(rated, 'down')
    const unfound = await ask('apron', { isFound: false })
    for (const id of [rated, unfound]) {
      await report(id, answeredFrom('chicken'))
      expect(await asked(id)).toMatchObject({ is_in_gap: true })
    }
  })

  it('leaves a not_found question in its gap after a thumb up', async () => {
    const id = await ask('mop')
    await report(id, NOT_FOUND)
    await rate(id, 'up')
    expect(await gaps()).toMatchObject([{ questions: 1, not_found: 1 }])
  })

  it('is cleared when the question is searched again', async () => {
    const id = await ask('mop')
    await report(id, { ...NOT_FOUND, figures: 1 })
    await ask('mop', { id })
    expect(await asked(id)).toMatchObject({
      outcome: null,
      answered_from: [],
      unverified_quotes: null,
      unverified_figures: null,
      is_in_gap: false
    })
    expect(await gaps()).toEqual([])
  })

  it('changes nothing for a person who has not asked', async () => {
    const id = await ask('mop')
    for (const other of [restaurants.lead, restaurants.manager]) await report(id, NOT_FOUND, other)
    expect(await asked(id)).toMatchObject({ outcome: null, is_in_gap: false })
    const elsewhere = await errorOf(report(id, NOT_FOUND, restaurants.sister))
    expect(elsewhere).toMatchObject({ code: 'HR001', message: 'not_a_member' })
  })

  it('changes nothing for a deleted or unknown question', async () => {
    const id = await ask('mop')
    await restaurants.database.query('delete from public.asked_questions')
    await report(id, NOT_FOUND)
    await report(randomUUID(), NOT_FOUND)
    expect(await gaps()).toEqual([])
    const left = await restaurants.database.query('select id from public.question_gaps')
    expect(left).toEqual([])
  })

  it.each([
    ['no question', { id: null }],
    ['no outcome', { outcome: null }],
    ['another outcome', { outcome: 'guessed' }],
    ['more sections than an answer has', { slugs: Array(11).fill('chicken') }],
    ['no count of quotes', { quotes: null }],
    ['no count of figures', { figures: null }],
    ['fewer quotes than none', { quotes: -1 }],
    ['more quotes than sources', { quotes: 11 }],
    ['more figures than an answer has', { figures: 101 }]
  ])('is refused with %s', async (_name, given) => {
    const { id = randomUUID(), ...rest }: { id?: string | null } & Report = given
    expect(await codeOf(report(id, rest))).toBe('HR400')
  })
})
