// What becomes of a thumb on the screen, and what a manager sees and does about it: the functions of questions.sql
// on a real Postgres. Who may call them is in rls.test.ts.
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Viewer } from '../../local/backend/database.ts'
import {
  addSection,
  BRAND_OF,
  draftOf,
  errorOf,
  HARBOR,
  HARBOR_BRAND,
  openRestaurants,
  PIER,
  type Restaurants,
  SAVE_DRAFT,
  SOL_BRAND
} from './support/restaurants.ts'

const MODEL = 'text-embedding-3-small'

type Listed = {
  gap_id: string
  group_id: string
  group_slug: string
  status: string
  example: string
  examples: string[]
  questions: number
  not_found: number
  rated_down: number
  languages: string[]
  first_asked: string
  last_asked: string
  section_id: string | null
  section_slug: string | null
}
type Golden = {
  golden_id: string
  group_id: string | null
  question: string
  expected: string | null
  got: string | null
  is_kept: boolean
  has_embedding: boolean
  must_say: string[]
  missing: string[]
}

let restaurants: Restaurants
let chicken: string
beforeAll(async () => {
  restaurants = await openRestaurants()
  chicken = await addSection(restaurants.database, HARBOR, 'chicken', {
    en: { title: 'Chicken', passages: ['Cook chicken to 165 °F.'] }
  })
})
afterAll(() => restaurants.database.close())
beforeEach(async () => {
  for (const table of ['asked_questions', 'question_gaps', 'golden_questions']) {
    await restaurants.database.query(`delete from public.${table}`)
  }
})

type Asked = {
  group?: string
  language?: string
  decision?: 'answer' | 'maybe' | 'not_found'
  section?: string
  vector?: number[]
}
/** Records a search as search_handbook does. Returns the question's id. */
const record = async (question: string, asked: Asked = {}): Promise<string> => {
  const id = randomUUID()
  const group = asked.group ?? HARBOR
  await restaurants.database.query(
    `select private.record_question($1, $2, $3, $4, $5, $6, $7, $8, 10, $9::extensions.vector, '${MODEL}')`,
    [
      group,
      BRAND_OF[group],
      id,
      asked.language ?? 'en',
      question,
      asked.decision ?? 'answer',
      asked.vector === undefined ? 'keyword' : 'hybrid',
      asked.section ?? null,
      asked.vector === undefined ? null : JSON.stringify(asked.vector)
    ]
  )
  return id
}

const rate = (
  questionId: string,
  rating: string | null,
  { heardMs = null, by = restaurants.cook }: { heardMs?: number | null; by?: Viewer } = {}
): Promise<unknown> =>
  restaurants.as(by, 'select public.rate_answer($1, $2, $3, $4)', [
    HARBOR,
    questionId,
    rating,
    heardMs
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
  it('puts an answered question into a gap with those of its meaning', async () => {
    await record('How hot is the walk-in?', { decision: 'not_found', vector: [1, 0] })
    const id = await record('¿A cuánto está la cámara?', { language: 'es', vector: [1, 0.1] })
    await rate(id, 'down')
    expect(await list(restaurants.manager)).toMatchObject([
      { questions: 2, not_found: 1, rated_down: 1, languages: ['en', 'es'] }
    ])
  })

  it('finds the gap by words, where the question’s vector is gone', async () => {
    await record('the mop bucket', { decision: 'not_found', vector: [1, 0] })
    const id = await record('Where is the mop bucket?', { vector: [1, 0] })
    await restaurants.database.query('delete from private.question_vectors')
    await rate(id, 'down')
    expect(await list(restaurants.manager)).toMatchObject([{ questions: 2 }])
  })

  it('said twice is said once', async () => {
    const id = await record('mop')
    await rate(id, 'down')
    await rate(id, 'down', { by: restaurants.kiosk })
    expect(await list(restaurants.manager)).toMatchObject([{ questions: 1, rated_down: 1 }])
  })

  it('that becomes a thumb up takes the question out again, and the gap with it when nothing else is in it', async () => {
    const id = await record('mop', { vector: [1, 0] })
    await rate(id, 'down')
    await rate(id, 'up')
    expect(await list(restaurants.manager, HARBOR_BRAND, null, 30, null)).toEqual([])
    await rate(id, 'down')
    await record('mop', { decision: 'not_found', vector: [1, 0] })
    await rate(id, 'up')
    expect(await list(restaurants.manager)).toMatchObject([{ questions: 1, rated_down: 0 }])
  })

  it('names the section that the bad answer came from', async () => {
    const id = await record('How hot is chicken?', { section: chicken })
    await rate(id, 'down')
    expect(await list(restaurants.manager)).toMatchObject([
      { section_id: chicken, section_slug: 'chicken' }
    ])
  })
})

describe('a thumb up', () => {
  it('for an honest no leaves the question in its gap', async () => {
    const id = await record('mop', { decision: 'not_found' })
    await rate(id, 'up')
    expect(await list(restaurants.manager)).toMatchObject([{ questions: 1, not_found: 1 }])
  })

  it('for an answer makes no gap', async () => {
    await rate(await record('mop'), 'up')
    expect(await list(restaurants.manager)).toEqual([])
  })
})

describe('a rating', () => {
  it('keeps what the kiosk measured, whatever is said later', async () => {
    const id = await record('mop')
    await rate(id, 'up', { heardMs: 870 })
    await rate(id, 'down')
    const rows = await restaurants.database.query(
      'select rating, heard_ms from public.asked_questions where question_id = $1',
      [id]
    )
    expect(rows).toEqual([{ rating: 'down', heard_ms: 870 }])
  })

  it.each([
    ['another word', 'sideways', null],
    ['no word', null, null],
    ['a time before the release', 'up', -1],
    ['a time that is none', 'up', 600_001]
  ])('with %s is refused, and nothing of it stays', async (_name, rating, heardMs) => {
    const id = await record('mop')
    expect((await errorOf(rate(id, rating, { heardMs })))?.code).toBe('HR400')
    const rows = await restaurants.database.query(
      'select rating, heard_ms from public.asked_questions where question_id = $1',
      [id]
    )
    expect(rows).toEqual([{ rating: null, heard_ms: null }])
  })

  it('for a question of another restaurant, or of nobody, finds nothing', async () => {
    const elsewhere = await record('mop', { group: PIER })
    for (const id of [elsewhere, randomUUID()]) {
      expect(await errorOf(rate(id, 'down'))).toMatchObject({ code: 'HR005', message: 'not_found' })
    }
    expect(await list(restaurants.brandManager)).toEqual([])
  })

  it('has no name in it', async () => {
    await rate(await record('mop'), 'down', { by: restaurants.cook })
    const rows = await restaurants.database.query<{ line: string }>(
      `select q::text || g::text || c::text as line from public.asked_questions q
       join public.question_gaps g on g.id = q.gap_id
       join public.question_gap_counts c on c.gap_id = g.id`
    )
    expect(rows).toHaveLength(1)
    expect(rows[0]?.line).not.toContain(restaurants.cook.userId)
  })
})

describe('the gaps', () => {
  const asked = async (question: string, times: number, days: number, group = HARBOR) => {
    for (let time = 0; time < times; time += 1) {
      const id = await record(question, { group, decision: 'not_found' })
      await restaurants.database.query(
        `update public.asked_questions set asked_at = asked_at - make_interval(days => $2, mins => $3)
         where question_id = $1`,
        [id, days, times - time]
      )
    }
  }

  it('come the most asked first, with their last questions, of the last days alone', async () => {
    await asked('mop', 1, 2)
    await asked('keys', 2, 3)
    await asked('keys for the office', 1, 1)
    await asked('apron', 3, 40)
    const gaps = await list(restaurants.manager)
    expect(gaps).toMatchObject([
      { example: 'keys', examples: ['keys for the office', 'keys'], questions: 3, status: 'open' },
      { example: 'mop', examples: ['mop'], questions: 1 }
    ])
    expect(new Date(gaps[0]?.last_asked ?? '') > new Date(gaps[0]?.first_asked ?? '')).toBe(true)
    const quarter = await list(restaurants.manager, HARBOR_BRAND, HARBOR, 90)
    expect(quarter.map((gap) => gap.example)).toEqual(['keys', 'apron', 'mop'])
  })

  it('are those of the restaurants that somebody manages, and of all for the brand', async () => {
    await asked('mop', 1, 1, HARBOR)
    await asked('mop', 1, 1, PIER)
    const slugs = async (by: Viewer, groupId: string | null = null) =>
      (await list(by, HARBOR_BRAND, groupId)).map((gap) => gap.group_slug).sort()
    expect(await slugs(restaurants.manager)).toEqual(['harbor'])
    expect(await slugs(restaurants.brandManager)).toEqual(['harbor', 'pier'])
    expect(await slugs(restaurants.brandManager, PIER)).toEqual(['pier'])
  })

  it('are counted in a view as in the list', async () => {
    const id = await record('mop', { language: 'es' })
    await rate(id, 'down')
    await record('mop', { decision: 'not_found' })
    const counted = await restaurants.as(
      restaurants.manager,
      `select group_id, status, example, questions, not_found, rated_down, languages from public.question_gap_counts`
    )
    expect(counted).toEqual([
      {
        group_id: HARBOR,
        status: 'open',
        example: 'mop',
        questions: 2,
        not_found: 1,
        rated_down: 1,
        languages: ['en', 'es']
      }
    ])
  })

  it.each([
    ['no day', 0, 'open'],
    ['three years', 1_095, 'open'],
    ['a status that there is not', 30, 'closed']
  ])('are not listed for %s', async (_name, days, status) => {
    const error = await errorOf(list(restaurants.manager, HARBOR_BRAND, null, days, status))
    expect(error?.code).toBe('HR400')
  })

  it('of a restaurant are not those of another brand, whatever pair is named', async () => {
    for (const [brandId, groupId] of [
      [SOL_BRAND, HARBOR],
      [HARBOR_BRAND, randomUUID()]
    ] as const) {
      const error = await errorOf(list(restaurants.manager, brandId, groupId))
      expect(error?.code).toBe('HR001')
    }
  })
})

describe('settling a gap', () => {
  const settle = (gapId: string | undefined, status: string | null, sectionId?: string) =>
    restaurants.as(restaurants.manager, 'select public.resolve_gap($1, $2, $3)', [
      gapId,
      status,
      sectionId ?? null
    ])
  const gapOf = async (question: string): Promise<string | undefined> => {
    await record(question, { decision: 'not_found' })
    return (await list(restaurants.manager)).find((gap) => gap.example === question)?.gap_id
  }

  it('takes it off the list, with the section that answers it', async () => {
    const gap = await gapOf('How hot is chicken?')
    await settle(gap, 'answered', chicken)
    expect(await list(restaurants.manager)).toEqual([])
    expect(await list(restaurants.manager, HARBOR_BRAND, null, 30, 'answered')).toMatchObject([
      { gap_id: gap, section_slug: 'chicken' }
    ])
  })

  it('can be taken back', async () => {
    const gap = await gapOf('mop')
    await settle(gap, 'dismissed')
    await settle(gap, 'open')
    expect(await list(restaurants.manager)).toMatchObject([{ gap_id: gap, status: 'open' }])
  })

  it('refuses a status that there is not, a section without an answer, and a section of elsewhere', async () => {
    const gap = await gapOf('mop')
    const elsewhere = await addSection(restaurants.database, PIER, 'mops', {
      en: { title: 'Mops', passages: ['By the door.'] }
    })
    expect((await errorOf(settle(gap, 'closed')))?.code).toBe('HR400')
    expect((await errorOf(settle(gap, null)))?.code).toBe('HR400')
    expect((await errorOf(settle(gap, 'dismissed', chicken)))?.code).toBe('HR400')
    expect((await errorOf(settle(gap, 'answered', elsewhere)))?.code).toBe('HR005')
    expect((await errorOf(settle(gap, 'answered', randomUUID())))?.code).toBe('HR005')
    expect(await list(restaurants.manager)).toHaveLength(1)
  })
})

describe('golden questions', () => {
  const save = async (
    question: string,
    slug: string | null,
    {
      by = restaurants.manager,
      groupId = HARBOR,
      language = 'en',
      vector,
      model,
      mustSay
    }: {
      by?: Viewer
      groupId?: string | null
      language?: string | null
      vector?: number[]
      model?: string | null
      mustSay?: (string | null)[]
    } = {}
  ): Promise<string | undefined> =>
    (
      await restaurants.as<{ id: string }>(
        by,
        `select public.save_golden($1, $2, $3, $4, $5, $6::extensions.vector, $7${mustSay === undefined ? '' : ', $8'}) as id`,
        [
          HARBOR_BRAND,
          groupId,
          language,
          question,
          slug,
          vector === undefined ? null : JSON.stringify(vector),
          model === undefined ? (vector === undefined ? null : MODEL) : model,
          ...(mustSay === undefined ? [] : [mustSay])
        ]
      )
    )[0]?.id
  const run = (groupId: string | null = HARBOR): Promise<Golden[]> =>
    restaurants.as<Golden>(
      groupId === null ? restaurants.brandManager : restaurants.manager,
      'select * from public.run_golden($1, $2)',
      [HARBOR_BRAND, groupId]
    )
  const draft = async (slug: string, en: string): Promise<string | undefined> =>
    (
      await restaurants.as<{ id: string }>(
        restaurants.manager,
        SAVE_DRAFT,
        draftOf(HARBOR, slug, { en })
      )
    )[0]?.id
  const publish = (id: string | undefined, isDryRun = false) =>
    restaurants.as<{ done: { golden: { regressions: unknown[]; total: number } } }>(
      restaurants.manager,
      'select public.publish_versions(array[$1::uuid], $2) as done',
      [id, isDryRun]
    )
  const published = async (slug: string): Promise<string[]> =>
    (
      await restaurants.database.query<{ content: string }>(
        `select v.content_en as content from public.manual_section_versions v
         join public.manual_sections s on s.id = v.section_id
         where s.slug = $1 and v.status = 'published'`,
        [slug]
      )
    ).map((row) => row.content)

  it('say what they find now, those that are not kept first', async () => {
    await save('How hot is chicken?', 'chicken')
    await save('What is the wifi password?', null)
    await save('chicken', null)
    expect(await run()).toMatchObject([
      { question: 'chicken', expected: null, got: 'chicken', is_kept: false },
      { question: 'How hot is chicken?', expected: 'chicken', got: 'chicken', is_kept: true },
      { question: 'What is the wifi password?', expected: null, got: null, is_kept: true }
    ])
  })

  it('are one per language and words: what is saved last stands, with the vector it had', async () => {
    const first = await save('  How hot?\n', 'chicken', { vector: [1, 0] })
    expect(await save('How hot?', null)).toBe(first)
    expect(await save('How hot?', 'chicken', { language: 'es' })).not.toBe(first)
    const rows = (await run()).filter((row) => row.golden_id === first)
    expect(rows).toMatchObject([{ question: 'How hot?', expected: null, has_embedding: true }])
  })

  it('of the brand are asked in its restaurants too', async () => {
    await addSection(restaurants.database, { brand: HARBOR_BRAND }, 'gloves', {
      en: { title: 'Gloves', passages: ['Change gloves every hour.'] }
    })
    await save('change gloves', 'gloves', { by: restaurants.brandManager, groupId: null })
    expect(await run(null)).toMatchObject([
      { question: 'change gloves', group_id: null, is_kept: true }
    ])
    expect(await run()).toMatchObject([
      { question: 'change gloves', group_id: null, is_kept: true }
    ])
  })

  it('charge nobody and are not recorded', async () => {
    await save('How hot is chicken?', 'chicken')
    await run()
    for (const table of ['asked_questions', 'usage_days', 'group_usage_days']) {
      expect(await restaurants.database.query(`select 1 from public.${table}`), table).toEqual([])
    }
  })

  it.each([
    ['nothing', '  ', 'chicken', {}, 'HR400'],
    ['too much', 'x'.repeat(1_001), 'chicken', {}, 'HR400'],
    ['another language', 'How hot?', 'chicken', { language: 'fr' }, 'HR400'],
    ['no language', 'How hot?', 'chicken', { language: null }, 'HR400'],
    ['a vector without a model', 'How hot?', 'chicken', { vector: [1], model: null }, 'HR400'],
    ['a model without a vector', 'How hot?', 'chicken', { model: MODEL }, 'HR400'],
    ['a section that is not there', 'How hot?', 'turkey', {}, 'HR005'],
    ['SQL for a section', 'How hot?', "'; drop table x; --", {}, 'HR005'],
    ['a figure that the section never said', 'How hot?', 'chicken', { mustSay: ['156'] }, 'HR400'],
    ['a figure for no section', 'How hot?', null, { mustSay: ['165'] }, 'HR400'],
    ['a word that is none', 'How hot?', 'chicken', { mustSay: ['165', ' '] }, 'HR400'],
    ['a word that is null', 'How hot?', 'chicken', { mustSay: [null] }, 'HR400'],
    ['a page that must be said', 'How hot?', 'chicken', { mustSay: ['1'.repeat(101)] }, 'HR400'],
    ['many figures', 'How hot?', 'chicken', { mustSay: Array(21).fill('165') }, 'HR400']
  ])('are refused with %s', async (_name, question, slug, more, code) => {
    expect((await errorOf(save(question, slug, more)))?.code).toBe(code)
    expect(await run()).toEqual([])
  })

  it('cannot expect a section of a sister restaurant', async () => {
    await addSection(restaurants.database, PIER, 'diving', {
      en: { title: 'Diving', passages: ['Off the end.'] }
    })
    expect((await errorOf(save('diving', 'diving')))?.code).toBe('HR005')
  })

  it('refuse a change that loses one, by name, and a dry run only says so', async () => {
    await publish(await draft('fish', 'Cook wahoo to 145 °F.'))
    const golden = await save('What about the wahoo?', 'fish')
    const worse = await draft('fish', 'Fish is cooked through.')
    const lost = {
      question: 'What about the wahoo?',
      language: 'en',
      expected: 'fish',
      got: null,
      missing: [],
      group: 'harbor'
    }
    const [dry] = await publish(worse, true)
    expect(dry?.done.golden.regressions).toEqual([lost])
    expect(await published('fish')).toEqual(['Cook wahoo to 145 °F.'])

    const refused = await errorOf(publish(worse))
    expect(refused).toMatchObject({ code: 'HR409', message: 'golden_regression' })
    expect(JSON.parse(refused?.detail ?? '')).toEqual([lost])
    expect(await published('fish')).toEqual(['Cook wahoo to 145 °F.'])

    await restaurants.as(restaurants.manager, 'select public.forget_golden($1)', [golden])
    await publish(worse)
    expect(await published('fish')).toEqual(['Fish is cooked through.'])
  })

  it('that are to find nothing refuse a section that would answer them', async () => {
    await save('What is the alarm code?', null)
    const told = await draft('alarm', 'The alarm code is 4411.')
    const refused = await errorOf(publish(told))
    expect(JSON.parse(refused?.detail ?? '')).toMatchObject([
      { question: 'What is the alarm code?', expected: null, got: 'alarm' }
    ])
  })

  it('refuse a figure that is not the same any more, and name the section and what it does not say', async () => {
    await publish(await draft('duck', 'Cook duck to 165 °F and rest it for 4 minutes.'))
    await save('What about the duck?', 'duck', { mustSay: ['165', '4 minutes', 'Duck'] })
    expect(await run()).toMatchObject([
      { is_kept: true, must_say: ['165', '4 minutes', 'Duck'], missing: [] }
    ])
    const typo = await draft('duck', 'Cook duck to 156 °F and rest it for 14 minutes.')
    const lost = {
      question: 'What about the duck?',
      language: 'en',
      expected: 'duck',
      got: 'duck',
      missing: ['165', '4 minutes'],
      group: 'harbor'
    }
    const [dry] = await publish(typo, true)
    expect(dry?.done.golden.regressions).toEqual([lost])
    const refused = await errorOf(publish(typo))
    expect(refused).toMatchObject({ code: 'HR409', message: 'golden_regression' })
    expect(JSON.parse(refused?.detail ?? '')).toEqual([lost])
    expect(await published('duck')).toEqual(['Cook duck to 165 °F and rest it for 4 minutes.'])
    // The same change of words around the figures is nobody's business.
    await publish(await draft('duck', 'Duck: 165 °F inside, then 4 minutes of rest.'))
    expect(await published('duck')).toEqual(['Duck: 165 °F inside, then 4 minutes of rest.'])
  })

  it('take a new figure when it is saved with them, from the draft that says it', async () => {
    await publish(await draft('goose', 'Cook goose to 165 °F.'))
    await save('What about the goose?', 'goose', { mustSay: ['165'] })
    const meant = await draft('goose', 'Cook goose to 170 °F.')
    await save('What about the goose?', 'goose', { mustSay: ['170'] })
    expect(await run()).toMatchObject([{ is_kept: false, got: 'goose', missing: ['170'] }])
    const [done] = await publish(meant)
    expect(done?.done.golden).toMatchObject({ kept: 1, regressions: [] })
    // Saved last without one, nothing but the section is wanted.
    await save('What about the goose?', 'goose')
    expect(await run()).toMatchObject([{ is_kept: true, must_say: [], missing: [] }])
  })

  it.each([
    ['65', 'Cook to 165 °F.', false],
    ['165', 'Cook to 165°F.', true],
    ['165', 'Cook to 165F.', true],
    ['165 °F', '| Poultry | **165** °F |', true],
    ['poultry 165', '| Poultry | **165** °F |', true],
    ['5', 'Wait 1.5 hours.', false],
    ['1', 'Wait 1.5 hours.', false],
    ['1.5', 'Wait 1.5 hours.', true],
    ['1.5', 'Wait 1x5 hours.', false],
    ['165', 'Cook to 165.', true],
    ['50', 'From 50-70 ppm.', true],
    ['camara', 'La CÁMARA fría.', true],
    ['ice', 'Twice a day.', false],
    ['(ice)', 'On crushed (ice) only.', true],
    ['1.5', 'Wait 1-5 hours.', false],
    ['[a-z]+', 'Anything.', false],
    ["'; drop table x; --", 'Anything.', false],
    ['\\d', 'Cook to 165.', false],
    ['-18 °C', 'At −18 °C.', true]
  ])('that must say %j are kept by %j: %s', async (word, text, isSaid) => {
    const [row] = await restaurants.database.query<{ unsaid: string[] }>(
      'select private.unsaid(array[$1::text], $2) as unsaid',
      [word, text]
    )
    expect(row?.unsaid).toEqual(isSaid ? [] : [word])
  })

  it('that are forgotten are gone, and forgetting again finds nothing', async () => {
    const id = await save('How hot is chicken?', 'chicken')
    const forget = () =>
      restaurants.as(restaurants.manager, 'select public.forget_golden($1)', [id])
    await forget()
    expect(await run()).toEqual([])
    expect((await errorOf(forget()))?.code).toBe('HR005')
  })
})

describe('how long questions are kept', () => {
  const keep = (days: number | null) =>
    restaurants.as(restaurants.brandManager, 'select public.set_question_retention($1, $2)', [
      HARBOR_BRAND,
      days
    ])

  it('is said in days, and holds from the next question on', async () => {
    const id = await record('mop')
    await restaurants.database.query(
      `update public.asked_questions set asked_at = now() - interval '8 days' where question_id = $1`,
      [id]
    )
    await keep(7)
    await record('keys')
    const rows = await restaurants.database.query<{ question: string }>(
      'select question from public.asked_questions'
    )
    expect(rows).toEqual([{ question: 'keys' }])
  })

  it.each([0, 731, null])('is not %s days', async (days) => {
    expect((await errorOf(keep(days)))?.code).toBe('HR400')
  })
})
