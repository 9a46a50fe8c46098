// Tests the rights of every kind of caller on every table and every function of the API.
import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Viewer } from '../../dev/supabase/database.ts'
import {
  ANON,
  addMember,
  codeOf,
  errorOf,
  HARBOR,
  HARBOR_BRAND,
  NAMES,
  type Name,
  PIER,
  SERVICE,
  SOL,
  SOL_BRAND,
  setUpRestaurants
} from './support/restaurants.ts'
import { SEARCH, searchArguments } from './support/search.ts'
import { addSection, draftOf, english, ownerOf, type Place, saveDraft } from './support/sections.ts'

const restaurants = setUpRestaurants()
/** The id of a question in every restaurant. */
const ASKED = '00000000-0000-4000-8000-0000000000d0'
const PLACES = {
  harbor: HARBOR,
  pier: PIER,
  sol: SOL,
  'harbor-group': { brand: HARBOR_BRAND },
  'sol-group': { brand: SOL_BRAND }
} satisfies Record<string, Place>
type PlaceName = keyof typeof PLACES
const PLACE_NAMES = Object.keys(PLACES) as PlaceName[]

/** Adds a published section, a draft, and a row to every other table, at every place. */
beforeAll(async () => {
  const { database, kiosk, sister, stranger } = restaurants
  const vectors = { model: 'm', of: () => [1, 2] }
  for (const place of Object.values(PLACES)) {
    const text = english('Chicken', 'Cook chicken to 165 °F.')
    await addSection(database, place, 'chicken', text, vectors)
    await saveDraft(restaurants, SERVICE, place, 'secret', { en: 'Soon.' }, vectors)
  }
  for (const [{ userId }, groupId] of [
    [kiosk, HARBOR],
    [sister, PIER],
    [stranger, SOL]
  ] as const) {
    for (const statement of [
      'insert into public.usage_days (user_id, group_id, day, questions) values ($1, $2, current_date, 1)',
      'insert into public.counted_questions (user_id, group_id, question_id) values ($1, $2, gen_random_uuid())',
      `with key as (insert into public.voice_keys (user_id, group_id, expires_at) values ($1, $2, now()) returning *)
       insert into public.voice_calls (key_id, call_id, user_id, group_id) select id, 'rtc_1', $1, $2 from key`,
      `insert into public.turn_costs values ($1, $2, gen_random_uuid(), now(), 'm', 1, 0, 0, 0, 0, 0, 't', 0, 0)`
    ]) {
      await database.query(statement, [userId, groupId])
    }
  }
  await database.query(
    'insert into public.group_usage_days (group_id, day, questions) select id, current_date, 1 from public.groups'
  )
  await database.query(
    `insert into public.usage_limits (group_id, whose, measure, period) select id, 'group', 'keys', 'day' from public.groups`
  )
  await database.query(
    `insert into public.question_gaps (organisation_id, group_id, language, example)
     select organisation_id, id, 'en', 'Where is the mop?' from public.groups`
  )
  await database.query(
    `insert into public.asked_questions (organisation_id, group_id, question_id, language, question, is_found, method)
     select organisation_id, id, $1, 'en', 'Where is the mop?', false, 'keyword' from public.groups`,
    [ASKED]
  )
  await database.query(
    'update public.asked_questions q set gap_id = g.id from public.question_gaps g where g.group_id = q.group_id'
  )
  await database.query(
    `insert into public.golden_questions (organisation_id, group_id, language, question, section_slug)
     select organisation_id, id, 'en', 'How hot is chicken?', 'chicken' from public.groups
     union all select id, null, 'en', 'How hot is chicken?', 'chicken' from public.organisations`
  )
})

/** SQL for the owner of a row: the slug of a restaurant, or `…-group` for a brand. */
const BRAND = `(select case o.slug when 'sol' then 'sol-group' else o.slug end
  from public.organisations o where o.id = %)`
const GROUP = '(select g.slug from public.groups g where g.id = %)'
const of = (expression: string, column: string) => expression.replace('%', column)
const GROUP_ONLY = of(GROUP, 't.group_id')
const GROUP_OR_BRAND = `coalesce(${GROUP_ONLY}, ${of(BRAND, 't.organisation_id')})`
const WITH_DRAFTS = PLACE_NAMES.flatMap((name) => [name, `${name} draft`])
const GROUPS = ['harbor', 'pier', 'sol']
const BRANDS_ONLY = ['harbor-group', 'sol-group']
const IS_DRAFT = `case when t.is_published then '' else ' draft' end`
/** The owner of rows that every signed-in person reads. */
const EVERY_PERSON = 'every person'
/** SQL for the owner of a row, and the owners of all rows. */
const TABLE_OWNERS = {
  organisations: [of(BRAND, 't.id'), BRANDS_ONLY],
  organisation_memberships: [of(BRAND, 't.organisation_id'), BRANDS_ONLY],
  handbook_terms: [of(BRAND, 't.organisation_id'), BRANDS_ONLY],
  groups: [of(GROUP, 't.id'), GROUPS],
  group_memberships: [GROUP_ONLY, GROUPS],
  role_policies: [GROUP_ONLY, GROUPS],
  usage_days: [GROUP_ONLY, GROUPS],
  group_usage_days: [GROUP_ONLY, GROUPS],
  counted_questions: [GROUP_ONLY, GROUPS],
  voice_keys: [GROUP_ONLY, GROUPS],
  voice_calls: [GROUP_ONLY, GROUPS],
  turn_costs: [GROUP_ONLY, GROUPS],
  usage_limits: [`coalesce(${GROUP_ONLY}, '${EVERY_PERSON}')`, [...GROUPS, EVERY_PERSON]],
  model_prices: [`'${EVERY_PERSON}'`, [EVERY_PERSON]],
  manual_sections: [
    `${GROUP_OR_BRAND} || case t.slug when 'secret' then ' draft' else '' end`,
    WITH_DRAFTS
  ],
  manual_section_versions: [
    `${GROUP_OR_BRAND} || case t.status when 'draft' then ' draft' else '' end`,
    WITH_DRAFTS
  ],
  manual_passages: [`${GROUP_OR_BRAND} || ${IS_DRAFT}`, WITH_DRAFTS],
  manual_embeddings: [`${GROUP_OR_BRAND} || ${IS_DRAFT}`, WITH_DRAFTS],
  question_gaps: [GROUP_ONLY, GROUPS],
  asked_questions: [GROUP_ONLY, GROUPS],
  golden_questions: [GROUP_OR_BRAND, PLACE_NAMES]
} satisfies Record<string, [ownerSql: string, all: readonly string[]]>
type Table = keyof typeof TABLE_OWNERS
const TABLES = Object.keys(TABLE_OWNERS) as Table[]
/** The search reads vectors, and no person does. */
const OPEN = TABLES.filter((table) => table !== 'manual_embeddings')

type Sight = Partial<Record<Table, readonly string[]>>
const text = (...whose: string[]): Sight => ({
  manual_sections: whose,
  manual_section_versions: whose,
  manual_passages: whose
})
const limitsOf = (...whose: string[]): Sight => ({
  usage_limits: [...whose, EVERY_PERSON],
  model_prices: [EVERY_PERSON]
})
const atWork = (group: string, brand: string): Sight => ({
  organisations: [brand],
  handbook_terms: [brand],
  groups: [group],
  group_memberships: [group],
  role_policies: [group],
  ...limitsOf(group)
})
const CREW_OF_HARBOR = { ...atWork('harbor', 'harbor-group'), ...text('harbor', 'harbor-group') }
const MANAGER_OF_HARBOR: Sight = {
  ...atWork('harbor', 'harbor-group'),
  ...text('harbor', 'harbor draft', 'harbor-group'),
  group_usage_days: ['harbor'],
  question_gaps: ['harbor'],
  asked_questions: ['harbor'],
  golden_questions: ['harbor', 'harbor-group']
}
const MANAGER_OF_THE_BRAND: Sight = {
  ...text('harbor', 'pier', 'harbor-group', 'harbor-group draft'),
  ...limitsOf('harbor', 'pier'),
  organisations: ['harbor-group'],
  handbook_terms: ['harbor-group'],
  organisation_memberships: ['harbor-group'],
  groups: ['harbor', 'pier'],
  group_usage_days: ['harbor', 'pier'],
  question_gaps: ['harbor', 'pier'],
  asked_questions: ['harbor', 'pier'],
  golden_questions: ['harbor', 'pier', 'harbor-group']
}
const charged = (group: string): Sight => ({
  usage_days: [group],
  counted_questions: [group],
  voice_keys: [group],
  voice_calls: [group],
  turn_costs: [group]
})

/** The owners of all rows that a person reads. A missing table is empty. */
const SIGHT = {
  kiosk: { ...CREW_OF_HARBOR, ...charged('harbor') },
  cook: CREW_OF_HARBOR,
  lead: CREW_OF_HARBOR,
  manager: MANAGER_OF_HARBOR,
  owner: MANAGER_OF_HARBOR,
  sister: {
    ...atWork('pier', 'harbor-group'),
    ...text('pier', 'harbor-group'),
    ...charged('pier')
  },
  brandManager: MANAGER_OF_THE_BRAND,
  brandOwner: MANAGER_OF_THE_BRAND,
  rival: {
    ...atWork('sol', 'sol-group'),
    ...text('sol', 'sol draft', 'sol-group', 'sol-group draft'),
    organisation_memberships: ['sol-group'],
    group_usage_days: ['sol'],
    question_gaps: ['sol'],
    asked_questions: ['sol'],
    golden_questions: ['sol', 'sol-group']
  },
  stranger: { ...atWork('sol', 'sol-group'), ...text('sol', 'sol-group'), ...charged('sol') },
  outsider: limitsOf()
} satisfies Record<Name, Sight>

/** The owners of the rows that a viewer reads. */
const seenBy = async (viewer: Viewer, table: Table): Promise<string[]> => {
  const rows = await restaurants.as<{ key: string }>(
    viewer,
    `select t.ctid::text as key from public.${table} t`
  )
  const whose = await restaurants.database.query<{ whose: string }>(
    `select distinct ${TABLE_OWNERS[table][0]} as whose from public.${table} t where t.ctid = any ($1::tid[])`,
    [rows.map(({ key }) => key)]
  )
  return whose.map((row) => row.whose).sort()
}

describe('a table', () => {
  it('has forced row-level security', async () => {
    const rows = await restaurants.database.query<{ name: string }>(
      `select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where n.nspname in ('public', 'private') and c.relkind = 'r'
         and not (c.relrowsecurity and (c.relforcerowsecurity or n.nspname = 'private'))`
    )
    expect(rows).toEqual([])
  })

  it('is known to these tests', async () => {
    const rows = await restaurants.database.query<{ name: string }>(
      `select c.relname as name from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'`
    )
    expect(rows.map((row) => row.name).sort()).toEqual([...TABLES].sort())
  })

  it.each(TABLES)('%s refuses anon', async (table) => {
    const error = await errorOf(restaurants.as(ANON, `select * from public.${table}`))
    expect(error?.code).toBe('42501')
  })

  it.each(TABLES)('%s shows all rows to service_role', async (table) => {
    expect(await seenBy(SERVICE, table)).toEqual(TABLE_OWNERS[table][1].toSorted())
  })

  it.each(NAMES)('shows no vector to a %s', async (name) => {
    const read = restaurants.as(restaurants[name], 'select * from public.manual_embeddings')
    expect(await codeOf(read)).toBe('42501')
  })

  it.each(NAMES)('shows a %s only their own rows', async (name) => {
    const sight: Sight = SIGHT[name]
    const seen = Object.fromEntries(
      await Promise.all(
        OPEN.map(async (table) => [table, await seenBy(restaurants[name], table)] as const)
      )
    )
    const expected = Object.fromEntries(
      OPEN.map((table) => [table, [...(sight[table] ?? [])].sort()])
    )
    expect(seen).toEqual(expected)
  })

  it.each(NAMES)('refuses writes of a %s', async (name) => {
    for (const table of TABLES) {
      const column = await restaurants.value<string>(
        'select attname as name from pg_attribute where attrelid = $1::regclass and attnum = 1',
        [`public.${table}`]
      )
      for (const statement of [
        `insert into public.${table} default values`,
        `update public.${table} set ${column} = ${column}`,
        `delete from public.${table}`,
        `truncate public.${table}`
      ]) {
        const error = await errorOf(restaurants.as(restaurants[name], statement))
        expect(error?.code, statement).toBe('42501')
      }
    }
  })
})

describe('memberships', () => {
  const colleaguesSeenBy = async (viewer: Viewer, table: string): Promise<string[]> =>
    (await restaurants.as<{ user_id: string }>(viewer, `select user_id from public.${table}`))
      .map((row) => row.user_id)
      .sort()
  const idsOf = (...names: Name[]) => names.map((name) => restaurants[name].userId).sort()

  it.each(['cook', 'lead'] as const)('show a %s only their own', async (name) => {
    expect(await colleaguesSeenBy(restaurants[name], 'group_memberships')).toEqual(idsOf(name))
  })

  it.each(['manager', 'owner'] as const)(
    'show a %s all people of their restaurant',
    async (name) => {
      expect(await colleaguesSeenBy(restaurants[name], 'group_memberships')).toEqual(
        idsOf('kiosk', 'cook', 'lead', 'manager', 'owner')
      )
    }
  )

  it('show a brand’s manager the writers of the brand', async () => {
    expect(await colleaguesSeenBy(restaurants.brandManager, 'organisation_memberships')).toEqual(
      idsOf('brandManager', 'brandOwner')
    )
  })
})

type Call = [statement: string, parameters: unknown[]]
/** Calls that need nothing but a place: the ids of its owner are the first two parameters. */
const onOwner =
  (call: string, ...more: unknown[]) =>
  async (place: Place): Promise<Call> => [`select public.${call}`, [...ownerOf(place), ...more]]
const onGroup =
  (call: string, ...more: unknown[]) =>
  async (place: Place): Promise<Call> => [`select public.${call}`, [ownerOf(place)[1], ...more]]
const onBrand =
  (call: string, ...more: unknown[]) =>
  async (place: Place): Promise<Call> => [`select public.${call}`, [ownerOf(place)[0], ...more]]
/** The id that the service gets for a call. */
const madeByService = async ([statement, parameters]: Call): Promise<string | undefined> => {
  const [made] = await restaurants.as<{ id: string }>(SERVICE, `${statement} as id`, parameters)
  return made?.id
}
const draftAt = async (place: Place): Promise<Call> => [
  'select public.save_draft($1, $2, $3, $4, $5, $6, $7, $8)',
  draftOf(place, `s-${randomUUID()}`, { en: 'Text.' })
]
const goldenAt = onOwner(`save_golden($1, $2, 'en', $3, 'chicken')`, 'How hot is the chicken?')
const termAt = onBrand(`save_term($1, 'gloves', 'en', 'mitts', 'gloves')`)

/**
 * For Harbor, Pier, Sol, Harbor's brand and Sol's brand: `y`, the call works; `n`, it raises HR004; `-`, it raises the
 * code for people from outside.
 */
type Rights = Record<Name, string>
const MEMBERS: Rights = {
  kiosk: 'y--',
  cook: 'y--',
  lead: 'y--',
  manager: 'y--',
  owner: 'y--',
  sister: '-y-',
  brandManager: '---',
  brandOwner: '---',
  rival: '--y',
  stranger: '--y',
  outsider: '---'
}
const WRITERS: Rights = {
  kiosk: 'n--n-',
  cook: 'n--n-',
  lead: 'n--n-',
  manager: 'y--n-',
  owner: 'y--n-',
  sister: '-n-n-',
  brandManager: 'nn-y-',
  brandOwner: 'nn-y-',
  rival: '--y-y',
  stranger: '--n-n',
  outsider: '-----'
}
const OVERSEERS: Rights = {
  ...WRITERS,
  manager: 'y--y-',
  owner: 'y--y-',
  brandManager: 'yy-y-',
  brandOwner: 'yy-y-'
}

type Entry = {
  rights: Rights
  places: readonly PlaceName[]
  /** Makes what a call at the place needs. Every call is rolled back. */
  prepare: (place: Place) => Promise<Call>
  /** HR001 by default. HR005 hides that the row exists. */
  outside?: 'HR005'
  /** The code of a call that passes the check of rights, where it is refused later. */
  done?: 'HR400' | 'HR005'
}
const RESTAURANTS = PLACE_NAMES.slice(0, 3)
const BRANDS = PLACE_NAMES.slice(3)
const member = (prepare: Entry['prepare'], more: Partial<Entry> = {}): Entry => ({
  rights: MEMBERS,
  places: RESTAURANTS,
  prepare,
  ...more
})
const writer = (prepare: Entry['prepare'], more: Partial<Entry> = {}): Entry => ({
  rights: WRITERS,
  places: PLACE_NAMES,
  prepare,
  ...more
})
const brandWriter = (prepare: Entry['prepare'], more: Partial<Entry> = {}): Entry =>
  writer(prepare, { places: BRANDS, ...more })
const overseer = (prepare: Entry['prepare'], more: Partial<Entry> = {}): Entry =>
  writer(prepare, { rights: OVERSEERS, ...more })

const FUNCTIONS: Readonly<Record<string, Entry>> = {
  get_voice_access: member(onGroup(`get_voice_access($1, 'en')`)),
  report_call: member(onGroup(`report_call($1, $2, 'rtc_1', 60)`, ASKED)),
  report_cost: member(
    onGroup(
      `report_cost($1, $2, 'gpt-realtime-2.1', 9, 1, 1, 9, 1, 1, 'gpt-live-transcribe', 1)`,
      ASKED
    )
  ),
  get_handbook: member(onGroup('get_handbook($1)')),
  search_handbook: member(async (place) => [
    SEARCH,
    searchArguments({ groupId: ownerOf(place)[1] ?? '', question: 'chicken' })
  ]),
  charge_question: member(onGroup('charge_question($1, $2)', randomUUID())),
  // Asked by another person.
  rate_answer: member(onGroup(`rate_answer($1, $2, 'down', 900)`, ASKED), { done: 'HR005' }),
  report_answer: member(onGroup(`report_answer($1, $2, 'answered', '{chicken}', 0, 0)`, ASKED)),

  save_draft: writer(draftAt),
  publish_versions: writer(
    async (place) => [
      'select public.publish_versions(array[$1::uuid])',
      [await madeByService(await draftAt(place))]
    ],
    { outside: 'HR005' }
  ),
  retire_sections: writer(
    async (place) => [
      'select public.retire_sections(array[$1::uuid])',
      [await addSection(restaurants.database, place, `s-${randomUUID()}`, english('T', 'Text.'))]
    ],
    { outside: 'HR005' }
  ),
  passages_to_embed: writer(onOwner(`passages_to_embed($1, $2, '[]')`)),
  list_sections: writer(onOwner('list_sections($1, $2)')),
  list_missing_embeddings: writer(onOwner(`list_missing_embeddings($1, $2, 'm')`)),
  add_embeddings: writer(onOwner(`add_embeddings($1, $2, 'text-embedding-3-small', '[]')`)),
  save_golden: writer(goldenAt),
  delete_golden: writer(
    async (place) => [
      'select public.delete_golden($1)',
      [await madeByService(await goldenAt(place))]
    ],
    { outside: 'HR005' }
  ),

  set_golden_aside: {
    // Managers of the brand, in the brand and in each of its restaurants.
    rights: {
      ...WRITERS,
      manager: 'n--n-',
      owner: 'n--n-',
      brandManager: 'yy-y-',
      brandOwner: 'yy-y-'
    },
    places: PLACE_NAMES,
    prepare: async (place) => [
      `select public.set_golden_aside($1, 'It is wrong.')`,
      [await madeByService(await goldenAt(place))]
    ],
    outside: 'HR005'
  },

  list_gaps: overseer(onOwner('list_gaps($1, $2)')),
  get_usage: overseer(onOwner('get_usage($1, $2)')),
  run_golden: overseer(onOwner('run_golden($1, $2)')),
  resolve_gap: overseer(
    async (place) => {
      const gap = await restaurants.value<string>(
        'select id from public.question_gaps where group_id = $1',
        [place]
      )
      return [`select public.resolve_gap($1, 'open')`, [gap]]
    },
    { places: RESTAURANTS, outside: 'HR005' }
  ),

  set_question_retention: brandWriter(onBrand('set_question_retention($1, 90)')),
  set_caution_topics: brandWriter(onBrand(`set_caution_topics($1, '{burns}')`)),
  save_term: brandWriter(termAt),
  delete_term: brandWriter(
    async (place) => ['select public.delete_term($1)', [await madeByService(await termAt(place))]],
    { outside: 'HR005' }
  ),
  start_model_change: brandWriter(onBrand(`start_model_change($1, 'text-embedding-9')`)),
  // No change is under way.
  finish_model_change: brandWriter(onBrand('finish_model_change($1)'), { done: 'HR400' }),
  cancel_model_change: brandWriter(onBrand('cancel_model_change($1)')),
  delete_unused_embeddings: brandWriter(onBrand('delete_unused_embeddings($1)'))
}
const FUNCTION_NAMES = Object.keys(FUNCTIONS)
const MEMBER_CALLS = Object.entries(FUNCTIONS).filter(([, { rights }]) => rights === MEMBERS)

/** The code that a call raises for a viewer. The call has no effect. */
const codeFor = (viewer: Viewer, [statement, parameters]: Call): Promise<string | undefined> =>
  codeOf(
    restaurants.database.transaction(async (sql) => {
      await sql.query(statement, parameters)
      await sql.rollback()
    }, viewer)
  )

describe('a function of the API', () => {
  it('is known to these tests', async () => {
    const rows = await restaurants.database.query<{ name: string }>(
      `select p.proname as name from pg_proc p where p.pronamespace = 'public'::regnamespace
         and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')`
    )
    expect(rows.map((row) => row.name).sort()).toEqual(FUNCTION_NAMES.toSorted())
  })

  it.each(FUNCTION_NAMES)(
    '%s works for people with the right, and raises for others',
    async (name) => {
      const { rights, places, prepare, outside = 'HR001', done } = FUNCTIONS[name] as Entry
      const calls = await Promise.all(places.map((place) => prepare(PLACES[place])))
      const letterOf = (code: string | undefined): string =>
        code === done ? 'y' : code === 'HR004' ? 'n' : code === outside ? '-' : String(code)
      const lettersFor = async (viewer: Viewer): Promise<string> => {
        const codes = await Promise.all(calls.map((call) => codeFor(viewer, call)))
        return codes.map(letterOf).join('')
      }
      for (const person of NAMES) {
        const expected = places.map((place) => rights[person][PLACE_NAMES.indexOf(place)]).join('')
        expect(await lettersFor(restaurants[person]), person).toBe(expected)
      }
      expect(await lettersFor(ANON)).toBe('42501'.repeat(places.length))
      if (rights !== MEMBERS) expect(await lettersFor(SERVICE)).toBe('y'.repeat(places.length))
    }
  )

  it.each(MEMBER_CALLS)(
    '%s refuses an unknown restaurant and a former member',
    async (_name, entry) => {
      const { database, kiosk } = restaurants
      const [statement, [, ...parameters]] = await entry.prepare(HARBOR)
      expect(await codeFor(kiosk, [statement, [randomUUID(), ...parameters]])).toBe('HR001')
      const former = await addMember(database, HARBOR)
      const call: Call = [statement, [HARBOR, ...parameters]]
      expect(await codeFor(former, call)).toBe(entry.done)
      await database.query('delete from public.group_memberships where user_id = $1', [
        former.userId
      ])
      expect(await codeFor(former, call)).toBe('HR001')
      expect(await seenBy(former, 'manual_passages')).toEqual([])
    }
  )

  it('refuses a restaurant under a brand that is not its own', async () => {
    for (const [person, brandId, groupId] of [
      ['rival', HARBOR_BRAND, SOL],
      ['rival', SOL_BRAND, HARBOR],
      ['manager', SOL_BRAND, HARBOR],
      ['brandManager', HARBOR_BRAND, SOL]
    ] as const) {
      const [statement, [, , ...rest]] = await draftAt(HARBOR)
      const code = await codeFor(restaurants[person], [statement, [brandId, groupId, ...rest]])
      expect(code, `${person} ${brandId} ${groupId}`).toBe('HR001')
    }
  })

  it('answers the same for an unknown row and one of another brand', async () => {
    const { rival, manager, as } = restaurants
    for (const name of ['publish_versions', 'retire_sections', 'resolve_gap']) {
      const [statement, [id]] = await (FUNCTIONS[name] as Entry).prepare(HARBOR)
      for (const [viewer, parameter] of [
        [rival, id],
        [rival, randomUUID()],
        [manager, randomUUID()]
      ] as const) {
        const error = await errorOf(as(viewer, statement, [parameter]))
        expect(error, name).toMatchObject({ code: 'HR005', detail: undefined })
      }
    }
  })
})

describe('a private function', () => {
  it('runs with an empty search path and is closed to anon, like a public one', async () => {
    const rows = await restaurants.database.query<{ name: string }>(
      `select p.oid::regprocedure::text as name from pg_proc p
       where p.pronamespace in ('public'::regnamespace, 'private'::regnamespace)
         and (coalesce(array_to_string(p.proconfig, ','), '') !~ 'search_path=""'
           or has_function_privilege('anon', p.oid, 'execute'))`
    )
    expect(rows).toEqual([])
  })

  it('is open to people only where a policy calls it', async () => {
    const rows = await restaurants.database.query<{ name: string }>(
      `select p.proname as name from pg_proc p
       where p.pronamespace = 'private'::regnamespace and has_function_privilege('authenticated', p.oid, 'execute')
       order by 1`
    )
    expect(rows.map(({ name }) => name)).toEqual([
      'groups_managed_by_caller',
      'groups_of_caller',
      'groups_readable_by_manager',
      'organisations_managed_by_caller',
      'organisations_of_caller',
      'organisations_readable_by_manager'
    ])
  })
})

describe('list_gaps and question_gap_counts', () => {
  it('show the same gaps as the table', async () => {
    const groupIds = { harbor: HARBOR, pier: PIER, sol: SOL } as const
    for (const person of NAMES) {
      const sight: Sight = SIGHT[person]
      const expected = (sight.question_gaps ?? [])
        .map((slug) => groupIds[slug as keyof typeof groupIds])
        .sort()
      const viewer = restaurants[person]
      const counted = await restaurants.as<{ group_id: string; questions: number }>(
        viewer,
        'select group_id, questions from public.question_gap_counts'
      )
      expect([...new Set(counted.map((row) => row.group_id))].sort(), person).toEqual(expected)
      if (expected.length === 0) continue
      const listed = await restaurants.as<{ group_id: string }>(
        viewer,
        'select group_id from public.list_gaps($1)',
        [person === 'rival' ? SOL_BRAND : HARBOR_BRAND]
      )
      expect([...new Set(listed.map((row) => row.group_id))].sort(), person).toEqual(expected)
    }
    const anon = restaurants.as(ANON, 'select * from public.question_gap_counts')
    expect(await codeOf(anon)).toBe('42501')
  })
})

describe('a constraint', () => {
  it('keeps a passage in the restaurant of its section', async () => {
    const { database } = restaurants
    await addSection(database, HARBOR, 'placed', { en: { title: 'T', passages: ['x'] } })
    const placed = `group_id = '${SOL}', is_published = false`
    const rows = await database.query(
      `update public.manual_passages p set ${placed}
       from public.manual_sections s where s.id = p.section_id and s.slug = 'placed'
       returning p.group_id, p.organisation_id, p.is_published`
    )
    expect(rows).toEqual([{ group_id: HARBOR, organisation_id: HARBOR_BRAND, is_published: true }])
    const error = await errorOf(
      database.query(`update public.manual_passages set organisation_id = $1 where group_id = $2`, [
        SOL_BRAND,
        HARBOR
      ])
    )
    expect(error?.code).toBe('23503')
  })
})
