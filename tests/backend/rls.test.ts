// Who may see and do what, on the real migrations in a real Postgres: every table and every RPC, for every
// kind of caller.
import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Viewer } from '../../dev/supabase/database.ts'
import {
  ANON,
  addPerson,
  codeOf,
  errorOf,
  HARBOR,
  HARBOR_BRAND,
  PIER,
  SERVICE,
  SOL,
  SOL_BRAND,
  setUpRestaurants
} from './support/restaurants.ts'
import { SEARCH, searchArguments } from './support/search.ts'
import { addSection, draftOf, type Place, SAVE_DRAFT } from './support/sections.ts'

const restaurants = setUpRestaurants()
/** The same id in every restaurant: a question is known by both. */
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

/** A section that is published, one that is only a draft, and a row of everything else, wherever there can be one. */
beforeAll(async () => {
  const { database, kiosk, sister, stranger } = restaurants
  const text = { title: 'Chicken', passages: ['Cook chicken to 165 °F.'] }
  const vectors = { model: 'm', of: () => [1, 2] }
  for (const name of PLACE_NAMES) {
    await addSection(database, PLACES[name], 'chicken', { en: text }, vectors)
    await restaurants.as(
      SERVICE,
      SAVE_DRAFT,
      draftOf(PLACES[name], 'secret', { en: 'Soon.' }, vectors)
    )
  }
  for (const [{ userId }, groupId] of [
    [kiosk, HARBOR],
    [sister, PIER],
    [stranger, SOL]
  ] as const) {
    for (const statement of [
      'insert into public.usage_days (user_id, group_id, day, questions) values ($1, $2, current_date, 1)',
      'insert into public.counted_questions (user_id, group_id, question_id) values ($1, $2, gen_random_uuid())'
    ]) {
      await database.query(statement, [userId, groupId])
    }
  }
  await database.query(
    'insert into public.group_usage_days (group_id, day, questions) select id, current_date, 1 from public.groups'
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

/** Whose a row is, by the slugs of restaurants and `…-group` for brands. */
const BRAND = `(select case o.slug when 'sol' then 'sol-group' else o.slug end
  from public.organisations o where o.id = %)`
const GROUP = '(select g.slug from public.groups g where g.id = %)'
const of = (expression: string, column: string) => expression.replace('%', column)
const GROUP_ONLY = of(GROUP, 't.group_id')
const GROUP_OR_BRAND = `coalesce(${GROUP_ONLY}, ${of(BRAND, 't.organisation_id')})`
const WHOSE = {
  organisations: of(BRAND, 't.id'),
  organisation_memberships: of(BRAND, 't.organisation_id'),
  handbook_terms: of(BRAND, 't.organisation_id'),
  groups: of(GROUP, 't.id'),
  group_memberships: GROUP_ONLY,
  role_policies: GROUP_ONLY,
  usage_days: GROUP_ONLY,
  group_usage_days: GROUP_ONLY,
  counted_questions: GROUP_ONLY,
  manual_sections: `${GROUP_OR_BRAND} || case t.slug when 'secret' then ' draft' else '' end`,
  manual_section_versions: `${GROUP_OR_BRAND} || case t.status when 'draft' then ' draft' else '' end`,
  manual_passages: `${GROUP_OR_BRAND} || case when t.is_published then '' else ' draft' end`,
  manual_embeddings: `(select ${GROUP_OR_BRAND} || case when t.is_published then '' else ' draft' end
    from public.manual_passages t where t.id = passage_id)`,
  question_gaps: GROUP_ONLY,
  asked_questions: GROUP_ONLY,
  golden_questions: GROUP_OR_BRAND
} satisfies Record<string, string>
type Table = keyof typeof WHOSE
const TABLES = Object.keys(WHOSE) as Table[]
/** Read by the search alone. */
const CLOSED: readonly Table[] = ['manual_embeddings']

const WITH_DRAFTS = PLACE_NAMES.flatMap((name) => [name, `${name} draft`])
const GROUPS = ['harbor', 'pier', 'sol']
const ALL: Readonly<Record<Table, readonly string[]>> = {
  organisations: ['harbor-group', 'sol-group'],
  organisation_memberships: ['harbor-group', 'sol-group'],
  handbook_terms: ['harbor-group', 'sol-group'],
  groups: GROUPS,
  group_memberships: GROUPS,
  role_policies: GROUPS,
  usage_days: GROUPS,
  group_usage_days: GROUPS,
  counted_questions: GROUPS,
  manual_sections: WITH_DRAFTS,
  manual_section_versions: WITH_DRAFTS,
  manual_passages: WITH_DRAFTS,
  manual_embeddings: WITH_DRAFTS,
  question_gaps: GROUPS,
  asked_questions: GROUPS,
  golden_questions: PLACE_NAMES
}

type Sight = Partial<Record<Table, readonly string[]>>
const text = (...whose: string[]): Sight => ({
  manual_sections: whose,
  manual_section_versions: whose,
  manual_passages: whose
})
const atWork = (group: string, brand: string): Sight => ({
  organisations: [brand],
  handbook_terms: [brand],
  groups: [group],
  group_memberships: [group],
  role_policies: [group]
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
  organisations: ['harbor-group'],
  handbook_terms: ['harbor-group'],
  organisation_memberships: ['harbor-group'],
  groups: ['harbor', 'pier'],
  group_usage_days: ['harbor', 'pier'],
  question_gaps: ['harbor', 'pier'],
  asked_questions: ['harbor', 'pier'],
  golden_questions: ['harbor', 'pier', 'harbor-group']
}
const charged = (group: string): Sight => ({ usage_days: [group], counted_questions: [group] })

/** Everybody, with all that they see. What is not named is empty. */
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
  outsider: {}
} satisfies Record<string, Sight>
type Name = keyof typeof SIGHT
const NAMES = Object.keys(SIGHT) as Name[]

/** Whose rows somebody sees: the ids as they see them, told apart with everybody's eyes. */
const seenBy = async (viewer: Viewer, table: Table): Promise<string[]> => {
  const rows = await restaurants.as<{ key: string }>(
    viewer,
    `select t.ctid::text as key from public.${table} t`
  )
  const whose = await restaurants.database.query<{ whose: string }>(
    `select distinct ${WHOSE[table]} as whose from public.${table} t where t.ctid = any ($1::tid[])`,
    [rows.map(({ key }) => key)]
  )
  return whose.map((row) => row.whose).sort()
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

  it.each(TABLES)('%s is whole for service_role', async (table) => {
    expect(await seenBy(SERVICE, table)).toEqual([...ALL[table]].sort())
  })

  it.each(CLOSED)('%s is closed to people', async (table) => {
    for (const name of NAMES) {
      const error = await errorOf(
        restaurants.as(restaurants[name], `select * from public.${table}`)
      )
      expect(error?.code, name).toBe('42501')
    }
  })

  const OPEN = TABLES.filter((table) => !CLOSED.includes(table))
  it.each(NAMES)('shows a %s what is theirs, and nothing of anybody else', async (name) => {
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

  it.each(NAMES)('takes no write from a %s', async (name) => {
    for (const table of TABLES) {
      const [column] = await restaurants.database.query<{ name: string }>(
        'select attname as name from pg_attribute where attrelid = $1::regclass and attnum = 1',
        [`public.${table}`]
      )
      for (const statement of [
        `insert into public.${table} default values`,
        `update public.${table} set ${column?.name} = ${column?.name}`,
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

  it.each(['cook', 'lead'] as const)('show a %s their own only', async (name) => {
    expect(await colleaguesSeenBy(restaurants[name], 'group_memberships')).toEqual(idsOf(name))
  })

  it.each(['manager', 'owner'] as const)(
    'show a %s everybody of their restaurant',
    async (name) => {
      expect(await colleaguesSeenBy(restaurants[name], 'group_memberships')).toEqual(
        idsOf('kiosk', 'cook', 'lead', 'manager', 'owner')
      )
    }
  )

  it('show a brand’s manager everybody who writes for the brand', async () => {
    expect(await colleaguesSeenBy(restaurants.brandManager, 'organisation_memberships')).toEqual(
      idsOf('brandManager', 'brandOwner')
    )
  })
})

const RPCS = {
  get_voice_access: (groupId: string) => [
    `select * from public.get_voice_access($1, 'en')`,
    [groupId]
  ],
  get_handbook: (groupId: string) => [`select * from public.get_handbook($1)`, [groupId]],
  search_handbook: (groupId: string) => [SEARCH, searchArguments({ groupId, question: 'chicken' })],
  rate_answer: (groupId: string) => [
    `select public.rate_answer($1, $2, 'down', 900)`,
    [groupId, ASKED]
  ],
  report_answer: (groupId: string) => [
    `select public.report_answer($1, $2, 'answered', '{chicken}', 0, 0)`,
    [groupId, ASKED]
  ]
} satisfies Record<string, (groupId: string) => [string, unknown[]]>
const RPC_NAMES = Object.keys(RPCS) as (keyof typeof RPCS)[]

/** A word of its own, of letters: the figures of an identifier would be found in other sections' titles. */
const uniqueWord = (): string => randomUUID().replace(/[^a-f]/g, '')

const saveGolden = (viewer: Viewer, place: Place) => {
  const [brandId, groupId] = draftOf(place, 'chicken', {})
  return restaurants.as<{ id: string }>(
    viewer,
    `select public.save_golden($1, $2, 'en', $3, 'chicken') as id`,
    [brandId, groupId, `How hot is chicken, ${uniqueWord()}?`]
  )
}

/** Functions that write the handbook, or what it must go on finding; each on something of its own at a place. */
const WRITES = {
  save_draft: async (viewer: Viewer, place: Place) =>
    restaurants.as(viewer, SAVE_DRAFT, draftOf(place, `s-${randomUUID()}`, { en: 'Text.' })),
  publish_versions: async (viewer: Viewer, place: Place) => {
    const [draft] = await restaurants.as<{ id: string }>(
      SERVICE,
      SAVE_DRAFT,
      draftOf(place, `s-${randomUUID()}`, { en: 'Text.' })
    )
    return restaurants.as(viewer, 'select public.publish_versions(array[$1::uuid])', [draft?.id])
  },
  retire_sections: async (viewer: Viewer, place: Place) => {
    const id = await addSection(restaurants.database, place, `s-${randomUUID()}`, {
      en: { title: 'T', passages: ['Text.'] }
    })
    return restaurants.as(viewer, 'select public.retire_sections(array[$1::uuid])', [id])
  },
  passages_to_embed: async (viewer: Viewer, place: Place) => {
    const [brandId, groupId] = draftOf(place, '', {})
    return restaurants.as(viewer, `select * from public.passages_to_embed($1, $2, '[]')`, [
      brandId,
      groupId
    ])
  },
  list_sections: async (viewer: Viewer, place: Place) => {
    const [brandId, groupId] = draftOf(place, '', {})
    return restaurants.as(viewer, 'select * from public.list_sections($1, $2)', [brandId, groupId])
  },
  list_missing_embeddings: async (viewer: Viewer, place: Place) => {
    const [brandId, groupId] = draftOf(place, '', {})
    return restaurants.as(viewer, `select * from public.list_missing_embeddings($1, $2, 'm')`, [
      brandId,
      groupId
    ])
  },
  add_embeddings: async (viewer: Viewer, place: Place) => {
    const [brandId, groupId] = draftOf(place, '', {})
    return restaurants.as(
      viewer,
      `select public.add_embeddings($1, $2, 'text-embedding-3-small', '[]')`,
      [brandId, groupId]
    )
  },
  save_golden: async (viewer: Viewer, place: Place) => saveGolden(viewer, place),
  delete_golden: async (viewer: Viewer, place: Place) => {
    const [golden] = await saveGolden(SERVICE, place)
    return restaurants.as(viewer, 'select public.delete_golden($1)', [golden?.id])
  }
} satisfies Record<string, (viewer: Viewer, place: Place) => Promise<unknown[]>>
const WRITE_NAMES = Object.keys(WRITES) as (keyof typeof WRITES)[]

/** Functions that look at what was asked, at a place, and settle it. */
const OVERSIGHT = {
  list_gaps: async (viewer: Viewer, place: Place) => {
    const [brandId, groupId] = draftOf(place, '', {})
    return restaurants.as(viewer, 'select * from public.list_gaps($1, $2)', [brandId, groupId])
  },
  run_golden: async (viewer: Viewer, place: Place) => {
    const [brandId, groupId] = draftOf(place, '', {})
    return restaurants.as(viewer, 'select * from public.run_golden($1, $2)', [brandId, groupId])
  },
  resolve_gap: async (viewer: Viewer, place: Place) => {
    // A brand has no gap of its own: any restaurant's of it stands for it.
    const [brandId, groupId] = draftOf(place, '', {})
    const [gap] = await restaurants.database.query<{ id: string }>(
      `select id from public.question_gaps
       where organisation_id = $1 and ($2::uuid is null or group_id = $2) and group_id <> $3 limit 1`,
      [brandId, groupId, groupId === null ? PIER : randomUUID()]
    )
    return restaurants.as(viewer, `select public.resolve_gap($1, 'open')`, [gap?.id])
  }
} satisfies Record<string, (viewer: Viewer, place: Place) => Promise<unknown[]>>
const OVERSIGHT_NAMES = Object.keys(OVERSIGHT) as (keyof typeof OVERSIGHT)[]

const callRpc = (viewer: Viewer, name: keyof typeof RPCS, groupId: string) =>
  restaurants.as(viewer, ...RPCS[name](groupId))

/** Functions that change something of a whole brand. */
const OF_BRAND = {
  set_question_retention: 'select public.set_question_retention($1, 90)',
  set_caution_topics: `select public.set_caution_topics($1, '{burns}')`,
  start_model_change: `select public.start_model_change($1, 'text-embedding-9')`,
  // As far as the rights go: where no change is under way there is nothing to finish.
  finish_model_change: 'select public.finish_model_change($1)',
  cancel_model_change: 'select public.cancel_model_change($1)',
  delete_unused_embeddings: 'select public.delete_unused_embeddings($1)'
}
const OF_BRAND_NAMES = Object.keys(OF_BRAND) as (keyof typeof OF_BRAND)[]

/** Of a brand's words; who may is in terms.test.ts. */
const TERM_NAMES = ['save_term', 'delete_term']

describe('every function', () => {
  it('of the API is one of those that these tests know', async () => {
    const rows = await restaurants.database.query<{ name: string }>(
      `select p.proname as name from pg_proc p where p.pronamespace = 'public'::regnamespace
         and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')`
    )
    expect(rows.map((row) => row.name).sort()).toEqual(
      [...RPC_NAMES, ...WRITE_NAMES, ...OVERSIGHT_NAMES, ...OF_BRAND_NAMES, ...TERM_NAMES].sort()
    )
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

  it('that is private can be called by a person only where a policy asks it', async () => {
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

  it.each(RPC_NAMES)('%s cannot be called by anon', async (name) => {
    const error = await errorOf(callRpc(ANON, name, HARBOR))
    expect(error?.code).toBe('42501')
  })

  it.each(WRITE_NAMES)('%s cannot be called by anon', async (name) => {
    expect(await codeOf(WRITES[name](ANON, HARBOR))).toBe('42501')
  })

  it.each(OVERSIGHT_NAMES)('%s cannot be called by anon', async (name) => {
    expect(await codeOf(OVERSIGHT[name](ANON, HARBOR))).toBe('42501')
  })

  it.each(RPC_NAMES)(
    '%s refuses a member of another restaurant, of the same brand too, and the brand’s manager',
    async (name) => {
      for (const person of ['stranger', 'rival', 'sister', 'brandManager', 'brandOwner'] as const) {
        const viewer = restaurants[person]
        const error = await errorOf(callRpc(viewer, name, HARBOR))
        expect(error, person).toMatchObject({ code: 'HR001', message: 'not_a_member' })
      }
    }
  )

  it.each(RPC_NAMES)(
    '%s refuses an account without a restaurant and an unknown restaurant',
    async (name) => {
      const { outsider, kiosk } = restaurants
      expect(await codeOf(callRpc(outsider, name, HARBOR))).toBe('HR001')
      expect(await codeOf(callRpc(kiosk, name, randomUUID()))).toBe('HR001')
    }
  )

  it.each(RPC_NAMES)('%s serves a member of every role', async (name) => {
    for (const person of ['kiosk', 'cook', 'lead', 'manager', 'owner'] as const) {
      const viewer = restaurants[person]
      expect(await errorOf(callRpc(viewer, name, HARBOR)), person).toBeUndefined()
    }
  })

  it.each(RPC_NAMES)('%s refuses a member who was let go, at the next call', async (name) => {
    const { database } = restaurants
    const person = await addPerson(database, randomUUID())
    await database.query(
      `insert into public.group_memberships (user_id, group_id, role) values ($1, $2, 'crew')`,
      [person.userId, HARBOR]
    )
    expect(await errorOf(callRpc(person, name, HARBOR))).toBeUndefined()
    await database.query('delete from public.group_memberships where user_id = $1', [person.userId])
    expect(await codeOf(callRpc(person, name, HARBOR))).toBe('HR001')
    expect(await seenBy(person, 'manual_passages')).toEqual([])
  })
})

describe('writing', () => {
  const [OUTSIDE, MAY_NOT, DONE] = ['outside', 'HR004', undefined]
  /** Per person: Harbor, Pier, Sol, Harbor's brand, Sol's brand. */
  const MAY_WRITE = {
    kiosk: [MAY_NOT, OUTSIDE, OUTSIDE, MAY_NOT, OUTSIDE],
    cook: [MAY_NOT, OUTSIDE, OUTSIDE, MAY_NOT, OUTSIDE],
    lead: [MAY_NOT, OUTSIDE, OUTSIDE, MAY_NOT, OUTSIDE],
    manager: [DONE, OUTSIDE, OUTSIDE, MAY_NOT, OUTSIDE],
    owner: [DONE, OUTSIDE, OUTSIDE, MAY_NOT, OUTSIDE],
    sister: [OUTSIDE, MAY_NOT, OUTSIDE, MAY_NOT, OUTSIDE],
    brandManager: [MAY_NOT, MAY_NOT, OUTSIDE, DONE, OUTSIDE],
    brandOwner: [MAY_NOT, MAY_NOT, OUTSIDE, DONE, OUTSIDE],
    rival: [OUTSIDE, OUTSIDE, DONE, OUTSIDE, DONE],
    stranger: [OUTSIDE, OUTSIDE, MAY_NOT, OUTSIDE, MAY_NOT],
    outsider: [OUTSIDE, OUTSIDE, OUTSIDE, OUTSIDE, OUTSIDE]
  } satisfies Record<Name, (string | undefined)[]>
  /** What somebody outside is told: that they are no member, or nothing about what is there. */
  const OUTSIDE_CODE = {
    save_draft: 'HR001',
    publish_versions: 'HR005',
    retire_sections: 'HR005',
    passages_to_embed: 'HR001',
    list_sections: 'HR001',
    list_missing_embeddings: 'HR001',
    add_embeddings: 'HR001',
    save_golden: 'HR001',
    delete_golden: 'HR005'
  }

  const told = (name: keyof typeof WRITES, viewer: Viewer): Promise<(string | undefined)[]> =>
    Promise.all(PLACE_NAMES.map(async (place) => await codeOf(WRITES[name](viewer, PLACES[place]))))

  it.each(WRITE_NAMES)('%s is for those who manage the place', async (name) => {
    for (const person of NAMES) {
      const expected = MAY_WRITE[person].map((may) => (may === OUTSIDE ? OUTSIDE_CODE[name] : may))
      expect(await told(name, restaurants[person]), person).toEqual(expected)
    }
    expect(await told(name, SERVICE)).toEqual(PLACE_NAMES.map(() => DONE))
  })

  it('does not let a restaurant be named under a brand that is not its own', async () => {
    for (const [person, brandId, groupId] of [
      ['rival', HARBOR_BRAND, SOL],
      ['rival', SOL_BRAND, HARBOR],
      ['manager', SOL_BRAND, HARBOR],
      ['brandManager', HARBOR_BRAND, SOL]
    ] as const) {
      const [, , ...rest] = draftOf(HARBOR, `s-${randomUUID()}`, { en: 'Text.' })
      const error = await errorOf(
        restaurants.as(restaurants[person], SAVE_DRAFT, [brandId, groupId, ...rest])
      )
      expect(error?.code, `${person} ${brandId} ${groupId}`).toBe('HR001')
    }
  })

  it('tells outsider whether a version or a section of another brand exists', async () => {
    const { rival, database } = restaurants
    const [version] = await database.query<{ id: string; section_id: string }>(
      'select id, section_id from public.manual_section_versions where group_id = $1 limit 1',
      [HARBOR]
    )
    for (const id of [version?.id, randomUUID()]) {
      const publish = restaurants.as(rival, 'select public.publish_versions(array[$1::uuid])', [id])
      expect(await errorOf(publish)).toMatchObject({ code: 'HR005', detail: undefined })
    }
    for (const id of [version?.section_id, randomUUID()]) {
      const retire = restaurants.as(rival, 'select public.retire_sections(array[$1::uuid])', [id])
      expect(await errorOf(retire)).toMatchObject({ code: 'HR005', detail: undefined })
    }
  })
})

/** What each is told who changes something of Harbor's brand. */
const MAY_WRITE_BRAND = {
  kiosk: 'HR004',
  cook: 'HR004',
  lead: 'HR004',
  manager: 'HR004',
  owner: 'HR004',
  sister: 'HR004',
  brandManager: undefined,
  brandOwner: undefined,
  rival: 'HR001',
  stranger: 'HR001',
  outsider: 'HR001'
} satisfies Record<Name, string | undefined>

describe('looking at what was asked', () => {
  const [OUTSIDE, MAY_NOT, DONE] = ['outside', 'HR004', undefined]
  const CREW = [MAY_NOT, OUTSIDE, OUTSIDE, MAY_NOT, OUTSIDE]
  const MANAGER = [DONE, OUTSIDE, OUTSIDE, DONE, OUTSIDE]
  const BRAND = [DONE, DONE, OUTSIDE, DONE, OUTSIDE]
  /** Per person: Harbor, Pier, Sol, any restaurant of Harbor's brand, any of Sol's. */
  const MAY_LOOK = {
    kiosk: CREW,
    cook: CREW,
    lead: CREW,
    manager: MANAGER,
    owner: MANAGER,
    sister: [OUTSIDE, MAY_NOT, OUTSIDE, MAY_NOT, OUTSIDE],
    brandManager: BRAND,
    brandOwner: BRAND,
    rival: [OUTSIDE, OUTSIDE, DONE, OUTSIDE, DONE],
    stranger: [OUTSIDE, OUTSIDE, MAY_NOT, OUTSIDE, MAY_NOT],
    outsider: [OUTSIDE, OUTSIDE, OUTSIDE, OUTSIDE, OUTSIDE]
  } satisfies Record<Name, (string | undefined)[]>

  it.each(['list_gaps', 'run_golden'] as const)(
    '%s is for those who manage the restaurant or its brand',
    async (name) => {
      for (const person of NAMES) {
        const expected = MAY_LOOK[person].map((may) => (may === OUTSIDE ? 'HR001' : may))
        const told = await Promise.all(
          PLACE_NAMES.map(
            async (place) => await codeOf(OVERSIGHT[name](restaurants[person], PLACES[place]))
          )
        )
        expect(told, person).toEqual(expected)
      }
      expect(await errorOf(OVERSIGHT[name](SERVICE, HARBOR))).toBeUndefined()
    }
  )

  it('resolve_gap is for them too, and tells outsider else whether a gap exists', async () => {
    for (const person of NAMES) {
      const told = await Promise.all(
        ([HARBOR, PIER, SOL] as const).map(
          async (place) => await codeOf(OVERSIGHT.resolve_gap(restaurants[person], place))
        )
      )
      const expected = MAY_LOOK[person].slice(0, 3)
      expect(told, person).toEqual(expected.map((may) => (may === OUTSIDE ? 'HR005' : may)))
    }
    const unknown = restaurants.as(
      restaurants.manager,
      `select public.resolve_gap($1, 'dismissed')`,
      [randomUUID()]
    )
    expect(await errorOf(unknown)).toMatchObject({ code: 'HR005', detail: undefined })
  })

  it('shows in list_gaps and question_gap_counts the gaps that the table shows, and no others', async () => {
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

describe('what is a whole brand’s', () => {
  it.each(OF_BRAND_NAMES)('%s is for the brand’s managers alone', async (name) => {
    const { database } = restaurants
    // What the others leave in the brand is no matter here: each is asked of a brand as it was.
    const undone = Symbol('undone')
    const told = async (viewer: Viewer): Promise<string | undefined> => {
      try {
        await database.transaction(async (sql) => {
          await sql.query(OF_BRAND[name], [HARBOR_BRAND])
          throw undone
        }, viewer)
        return undefined
      } catch (error) {
        return error === undone ? undefined : await codeOf(Promise.reject(error))
      }
    }
    const done = name === 'finish_model_change' ? 'HR400' : undefined
    for (const person of NAMES) {
      const expected = MAY_WRITE_BRAND[person] ?? done
      expect(await told(restaurants[person]), person).toBe(expected)
    }
    expect(await told(ANON)).toBe('42501')
    expect(await told(SERVICE)).toBe(done)
  })
})

describe('the handbook’s own integrity', () => {
  it('keeps a passage in the restaurant of its section, whatever was written', async () => {
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

  it('takes only the four roles from now on', async () => {
    const { database, outsider } = restaurants
    const error = await errorOf(
      database.query(
        `insert into public.group_memberships (user_id, group_id, role) values ($1, $2, 'trainee')`,
        [outsider.userId, HARBOR]
      )
    )
    expect(error?.code).toBe('23514')
  })
})
