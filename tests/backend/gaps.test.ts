// Tests ratings and gaps: rate_answer, list_gaps and resolve_gap.
import { randomUUID } from 'node:crypto'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Viewer } from '../../dev/supabase/database.ts'
import { type Asked, recordQuestion } from './support/asked-questions.ts'
import {
  codeOf,
  errorOf,
  HARBOR,
  HARBOR_BRAND,
  PIER,
  SOL_BRAND,
  setUpRestaurants
} from './support/restaurants.ts'
import { addSection, english } from './support/sections.ts'

type Listed = {
  gap_id: string
  group_id: string
  group_slug: string
  status: string
  example: string
  examples: { question: string; restated: string | null; reasons: string[] }[]
  questions: number
  not_found: number
  rated_down: number
  unverified: number
  languages: string[]
  first_asked: string
  last_asked: string
  section_id: string | null
  section_slug: string | null
}

const restaurants = setUpRestaurants()
let chicken: string
beforeAll(async () => {
  chicken = await addSection(
    restaurants.database,
    HARBOR,
    'chicken',
    english('Chicken', 'Cook chicken to 165 °F.')
  )
})
beforeEach(async () => {
  await restaurants.clear('asked_questions', 'question_gaps')
})

/** Records a search of the cook, by default one with a result. Returns the question's id. */
const record = (question: string, asked: Omit<Asked, 'question'> = {}): Promise<string> =>
  recordQuestion(restaurants.database, { isFound: true, by: restaurants.cook, ...asked, question })

const rate = (
  questionId: string,
  rating: string | null,
  { timeToFirstAudioMs = null }: { timeToFirstAudioMs?: number | null } = {}
): Promise<unknown> =>
  restaurants.as(restaurants.cook, 'select public.rate_answer($1, $2, $3, $4)', [
    HARBOR,
    questionId,
    rating,
    timeToFirstAudioMs
  ])

const list = (
  by: Viewer,
  brandId = HARBOR_BRAND,
  groupId: string | null = null,
  ...rest: (number | string | null)[]
): Promise<Listed[]> => {
  const names = ['_days', '_status'].slice(0, rest.length)
  const more = names.map((name, index) => `, ${name} => $${index + 3}`).join('')
  return restaurants.as<Listed>(by, `select * from public.list_gaps($1, $2${more})`, [
    brandId,
    groupId,
    ...rest
  ])
}

describe('a thumb down', () => {
  it('puts an answered question into the gap of its meaning', async () => {
    await record('How hot is the walk-in?', { isFound: false, vector: [1, 0] })
    const id = await record('¿A cuánto está la cámara?', { language: 'es', vector: [1, 0.1] })
    await rate(id, 'down')
    expect(await list(restaurants.manager)).toMatchObject([
      { questions: 2, not_found: 1, rated_down: 1, unverified: 0, languages: ['en', 'es'] }
    ])
  })

  it('finds the gap by words when the question’s vector is deleted', async () => {
    await record('the mop bucket', { isFound: false, vector: [1, 0] })
    const id = await record('Where is the mop bucket?', { vector: [1, 0] })
    await restaurants.database.query('delete from private.question_vectors')
    await rate(id, 'down')
    expect(await list(restaurants.manager)).toMatchObject([{ questions: 2 }])
  })

  it('counts once when it comes twice', async () => {
    const id = await record('mop')
    await rate(id, 'down')
    await rate(id, 'down')
    expect(await list(restaurants.manager)).toMatchObject([{ questions: 1, rated_down: 1 }])
  })

  it('takes the question out of its gap when it becomes a thumb up, and deletes an empty gap', async () => {
    const id = await record('mop', { vector: [1, 0] })
    await rate(id, 'down')
    await rate(id, 'up')
    expect(await list(restaurants.manager, HARBOR_BRAND, null, 30, null)).toEqual([])
    await rate(id, 'down')
    await record('mop', { isFound: false, vector: [1, 0] })
    await rate(id, 'up')
    expect(await list(restaurants.manager)).toMatchObject([{ questions: 1, rated_down: 0 }])
  })

  it('names the section of the bad answer', async () => {
    const id = await record('How hot is chicken?', { section: chicken })
    await rate(id, 'down')
    expect(await list(restaurants.manager)).toMatchObject([
      { section_id: chicken, section_slug: 'chicken' }
    ])
  })
})

describe('a rating', () => {
  it('keeps the time to first audio when the rating changes', async () => {
    const id = await record('mop')
    await rate(id, 'up', { timeToFirstAudioMs: 870 })
    await rate(id, 'down')
    const rows = await restaurants.database.query(
      'select rating, time_to_first_audio_ms from public.asked_questions where question_id = $1',
      [id]
    )
    expect(rows).toEqual([{ rating: 'down', time_to_first_audio_ms: 870 }])
  })

  it.each([
    ['another word', 'sideways', null],
    ['no word', null, null],
    ['a time before the release', 'up', -1],
    ['a time over ten minutes', 'up', 600_001]
  ])('is refused with %s, and writes nothing', async (_name, rating, timeToFirstAudioMs) => {
    const id = await record('mop')
    expect(await codeOf(rate(id, rating, { timeToFirstAudioMs }))).toBe('HR400')
    const rows = await restaurants.database.query(
      'select rating, time_to_first_audio_ms from public.asked_questions where question_id = $1',
      [id]
    )
    expect(rows).toEqual([{ rating: null, time_to_first_audio_ms: null }])
  })

  it('raises HR005 for a question of another person or restaurant, and an unknown one', async () => {
    const { manager, sister } = restaurants
    const ofColleague = await record('mop', { by: manager })
    const elsewhere = await record('mop', { group: PIER, by: sister })
    for (const id of [ofColleague, elsewhere, randomUUID()]) {
      expect(await errorOf(rate(id, 'down'))).toMatchObject({ code: 'HR005', message: 'not_found' })
    }
    expect(await list(restaurants.brandManager)).toEqual([])
  })

  it('stores no account', async () => {
    await rate(await record('mop'), 'down')
    const rows = await restaurants.database.query<{ line: string }>(
      `select q::text || g::text || c::text as line from public.asked_questions q
       join public.question_gaps g on g.id = q.gap_id
       join public.question_gap_counts c on c.gap_id = g.id`
    )
    expect(rows).toHaveLength(1)
    expect(rows[0]?.line).not.toContain(restaurants.cook.userId)
  })
})

describe('list_gaps', () => {
  const asked = async (question: string, times: number, days: number, group = HARBOR) => {
    for (let time = 0; time < times; time += 1) {
      const id = await record(question, { group, isFound: false })
      await restaurants.database.query(
        `update public.asked_questions set asked_at = asked_at - make_interval(days => $2, mins => $3)
         where question_id = $1`,
        [id, days, times - time]
      )
    }
  }

  it('returns the most asked first, with the last questions of the last days', async () => {
    await asked('mop', 1, 2)
    await asked('keys', 2, 3)
    await asked('keys for the office', 1, 1)
    await asked('apron', 3, 40)
    const gaps = await list(restaurants.manager)
    expect(gaps).toMatchObject([
      {
        example: 'keys',
        examples: [{ question: 'keys for the office' }, { question: 'keys' }],
        questions: 3,
        status: 'open'
      },
      { example: 'mop', examples: [{ question: 'mop' }], questions: 1 }
    ])
    expect(new Date(gaps[0]?.last_asked ?? '') > new Date(gaps[0]?.first_asked ?? '')).toBe(true)
    const quarter = await list(restaurants.manager, HARBOR_BRAND, HARBOR, 90)
    expect(quarter.map((gap) => gap.example)).toEqual(['keys', 'apron', 'mop'])
  })

  it('has the counts of question_gap_counts', async () => {
    const id = await record('mop', { language: 'es' })
    await rate(id, 'down')
    await record('mop', { isFound: false })
    const counted = await restaurants.as(
      restaurants.manager,
      `select group_id, status, example, questions, not_found, rated_down, unverified, languages, examples
       from public.question_gap_counts`
    )
    expect(counted).toEqual([
      {
        group_id: HARBOR,
        status: 'open',
        example: 'mop',
        questions: 2,
        not_found: 1,
        rated_down: 1,
        unverified: 0,
        languages: ['en', 'es'],
        examples: [{ question: 'mop', restated: null, reasons: ['not_found'] }]
      }
    ])
  })

  it('shows the exact words, the restatement and the reasons of the last time', async () => {
    const slang = 'yo where the swab thing at'
    const restated = 'Where is the mop?'
    await record(slang, { restated, isFound: false })
    const id = await record(slang, { restated })
    await rate(id, 'down')
    const examples = [{ question: slang, restated, reasons: ['rated_down'] }]
    expect(await list(restaurants.manager)).toMatchObject([
      { example: slang, questions: 2, not_found: 1, rated_down: 1, examples }
    ])
    expect(
      await restaurants.as(restaurants.manager, 'select examples from public.question_gap_counts')
    ).toEqual([{ examples }])
  })

  it('shows the last five questions, each text once', async () => {
    for (const of of ['a', 'b', 'c', 'd', 'e', 'f', 'a']) {
      await record(`mop ${of}`, { restated: 'mop', isFound: false })
    }
    const texts = ['mop a', 'mop f', 'mop e', 'mop d', 'mop c']
    const listed = await list(restaurants.manager)
    expect(listed).toHaveLength(1)
    expect(listed[0]?.questions).toBe(7)
    expect(listed[0]?.examples.map(({ question }) => question)).toEqual(texts)
    const [counted] = await restaurants.as<{ examples: Listed['examples'] }>(
      restaurants.manager,
      'select examples from public.question_gap_counts'
    )
    expect(counted?.examples).toEqual(listed[0]?.examples)
  })

  it.each([
    ['no day', 0, 'open'],
    ['three years', 1_095, 'open'],
    ['an unknown status', 30, 'closed']
  ])('refuses %s', async (_name, days, status) => {
    const error = await errorOf(list(restaurants.manager, HARBOR_BRAND, null, days, status))
    expect(error?.code).toBe('HR400')
  })

  it('refuses a restaurant under another brand', async () => {
    for (const [brandId, groupId] of [
      [SOL_BRAND, HARBOR],
      [HARBOR_BRAND, randomUUID()]
    ] as const) {
      const error = await errorOf(list(restaurants.manager, brandId, groupId))
      expect(error?.code).toBe('HR001')
    }
  })
})

describe('resolve_gap', () => {
  const settle = (gapId: string | undefined, status: string | null, sectionId?: string) =>
    restaurants.as(restaurants.manager, 'select public.resolve_gap($1, $2, $3)', [
      gapId,
      status,
      sectionId ?? null
    ])
  const gapOf = async (question: string): Promise<string | undefined> => {
    await record(question, { isFound: false })
    return (await list(restaurants.manager)).find((gap) => gap.example === question)?.gap_id
  }

  it('takes a gap off the list, with the section that answers it', async () => {
    const gap = await gapOf('How hot is chicken?')
    await settle(gap, 'answered', chicken)
    expect(await list(restaurants.manager)).toEqual([])
    expect(await list(restaurants.manager, HARBOR_BRAND, null, 30, 'answered')).toMatchObject([
      { gap_id: gap, section_slug: 'chicken' }
    ])
  })

  it('reopens a gap', async () => {
    const gap = await gapOf('mop')
    await settle(gap, 'dismissed')
    await settle(gap, 'open')
    expect(await list(restaurants.manager)).toMatchObject([{ gap_id: gap, status: 'open' }])
  })

  it('refuses an unknown status, a section without an answer, and a section of another restaurant', async () => {
    const gap = await gapOf('mop')
    const elsewhere = await addSection(
      restaurants.database,
      PIER,
      'mops',
      english('Mops', 'By the door.')
    )
    expect(await codeOf(settle(gap, 'closed'))).toBe('HR400')
    expect(await codeOf(settle(gap, null))).toBe('HR400')
    expect(await codeOf(settle(gap, 'dismissed', chicken))).toBe('HR400')
    expect(await codeOf(settle(gap, 'answered', elsewhere))).toBe('HR005')
    expect(await codeOf(settle(gap, 'answered', randomUUID()))).toBe('HR005')
    expect(await list(restaurants.manager)).toHaveLength(1)
  })
})
