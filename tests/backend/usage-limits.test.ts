// Tests how search_handbook charges questions to the limits of people and restaurants.
import { randomUUID } from 'node:crypto'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  addMember,
  codeOf,
  errorOf,
  HARBOR,
  HARBOR_BRAND,
  type Person,
  PIER,
  setUpRestaurants
} from './support/restaurants.ts'
import { searchAs } from './support/search.ts'
import { addSection, english } from './support/sections.ts'

const restaurants = setUpRestaurants()
beforeAll(async () => {
  await addSection(
    restaurants.database,
    { brand: HARBOR_BRAND },
    'chicken',
    english('Chicken', 'Cook chicken to 165 °F.')
  )
})

describe('search_handbook', () => {
  let person: Person
  beforeEach(async () => {
    person = await addMember(restaurants.database, HARBOR)
  })

  const search = (questionId: string, question = 'chicken') =>
    searchAs(restaurants, person, { questionId, question })
  const charge = (questionId: string) =>
    restaurants.as(person, 'select public.charge_question($1, $2) as model', [HARBOR, questionId])
  const usage = async () =>
    (
      await restaurants.as<{ daily_count: number; can_ask: boolean }>(
        person,
        `select * from public.get_voice_access($1, 'en')`,
        [HARBOR]
      )
    )[0]

  const groupCount = async () => {
    return (
      (await restaurants.value<number>(
        `select sum(questions)::int as count from public.group_usage_days where group_id = $1
         and day >= date_trunc('month', current_date)`,
        [HARBOR]
      )) ?? 0
    )
  }

  it('counts five searches of a question once, and the sixth again', async () => {
    const questionId = randomUUID()
    for (let times = 0; times < 5; times += 1) await search(questionId)
    expect(await usage()).toMatchObject({ daily_count: 1 })
    await search(questionId)
    expect(await usage()).toMatchObject({ daily_count: 2 })
  })

  describe('early', () => {
    const early = (who = person) =>
      restaurants.as(
        who,
        `select * from public.search_handbook($1, $2, 'chicken', null, '{}', 'en', null, null, 'en', true)`,
        [HARBOR, randomUUID()]
      )
    const recorded = () =>
      restaurants.value<number>('select count(*)::int from public.asked_questions')

    it('finds passages, and neither counts nor records a question', async () => {
      const before = await recorded()
      expect(await early()).not.toEqual([])
      expect(await usage()).toMatchObject({ daily_count: 0 })
      expect(await recorded()).toBe(before)
    })

    it('has a limit of 200 a day and four for each question', async () => {
      await search(randomUUID())
      await restaurants.database.query(
        'update public.usage_days set early_searches = 203 where user_id = $1',
        [person.userId]
      )
      const results = await Promise.all(Array.from({ length: 5 }, () => errorOf(early())))
      expect(results.filter((error) => error === undefined)).toHaveLength(1)
      expect(await errorOf(search(randomUUID()))).toBeUndefined()
    })

    it('is refused where a question is refused', async () => {
      const stranger = await addMember(restaurants.database, PIER)
      expect(await codeOf(early(stranger))).toBe('HR001')
      await Promise.all(Array.from({ length: 50 }, () => search(randomUUID())))
      expect(await codeOf(early())).toBe('HR003')
    })
  })

  it('counts a question without an answer', async () => {
    await search(randomUUID(), 'the wifi password')
    expect(await usage()).toMatchObject({ daily_count: 1 })
  })

  it('answers 50 of 200 questions at once at a limit of 50, and raises HR003 for the others', async () => {
    const results = await Promise.all(
      Array.from({ length: 200 }, () => errorOf(search(randomUUID())))
    )
    expect(results.filter((error) => error === undefined)).toHaveLength(50)
    const refused = results.filter((error) => error !== undefined)
    expect(refused).toHaveLength(150)
    expect(new Set(refused.map((error) => `${error.code} ${error.message}`))).toEqual(
      new Set(['HR003 limit_exceeded'])
    )
    expect(JSON.parse(refused[0]?.detail ?? '')).toMatchObject({ daily_count: 50, daily_limit: 50 })
    expect(await usage()).toMatchObject({ daily_count: 50, can_ask: false })
  })

  it('counts five simultaneous searches of a question once, for the person and the restaurant', async () => {
    const before = await groupCount()
    const questionId = randomUUID()
    await Promise.all(Array.from({ length: 5 }, () => search(questionId)))
    expect(await usage()).toMatchObject({ daily_count: 1 })
    expect(await groupCount()).toBe(before + 1)
  })

  it('answers 50 of 200 questions of four people at once at a restaurant’s limit of 50', async () => {
    const { database } = restaurants
    const people = await Promise.all(Array.from({ length: 4 }, () => addMember(database, PIER)))
    await database.query('delete from public.group_usage_days where group_id = $1', [PIER])
    await database.query('update public.groups set daily_limit = 50 where id = $1', [PIER])
    const results = await Promise.all(
      Array.from({ length: 200 }, (_, index) =>
        errorOf(
          searchAs(restaurants, people[index % 4] ?? person, { groupId: PIER, question: 'chicken' })
        )
      )
    )
    expect(results.filter((error) => error === undefined)).toHaveLength(50)
    const [refused] = results.filter((error) => error !== undefined)
    expect(refused).toMatchObject({ code: 'HR003' })
    expect(JSON.parse(refused?.detail ?? '')).toMatchObject({
      whose: 'group',
      group_daily_count: 50,
      group_daily_limit: 50
    })
    const counted = await database.query(
      `select sum(d.questions)::int as people, min(g.questions) as together
       from public.usage_days d join public.group_usage_days g on g.group_id = d.group_id
       where d.group_id = $1 and d.user_id = any ($2)`,
      [PIER, people.map(({ userId }) => userId)]
    )
    expect(counted).toEqual([{ people: 50, together: 50 }])
    await database.query('update public.groups set daily_limit = null where id = $1', [PIER])
  })

  it('searches a counted question again at the limit', async () => {
    const questionId = randomUUID()
    await search(questionId)
    await restaurants.database.query(
      'update public.usage_days set questions = 50 where user_id = $1',
      [person.userId]
    )
    expect(await errorOf(search(questionId))).toBeUndefined()
    expect(await codeOf(search(randomUUID()))).toBe('HR003')
  })

  it('refuses the question id of another person, and leaves the record as it is', async () => {
    const questionId = randomUUID()
    const recorded = () =>
      restaurants.database.query(
        'select question, searches from public.asked_questions where question_id = $1',
        [questionId]
      )
    await searchAs(restaurants, restaurants.cook, { questionId, question: 'chicken' })
    for (const refused of [search(questionId, 'the till code'), charge(questionId)]) {
      expect(await errorOf(refused)).toMatchObject({
        code: 'HR400',
        detail: 'another person asked this question'
      })
    }
    expect(await recorded()).toEqual([{ question: 'chicken', searches: 1 }])
    expect(await usage()).toMatchObject({ daily_count: 0 })
  })

  it('finds a search counted that charge_question has counted, and counts the next one', async () => {
    const questionId = randomUUID()
    const counted = () =>
      restaurants.database.query(
        'select searches, searches_ahead from public.counted_questions where question_id = $1',
        [questionId]
      )
    expect(await charge(questionId)).toEqual([{ model: 'text-embedding-3-small' }])
    await charge(questionId)
    expect(await counted()).toEqual([{ searches: 2, searches_ahead: 2 }])
    await search(questionId)
    await search(questionId)
    expect(await counted()).toEqual([{ searches: 2, searches_ahead: 0 }])
    await search(questionId)
    expect(await counted()).toEqual([{ searches: 3, searches_ahead: 0 }])
    expect(await usage()).toMatchObject({ daily_count: 1 })
    // The sixth counts again, searched or not.
    for (let times = 0; times < 3; times += 1) await charge(questionId)
    expect(await usage()).toMatchObject({ daily_count: 2 })
  })

  it('refuses a charge beyond the limit, and searches what is charged', async () => {
    const questionId = randomUUID()
    await charge(questionId)
    await restaurants.database.query(
      'update public.usage_days set questions = 50 where user_id = $1',
      [person.userId]
    )
    expect(await codeOf(charge(randomUUID()))).toBe('HR003')
    expect(await errorOf(search(questionId))).toBeUndefined()
  })

  it.each([
    ['person', 'role_policies', 'group_id', async () => 3],
    ['restaurant', 'groups', 'id', async () => (await groupCount()) + 1]
  ])('stops at the %s’s limit of the month, across days', async (_whose, table, where, limit) => {
    const { database } = restaurants
    const setLimit = (most: number | null) =>
      database.query(`update public.${table} set monthly_limit = $2 where ${where} = $1`, [
        HARBOR,
        most
      ])
    await database.query(
      `insert into public.usage_days (user_id, group_id, day, questions)
       values ($1, $2, date_trunc('month', (now() at time zone 'UTC'))::date, 2)`,
      [person.userId, HARBOR]
    )
    await setLimit(await limit())
    try {
      await search(randomUUID())
      expect(await codeOf(search(randomUUID()))).toBe('HR003')
      expect(await usage()).toMatchObject({ can_ask: false })
    } finally {
      await setLimit(null)
    }
  })

  it('refuses a role without a policy or with the assistant off, and counts nothing', async () => {
    const { database } = restaurants
    await database.query(
      `update public.group_memberships set role = 'shift_lead' where user_id = $1`,
      [person.userId]
    )
    for (const change of [
      `update public.role_policies set can_use_ai = false where group_id = $1 and role = 'shift_lead'`,
      `delete from public.role_policies where group_id = $1 and role = 'shift_lead'`
    ]) {
      await database.query(change, [HARBOR])
      expect(await errorOf(search(randomUUID()))).toMatchObject({
        code: 'HR002',
        message: 'ai_disabled'
      })
    }
    expect(await usage()).toMatchObject({ daily_count: 0, can_ask: false })
  })

  it('charges nothing when the search is refused', async () => {
    expect(await codeOf(search(randomUUID(), '   '))).toBe('HR400')
    expect(await usage()).toMatchObject({ daily_count: 0 })
  })
})

describe('get_voice_access', () => {
  it('returns role, policy and usage without counting', async () => {
    const { owner } = restaurants
    const access = () =>
      restaurants.as(owner, `select * from public.get_voice_access($1, 'en')`, [HARBOR])
    const [first] = await access()
    expect(first).toMatchObject({
      role: 'owner',
      group_name: 'Harbor',
      organisation_id: HARBOR_BRAND,
      group_daily_limit: null,
      group_monthly_limit: null,
      voice_enabled: true,
      can_use_ai: true,
      daily_limit: 50,
      monthly_limit: null,
      can_ask: true
    })
    expect(await access()).toEqual([first])
  })
})
