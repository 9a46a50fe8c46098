// Tests how the database records questions, groups those without an answer, and deletes old ones.
import { randomUUID } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import { type Asked, recordQuestion } from './support/asked-questions.ts'
import { HARBOR, HARBOR_BRAND, PIER, SOL, setUpRestaurants } from './support/restaurants.ts'
import { addSection, english } from './support/sections.ts'

type Recorded = {
  language: string
  question: string
  restated: string | null
  named_sections: string[]
  is_found: boolean
  method: string
  section_id: string | null
  searches: number
  rating: string | null
  gap: string | null
}
type Gap = { id: string; example: string; status: string; asked: number; terms: string[] }

const restaurants = setUpRestaurants()
beforeEach(async () => {
  await restaurants.clear('asked_questions', 'question_gaps', 'private.retention_runs')
  await restaurants.database.query('update public.organisations set retention_days = 90')
})

const record = (asked: Asked): Promise<string> => recordQuestion(restaurants.database, asked)

const recorded = async (id: string): Promise<Recorded | undefined> =>
  (
    await restaurants.database.query<Recorded>(
      `select q.language, q.question, q.restated, q.named_sections, q.is_found, q.method, q.section_id, q.searches, q.rating, q.gap_id as gap
       from public.asked_questions q where q.question_id = $1`,
      [id]
    )
  )[0]

const gaps = (group = HARBOR): Promise<Gap[]> =>
  restaurants.database.query<Gap>(
    `select g.id, g.example, g.status, g.terms,
       (select count(*)::int from public.asked_questions q where q.gap_id = g.id) as asked
     from public.question_gaps g where g.group_id = $1 order by g.created_at, g.example`,
    [group]
  )

/** Moves all questions, gaps and vectors into the past, but not the last run of retention. */
const daysPass = async (days: number): Promise<void> => {
  for (const [table, column] of [
    ['public.asked_questions', 'asked_at'],
    ['public.question_gaps', 'created_at'],
    ['public.question_gaps', 'resolved_at'],
    ['private.question_vectors', 'written_at']
  ]) {
    await restaurants.database.query(
      `update ${table} set ${column} = ${column} - make_interval(days => $1)`,
      [days]
    )
  }
}

const settle = (gapId: string | undefined, status: string): Promise<unknown> =>
  restaurants.database.query(
    'update public.question_gaps set status = $2, resolved_at = now() where id = $1',
    [gapId, status]
  )

describe('a recorded question', () => {
  it('has the words, the restatement, the named sections and the result, but no person', async () => {
    const section = await addSection(
      restaurants.database,
      HARBOR,
      'mops',
      english('Mops', 'The mop hangs in the dry store.')
    )
    const id = await record({
      question: 'where the mop at',
      restated: 'Where is the mop?',
      named: ['mops'],
      isFound: true,
      section
    })
    const [row] = await restaurants.database.query<Record<string, unknown>>(
      'select * from public.asked_questions where question_id = $1',
      [id]
    )
    expect(row).toEqual({
      group_id: HARBOR,
      organisation_id: HARBOR_BRAND,
      question_id: id,
      asked_at: expect.any(String),
      language: 'en',
      question: 'where the mop at',
      restated: 'Where is the mop?',
      named_sections: ['mops'],
      is_found: true,
      method: 'keyword',
      section_id: section,
      searches: 1,
      search_ms: 12.5,
      time_to_first_audio_ms: null,
      rating: null,
      gap_id: null,
      outcome: null,
      answered_from: [],
      answered_section_id: null,
      unverified_quotes: null,
      unverified_figures: null,
      gap_reasons: []
    })
  })

  it('keeps the words of its last search with a result', async () => {
    const id = await record({ question: 'the mop thing', restated: 'mop', named: ['a'] })
    await record({ id, question: 'mop', isFound: true })
    await record({
      id,
      question: 'where the mop hang',
      restated: 'Where does the mop hang?',
      named: ['mops'],
      isFound: true
    })
    await record({ id, question: 'mop hook', restated: 'mop hook', named: ['hooks'] })
    expect(await recorded(id)).toMatchObject({
      question: 'where the mop hang',
      restated: 'Where does the mop hang?',
      named_sections: ['mops'],
      is_found: true,
      searches: 4,
      gap: null
    })
  })

  it('keeps the words of its last search when none has a result', async () => {
    const id = await record({ question: 'the mop thing', restated: 'mop' })
    await record({ id, question: 'mop hook', named: ['hooks'] })
    expect(await recorded(id)).toMatchObject({
      question: 'mop hook',
      restated: null,
      named_sections: ['hooks'],
      is_found: false
    })
  })

  it('leaves its gap when a later search has a result, and the empty gap is deleted', async () => {
    const id = await record({ question: 'the mop thing' })
    expect(await gaps()).toHaveLength(1)
    await record({ id, question: 'Where does the mop hang?', isFound: true })
    expect(await gaps()).toEqual([])
    expect(await recorded(id)).toMatchObject({ gap: null })
  })

  it('leaves a gap with other questions in place', async () => {
    const id = await record({ question: 'Where is the mop?' })
    await record({ question: 'Where is the mop?' })
    await record({ id, question: 'Where does the mop hang?', isFound: true })
    expect(await gaps()).toMatchObject([{ asked: 1 }])
  })

  it('has no section when that was deleted', async () => {
    const id = await record({ question: 'mop', isFound: true, section: randomUUID() })
    expect(await recorded(id)).toMatchObject({ is_found: true, section_id: null })
  })

  it('is another question in another restaurant with the same id', async () => {
    const id = await record({ question: 'mop' })
    await record({ group: SOL, id, question: 'trapeador', language: 'es' })
    expect(await gaps(HARBOR)).toMatchObject([{ example: 'mop', asked: 1 }])
    expect(await gaps(SOL)).toMatchObject([{ example: 'trapeador', asked: 1 }])
  })
})

describe('questions without a result', () => {
  it('share a gap by meaning across words and languages', async () => {
    await record({ question: 'Where is the mop?', vector: [1, 0.2] })
    await record({ question: '¿Dónde está el trapeador?', language: 'es', vector: [1, 0] })
    await record({ question: 'Who has the keys?', vector: [0, 1] })
    expect(await gaps()).toMatchObject([
      { example: 'Where is the mop?', asked: 2 },
      { example: 'Who has the keys?', asked: 1 }
    ])
  })

  it('join the nearest of several gaps', async () => {
    await record({ question: 'a', vector: [1, 0, 0] })
    await record({ question: 'b', vector: [0.6, 0.8, 0] })
    await record({ question: 'c', vector: [0.75, 0.66, 0] })
    expect(await gaps()).toMatchObject([
      { example: 'a', asked: 1 },
      { example: 'b', asked: 2 }
    ])
  })

  it('have two gaps for two meanings of the same words', async () => {
    await record({ question: 'the key for the walk-in', vector: [1, 0] })
    await record({ question: 'the key for the walk-in', vector: [0, 1] })
    expect(await gaps()).toHaveLength(2)
  })

  it('share a gap by content words when there are no vectors', async () => {
    await record({ question: 'Where do we keep the mop bucket?' })
    await record({ question: 'So where is the mop bucket at, please?' })
    await record({ question: 'Can I wash the mop in the sink?' })
    expect(await gaps()).toMatchObject([{ asked: 2 }, { asked: 1 }])
  })

  it('share a gap by words when their vectors cannot be compared', async () => {
    await record({ question: 'the mop bucket', vector: [1, 0] })
    await record({ question: 'mop bucket?', vector: [0, 1], model: 'another' })
    await record({ question: 'mop bucket', vector: [0, 1, 0] })
    await record({ question: 'mop bucket', vector: [0, 0] })
    await record({ question: 'a mop bucket' })
    expect(await gaps()).toMatchObject([{ asked: 5 }])
  })

  it('give their vector to a gap without one', async () => {
    await record({ question: 'mop bucket' })
    await record({ question: 'the mop bucket', vector: [1, 0] })
    await record({ question: 'the thing to wring out floors with', vector: [1, 0.1] })
    expect(await gaps()).toMatchObject([{ example: 'mop bucket', asked: 3 }])
  })

  it('share a gap by the words of their restatements', async () => {
    await record({ question: 'yo the swab thing', restated: 'Where is the mop bucket?' })
    await record({ question: 'the mob basket', restated: 'the mop bucket' })
    await record({ question: 'le seau', language: 'fr', restated: 'Where is the mop bucket?' })
    await record({ question: 'mop bucket' })
    await record({ question: 'the mop bucket', restated: 'Who has the keys?' })
    expect(await gaps()).toMatchObject([
      { example: 'yo the swab thing', terms: ['bucket', 'mop'], asked: 4 },
      { example: 'the mop bucket', asked: 1 }
    ])
  })

  it('share a gap only with the same text when they have no content word', async () => {
    await record({ question: 'What do I do?' })
    await record({ question: 'what do i do? ' })
    await record({ question: 'Can we?' })
    expect(await gaps()).toMatchObject([{ asked: 2 }, { asked: 1 }])
  })

  it('share no gap across restaurants, even of one brand', async () => {
    for (const group of [HARBOR, PIER, SOL]) {
      await record({ group, question: 'Where is the mop?', vector: [1, 0] })
    }
    for (const group of [HARBOR, PIER, SOL]) {
      expect(await gaps(group)).toMatchObject([{ asked: 1 }])
    }
  })

  it('open a new gap after an answered one, and join a dismissed one', async () => {
    await record({ question: 'mop', vector: [1, 0] })
    await record({ question: 'keys', vector: [0, 1] })
    const [first, second] = await gaps()
    const [mop, keys] = first?.example === 'mop' ? [first, second] : [second, first]
    await settle(mop?.id, 'answered')
    await settle(keys?.id, 'dismissed')
    await record({ question: 'mop', vector: [1, 0] })
    await record({ question: 'keys', vector: [0, 1] })
    const seen = (await gaps()).map(({ example, status, asked }) => `${example} ${status} ${asked}`)
    expect(seen.sort()).toEqual(['keys dismissed 2', 'mop answered 1', 'mop open 1'])
  })
})

describe('search_handbook', () => {
  const search = (id: string, question: string, language: string, restated: string | null = null) =>
    restaurants.as(
      restaurants.cook,
      `select * from public.search_handbook($1, $2, $3, $4, $5, $6, null, 'text-embedding-3-small', 'zh-CN')`,
      [HARBOR, id, question, restated, ['poultry', 'nowhere'], language]
    )

  it('records a question with its result', async () => {
    const section = await addSection(
      restaurants.database,
      HARBOR,
      'poultry',
      english('Poultry', 'Cook chicken to 165 °F.')
    )
    const found = randomUUID()
    await search(found, '鸡肉要多热', 'en', 'How hot does chicken have to be?')
    expect(await recorded(found)).toMatchObject({
      language: 'zh-CN',
      question: '鸡肉要多热',
      restated: 'How hot does chicken have to be?',
      named_sections: ['poultry'],
      is_found: true,
      method: 'keyword',
      section_id: section,
      gap: null
    })
  })

  it('puts a question without a result into a gap', async () => {
    const id = randomUUID()
    await restaurants.as(
      restaurants.cook,
      `select * from public.search_handbook($1, $2, $3, null, '{}', 'es', null, 'text-embedding-3-small', 'es')`,
      [HARBOR, id, '¿Cuál es la contraseña?']
    )
    expect(await recorded(id)).toMatchObject({
      language: 'es',
      restated: null,
      named_sections: [],
      is_found: false
    })
    expect(await gaps()).toMatchObject([{ example: '¿Cuál es la contraseña?', asked: 1 }])
  })
})

describe('retention', () => {
  const deleteExpired = async (): Promise<number | undefined> =>
    (
      await restaurants.database.query<{ deleted: number }>(
        'select private.delete_expired_questions() as deleted'
      )
    )[0]?.deleted

  it('deletes questions older than the brand’s days, and empty gaps, and nothing else', async () => {
    await restaurants.database.query(
      'update public.organisations set retention_days = 30 where id = $1',
      [HARBOR_BRAND]
    )
    const old = await record({ question: 'mop' })
    const other = await record({ group: SOL, question: 'mop' })
    await daysPass(31)
    const young = await record({ question: 'keys' })
    expect(await deleteExpired()).toBe(1)
    expect(await recorded(old)).toBeUndefined()
    expect(await recorded(other)).toBeDefined()
    expect(await recorded(young)).toBeDefined()
    expect(await gaps()).toMatchObject([{ example: 'keys' }])
    expect(await gaps(SOL)).toMatchObject([{ example: 'mop' }])
  })

  it('gives a gap the words of a question that is left', async () => {
    await record({ question: 'the mop bucket of Maria' })
    await daysPass(91)
    const id = await record({ question: 'mop bucket Maria' })
    expect(await gaps()).toMatchObject([{ example: 'the mop bucket of Maria', asked: 2 }])
    await record({ id, question: 'the mop bucket' })
    expect(await deleteExpired()).toBe(1)
    expect(await gaps()).toMatchObject([
      { example: 'the mop bucket', asked: 1, terms: ['bucket', 'mop'] }
    ])
  })

  it('keeps a settled gap for the brand’s days after it was settled', async () => {
    await record({ question: 'mop' })
    await daysPass(60)
    await settle((await gaps())[0]?.id, 'dismissed')
    await daysPass(60)
    await deleteExpired()
    expect(await gaps()).toMatchObject([{ status: 'dismissed', asked: 0 }])
    await daysPass(31)
    await deleteExpired()
    expect(await gaps()).toEqual([])
  })

  it('runs with a question once a day', async () => {
    const old = await record({ question: 'mop' })
    await daysPass(91)
    await record({ question: 'keys' })
    expect(await recorded(old)).toBeDefined()
    await restaurants.database.query(
      `update private.retention_runs set ran_at = now() - interval '25 hours'`
    )
    await record({ group: SOL, question: 'keys' })
    expect(await recorded(old)).toBeDefined()
    await record({ question: 'keys' })
    expect(await recorded(old)).toBeUndefined()
  })

  it('deletes 200 questions at a time', async () => {
    await restaurants.database.query(
      `insert into public.asked_questions (group_id, organisation_id, question_id, asked_at, language, question, is_found, method)
       select $1, $2, gen_random_uuid(), now() - interval '91 days', 'en', 'mop', true, 'keyword'
       from generate_series(1, 450)`,
      [HARBOR, HARBOR_BRAND]
    )
    const left = async () =>
      (
        await restaurants.database.query<{ n: number }>(
          `select count(*)::int as n from public.asked_questions where asked_at < now() - interval '90 days'`
        )
      )[0]?.n
    const seen: (number | undefined)[] = []
    for (let times = 0; times < 3; times += 1) {
      await record({ question: 'keys', isFound: true })
      seen.push(await left())
    }
    expect(seen).toEqual([250, 50, 0])
  })

  it('deletes the vector of an answered question after a day', async () => {
    await record({ question: 'mop', isFound: true, vector: [1, 0] })
    const vectors = () => restaurants.database.query('select 1 from private.question_vectors')
    await deleteExpired()
    expect(await vectors()).toHaveLength(1)
    await daysPass(1)
    await deleteExpired()
    expect(await vectors()).toEqual([])
  })
})
