// What becomes of a question when whoever read the passages says what the answer was: report_answer on a real Postgres.
// That nobody else may say it is in rls.test.ts too.
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Viewer } from '../../local/backend/database.ts'
import {
  addSection,
  errorOf,
  HARBOR,
  HARBOR_BRAND,
  openRestaurants,
  type Person,
  PIER,
  type Restaurants
} from './support/restaurants.ts'

let restaurants: Restaurants
let chicken: string
let cooling: string
let brandCooling: string
beforeAll(async () => {
  restaurants = await openRestaurants()
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
afterAll(() => restaurants.database.close())
beforeEach(async () => {
  for (const table of ['asked_questions', 'question_gaps', 'questions_charged']) {
    await restaurants.database.query(`delete from public.${table}`)
  }
})

/** Asks as the kiosk's edge function does, with what the search is to have decided. Returns the question's id. */
const ask = async (
  question: string,
  decision: 'answer' | 'maybe' | 'not_found',
  { by = restaurants.cook, id = randomUUID() }: { by?: Person; id?: string } = {}
): Promise<string> => {
  await restaurants.database.transaction(async (sql) => {
    await sql.query('select private.charge_question($1, $2, $3)', [by.userId, HARBOR, id])
    await sql.query(
      `select private.record_question($1, $2, $3, 'en', $4, $5, 'keyword', $6, 10, null, 'none')`,
      [HARBOR, HARBOR_BRAND, id, question, decision, decision === 'not_found' ? null : chicken]
    )
  })
  return id
}
const report = (
  id: string | null,
  found: boolean | null,
  slugs: string[] | null = [],
  by: Viewer = restaurants.cook,
  groupId = HARBOR
): Promise<unknown> =>
  restaurants.as(by, 'select public.report_answer($1, $2, $3, $4)', [groupId, id, found, slugs])
const rate = (id: string, rating: 'up' | 'down'): Promise<unknown> =>
  restaurants.as(restaurants.cook, 'select public.rate_answer($1, $2, $3)', [HARBOR, id, rating])

type Asked = {
  decision: string
  outcome: string | null
  answered_from: string[]
  answered_section_id: string | null
  is_in_gap: boolean
}
const asked = async (id: string): Promise<Asked | undefined> => {
  const [row] = await restaurants.database.query<Asked>(
    `select decision, outcome, answered_from, answered_section_id, gap_id is not null as is_in_gap
     from public.asked_questions where question_id = $1`,
    [id]
  )
  return row
}
type Gap = { example: string; questions: number; not_found: number; section_slug: string | null }
const gaps = (): Promise<Gap[]> =>
  restaurants.as<Gap>(restaurants.manager, 'select * from public.list_gaps($1)', [HARBOR_BRAND])

describe('a question that the search found something near', () => {
  it.each(['maybe', 'answer'] as const)(
    'and that it does not answer is a gap like one that was not found (%s)',
    async (decision) => {
      const id = await ask('Where is the mop bucket?', decision)
      expect(await gaps()).toEqual([])
      await report(id, false)
      expect(await asked(id)).toMatchObject({ decision, outcome: 'not_found', is_in_gap: true })
      expect(await gaps()).toMatchObject([
        { example: 'Where is the mop bucket?', questions: 1, not_found: 1 }
      ])
      const counts = await restaurants.as(
        restaurants.manager,
        'select questions, not_found, rated_down from public.question_gap_counts'
      )
      expect(counts).toEqual([{ questions: 1, not_found: 1, rated_down: 0 }])
    }
  )

  it('joins the gap of those that mean the same', async () => {
    await ask('the mop bucket', 'not_found')
    await report(await ask('Where is the mop bucket?', 'maybe'), false)
    expect(await gaps()).toMatchObject([{ questions: 2, not_found: 2 }])
  })

  it('keeps what it was answered from, and is in no gap', async () => {
    const id = await ask('How fast does chicken cool?', 'maybe')
    await report(id, true, ['cooling', 'chicken'])
    expect(await asked(id)).toEqual({
      decision: 'maybe',
      outcome: 'answered',
      answered_from: ['cooling', 'chicken'],
      // The restaurant's own, which hides the brand's.
      answered_section_id: cooling,
      is_in_gap: false
    })
    expect(cooling).not.toBe(brandCooling)
    expect(await gaps()).toEqual([])
  })

  it('is from no section of another restaurant, and from none that is not there', async () => {
    const id = await ask('How hot is chicken?', 'maybe')
    await report(id, true, ['oysters', 'chicken', 'chicken', 'no-such-thing'])
    expect(await asked(id)).toMatchObject({
      answered_from: ['chicken'],
      answered_section_id: chicken
    })
    await report(id, true, null)
    expect(await asked(id)).toMatchObject({ answered_from: [], answered_section_id: null })
  })

  it('names the section that the bad answer was really taken from', async () => {
    const id = await ask('How hot is chicken?', 'maybe')
    await report(id, true, ['cooling'])
    await rate(id, 'down')
    expect(await gaps()).toMatchObject([{ section_slug: 'cooling' }])
  })
})

describe('a report', () => {
  it('said twice is said once', async () => {
    const id = await ask('mop', 'maybe')
    await report(id, false)
    await report(id, false)
    expect(await gaps()).toMatchObject([{ questions: 1 }])
  })

  it('that the answer was there takes the question out of its gap, and the gap with it', async () => {
    const id = await ask('mop', 'maybe')
    await report(id, false)
    await report(id, true, ['chicken'])
    expect(await asked(id)).toMatchObject({ outcome: 'answered', is_in_gap: false })
    const left = await restaurants.database.query('select id from public.question_gaps')
    expect(left).toEqual([])
  })

  it('leaves a question in the gap that a thumb or the search put it into', async () => {
    const rated = await ask('mop', 'maybe')
    await rate(rated, 'down')
    const unfound = await ask('apron', 'not_found')
    for (const id of [rated, unfound]) {
      await report(id, true, ['chicken'])
      expect(await asked(id)).toMatchObject({ is_in_gap: true })
    }
  })

  it('and a thumb up leave an honest no a gap', async () => {
    const id = await ask('mop', 'maybe')
    await report(id, false)
    await rate(id, 'up')
    expect(await gaps()).toMatchObject([{ questions: 1, not_found: 1 }])
  })

  it('is over when the question is searched again', async () => {
    const id = await ask('mop', 'maybe')
    await report(id, false)
    await ask('mop', 'maybe', { id })
    expect(await asked(id)).toMatchObject({ outcome: null, answered_from: [], is_in_gap: false })
    expect(await gaps()).toEqual([])
  })

  it('of somebody who has not asked changes nothing', async () => {
    const id = await ask('mop', 'maybe')
    for (const other of [restaurants.lead, restaurants.manager]) await report(id, false, [], other)
    expect(await asked(id)).toMatchObject({ outcome: null, is_in_gap: false })
    const elsewhere = await errorOf(report(id, false, [], restaurants.sister))
    expect(elsewhere).toMatchObject({ code: 'HR001', message: 'not_a_member' })
  })

  it('of a question that is forgotten, or never was, is nothing', async () => {
    const id = await ask('mop', 'maybe')
    await restaurants.database.query('delete from public.asked_questions')
    await report(id, false)
    await report(randomUUID(), false)
    expect(await gaps()).toEqual([])
    const left = await restaurants.database.query('select id from public.question_gaps')
    expect(left).toEqual([])
  })

  it.each([
    ['no question', null, false, []],
    ['no verdict', randomUUID(), null, []],
    ['more sections than an answer has', randomUUID(), true, Array(11).fill('chicken')]
  ])('with %s is refused', async (_name, id, found, slugs) => {
    expect((await errorOf(report(id, found, slugs)))?.code).toBe('HR400')
  })
})
