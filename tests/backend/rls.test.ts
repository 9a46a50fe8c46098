// Who may see and do what, on the real migrations in a real Postgres: every table and every RPC, for every
// kind of caller.
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Viewer } from '../../local/backend/database.ts'
import {
  ANON,
  addPerson,
  addSection,
  errorOf,
  HARBOR,
  openRestaurants,
  type Person,
  type Restaurants,
  SERVICE,
  SOL
} from './support/restaurants.ts'

let restaurants: Restaurants
beforeAll(async () => {
  restaurants = await openRestaurants()
  const { database, kiosk, stranger } = restaurants
  const text = { title: 'Chicken', passages: ['Cook chicken to 165 °F.'] }
  await addSection(database, HARBOR, 'chicken', { en: text })
  await addSection(database, SOL, 'chicken', { en: text })
  for (const [{ userId }, groupId] of [
    [kiosk, HARBOR],
    [stranger, SOL]
  ] as const) {
    await database.query(
      'insert into public.usage_days (user_id, group_id, day, questions) values ($1, $2, current_date, 1)',
      [userId, groupId]
    )
    await database.query(
      'insert into public.questions_charged (user_id, group_id, question_id) values ($1, $2, $3)',
      [userId, groupId, randomUUID()]
    )
  }
})
afterAll(() => restaurants.database.close())

const TABLES = [
  'groups',
  'group_memberships',
  'role_policies',
  'usage_days',
  'questions_charged',
  'manual_sections',
  'manual_passages'
] as const

/** The column that says whose restaurant a row is. */
const groupColumn = (table: (typeof TABLES)[number]): string =>
  table === 'groups' ? 'id' : 'group_id'

const countByGroup = async (
  viewer: Viewer,
  table: (typeof TABLES)[number]
): Promise<Record<string, number>> => {
  const rows = await restaurants.as<{ group_id: string; count: number }>(
    viewer,
    `select ${groupColumn(table)} as group_id, count(*)::int as count from public.${table} group by 1`
  )
  return Object.fromEntries(rows.map((row) => [row.group_id, row.count]))
}

describe('every table', () => {
  it('has row-level security, forced', async () => {
    const rows = await restaurants.database.query<{ name: string }>(
      `select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where n.nspname in ('public', 'private') and c.relkind = 'r'
         and not (c.relrowsecurity and (c.relforcerowsecurity or n.nspname = 'private'))`
    )
    expect(rows).toEqual([])
  })

  it('is one of those that these tests know', async () => {
    const rows = await restaurants.database.query<{ name: string }>(
      `select c.relname as name from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'`
    )
    expect(rows.map((row) => row.name).sort()).toEqual([...TABLES].sort())
  })

  it.each(TABLES)('%s is closed to anon', async (table) => {
    const error = await errorOf(restaurants.as(ANON, `select * from public.${table}`))
    expect(error?.code).toBe('42501')
  })

  it.each(TABLES)('%s shows nothing to an account without a restaurant', async (table) => {
    expect(await countByGroup(restaurants.nobody, table)).toEqual({})
  })

  it.each(TABLES)('%s shows a member nothing of another restaurant', async (table) => {
    expect(Object.keys(await countByGroup(restaurants.kiosk, table))).toEqual([HARBOR])
    expect(Object.keys(await countByGroup(restaurants.stranger, table))).toEqual([SOL])
  })

  it.each(TABLES)('%s is whole for service_role', async (table) => {
    expect(Object.keys(await countByGroup(SERVICE, table)).sort()).toEqual([HARBOR, SOL])
  })

  it.each(TABLES)('%s takes no write from a member, a manager or an owner', async (table) => {
    const { kiosk, manager, owner } = restaurants
    for (const viewer of [kiosk, manager, owner]) {
      for (const statement of [
        `insert into public.${table} default values`,
        `update public.${table} set ${groupColumn(table)} = ${groupColumn(table)}`,
        `delete from public.${table}`,
        `truncate public.${table}`
      ]) {
        expect((await errorOf(restaurants.as(viewer, statement)))?.code, statement).toBe('42501')
      }
    }
  })
})

describe('memberships', () => {
  const seenBy = async (viewer: Viewer): Promise<string[]> =>
    (
      await restaurants.as<{ user_id: string }>(
        viewer,
        'select user_id from public.group_memberships'
      )
    )
      .map((row) => row.user_id)
      .sort()

  it('show a cook their own only', async () => {
    expect(await seenBy(restaurants.cook)).toEqual([restaurants.cook.userId])
  })

  it.each(['manager', 'owner'] as const)(
    'show a %s everybody of their restaurant',
    async (role) => {
      const { kiosk, cook, manager, owner } = restaurants
      const all = [kiosk, cook, manager, owner].map((person) => person.userId).sort()
      expect(await seenBy(restaurants[role])).toEqual(all)
    }
  )
})

describe('usage', () => {
  it.each(['usage_days', 'questions_charged'] as const)(
    '%s shows a person their own, and a manager nobody else’s',
    async (table) => {
      expect(await countByGroup(restaurants.kiosk, table)).toEqual({ [HARBOR]: 1 })
      expect(await countByGroup(restaurants.cook, table)).toEqual({})
      expect(await countByGroup(restaurants.manager, table)).toEqual({})
    }
  )
})

const RPCS = {
  get_user_usage: (groupId: string) => [`select * from public.get_user_usage($1)`, [groupId]],
  get_voice_access: (groupId: string) => [`select * from public.get_voice_access($1)`, [groupId]],
  search_manual: (groupId: string) => [
    `select * from public.search_manual($1, 'chicken', 'en')`,
    [groupId]
  ],
  hybrid_search_manual: (groupId: string) => [
    `select * from public.hybrid_search_manual($1, $2, 'chicken', 'en')`,
    [groupId, randomUUID()]
  ],
  increment_usage: (groupId: string, userId: string) => [
    `select * from public.increment_usage($3, $1, $2)`,
    [groupId, randomUUID(), userId]
  ]
} satisfies Record<string, (groupId: string, userId: string) => [string, unknown[]]>
const RPC_NAMES = Object.keys(RPCS) as (keyof typeof RPCS)[]

const callRpc = (viewer: Viewer, name: keyof typeof RPCS, groupId: string, userId: string) =>
  restaurants.as(viewer, ...RPCS[name](groupId, userId))

describe('every function', () => {
  it('of the API is one of those that these tests know', async () => {
    const rows = await restaurants.database.query<{ name: string }>(
      `select p.proname as name from pg_proc p where p.pronamespace = 'public'::regnamespace
         and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')`
    )
    expect(rows.map((row) => row.name).sort()).toEqual([...RPC_NAMES].sort())
  })

  it('of ours runs with an empty search path and is closed to anon', async () => {
    const rows = await restaurants.database.query<{ name: string }>(
      `select p.oid::regprocedure::text as name from pg_proc p
       where p.pronamespace in ('public'::regnamespace, 'private'::regnamespace)
         and (coalesce(array_to_string(p.proconfig, ','), '') !~ 'search_path=""'
           or has_function_privilege('anon', p.oid, 'execute'))`
    )
    expect(rows).toEqual([])
  })

  it.each(RPC_NAMES)('%s cannot be called by anon', async (name) => {
    const error = await errorOf(callRpc(ANON, name, HARBOR, restaurants.kiosk.userId))
    expect(error?.code).toBe('42501')
  })

  it.each(RPC_NAMES)('%s refuses a member of another restaurant', async (name) => {
    const { stranger } = restaurants
    const error = await errorOf(callRpc(stranger, name, HARBOR, stranger.userId))
    expect(error).toMatchObject({ code: 'HR001', message: 'not_a_member' })
  })

  it.each(RPC_NAMES)(
    '%s refuses an account without a restaurant and an unknown restaurant',
    async (name) => {
      const { nobody, kiosk } = restaurants
      expect((await errorOf(callRpc(nobody, name, HARBOR, nobody.userId)))?.code).toBe('HR001')
      expect((await errorOf(callRpc(kiosk, name, randomUUID(), kiosk.userId)))?.code).toBe('HR001')
    }
  )

  it.each(RPC_NAMES)('%s serves a member', async (name) => {
    const { kiosk } = restaurants
    expect(await errorOf(callRpc(kiosk, name, HARBOR, kiosk.userId))).toBeUndefined()
  })
})

describe('usage of somebody else', () => {
  const usageOf = (viewer: Viewer, userId: string) =>
    restaurants.as(viewer, 'select * from public.get_user_usage(_group_id => $1, _user_id => $2)', [
      HARBOR,
      userId
    ])
  const increment = (viewer: Viewer, userId: string) =>
    restaurants.as(viewer, ...RPCS.increment_usage(HARBOR, userId))

  it('is refused to a colleague and to a manager', async () => {
    const { cook, kiosk, manager } = restaurants
    for (const viewer of [cook, manager]) {
      expect((await errorOf(usageOf(viewer, kiosk.userId)))?.code).toBe('HR001')
      expect((await errorOf(increment(viewer, kiosk.userId)))?.code).toBe('HR001')
    }
  })

  it('is open to service_role', async () => {
    const { owner } = restaurants
    await increment(SERVICE, owner.userId)
    expect(await usageOf(SERVICE, owner.userId)).toMatchObject([{ daily_count: 1 }])
  })
})

describe('charging', () => {
  let person: Person
  beforeEach(async () => {
    const { database } = restaurants
    person = await addPerson(database, randomUUID())
    await database.query(
      `insert into public.group_memberships (user_id, group_id, role) values ($1, $2, 'crew')`,
      [person.userId, HARBOR]
    )
  })

  const search = (questionId: string, question = 'chicken') =>
    restaurants.as(person, `select * from public.hybrid_search_manual($1, $2, $3, 'en')`, [
      HARBOR,
      questionId,
      question
    ])
  const usage = async () =>
    (
      await restaurants.as<{ daily_count: number; can_ask: boolean }>(
        person,
        'select * from public.get_user_usage($1)',
        [HARBOR]
      )
    )[0]

  it('counts one question once, however often it is searched, up to five times', async () => {
    const questionId = randomUUID()
    for (let times = 0; times < 5; times += 1) await search(questionId)
    expect(await usage()).toMatchObject({ daily_count: 1 })
    await search(questionId)
    expect(await usage()).toMatchObject({ daily_count: 2 })
  })

  it('counts a question that the handbook does not answer', async () => {
    await search(randomUUID(), 'the wifi password')
    expect(await usage()).toMatchObject({ daily_count: 1 })
  })

  it('lets 50 of 200 questions asked at once through a limit of 50, and says so to the others', async () => {
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

  it('lets a question that was counted be searched again at the limit', async () => {
    const questionId = randomUUID()
    await search(questionId)
    await restaurants.database.query(
      'update public.usage_days set questions = 50 where user_id = $1',
      [person.userId]
    )
    expect(await errorOf(search(questionId))).toBeUndefined()
    expect((await errorOf(search(randomUUID())))?.code).toBe('HR003')
  })

  it('does not let one person ride on the question id of another', async () => {
    const questionId = randomUUID()
    await restaurants.as(
      restaurants.cook,
      `select * from public.hybrid_search_manual($1, $2, 'chicken', 'en')`,
      [HARBOR, questionId]
    )
    await search(questionId)
    expect(await usage()).toMatchObject({ daily_count: 1 })
  })

  it('holds to the month’s limit across days', async () => {
    const { database } = restaurants
    await database.query(
      `update public.role_policies set monthly_limit = 3 where group_id = $1 and role = 'crew'`,
      [HARBOR]
    )
    try {
      await database.query(
        `insert into public.usage_days (user_id, group_id, day, questions)
         values ($1, $2, date_trunc('month', (now() at time zone 'UTC'))::date, 2)`,
        [person.userId, HARBOR]
      )
      await search(randomUUID())
      expect((await errorOf(search(randomUUID())))?.code).toBe('HR003')
    } finally {
      await database.query(
        `update public.role_policies set monthly_limit = null where group_id = $1`,
        [HARBOR]
      )
    }
  })

  it('refuses a role whose policy has the assistant off, or that has no policy, and counts nothing', async () => {
    const { database } = restaurants
    await database.query(
      `insert into public.role_policies (group_id, role, voice_enabled, can_use_ai) values ($1, 'trainee', true, false)`,
      [HARBOR]
    )
    for (const role of ['trainee', 'guest']) {
      await database.query('update public.group_memberships set role = $2 where user_id = $1', [
        person.userId,
        role
      ])
      expect(await errorOf(search(randomUUID()))).toMatchObject({
        code: 'HR002',
        message: 'ai_disabled'
      })
    }
    expect(await usage()).toMatchObject({ daily_count: 0, can_ask: false })
  })

  it('takes the charge back when the search itself is refused', async () => {
    expect((await errorOf(search(randomUUID(), '   ')))?.code).toBe('HR400')
    expect(await usage()).toMatchObject({ daily_count: 0 })
  })
})

describe('voice access', () => {
  it('tells a member their role, policy and usage without counting', async () => {
    const { owner } = restaurants
    const access = () =>
      restaurants.as(owner, 'select * from public.get_voice_access($1)', [HARBOR])
    const [first] = await access()
    expect(first).toMatchObject({
      role: 'owner',
      voice_enabled: true,
      can_use_ai: true,
      daily_limit: 50,
      monthly_limit: null,
      can_ask: true
    })
    expect(await access()).toEqual([first])
  })
})

describe('the handbook’s own integrity', () => {
  it('keeps a passage in the restaurant of its section', async () => {
    const { database } = restaurants
    const error = await errorOf(
      database.query(
        `insert into public.manual_passages (section_id, group_id, language, ordinal, content)
         select id, $1, 'en', 9, 'x' from public.manual_sections where group_id = $2 limit 1`,
        [SOL, HARBOR]
      )
    )
    expect(error?.code).toBe('23503')
  })
})
