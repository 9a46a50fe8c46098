// Opens a migrated database with two brands, three restaurants and a person in each role.
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll } from 'vitest'
import type { Database, Viewer } from '../../../dev/supabase/database.ts'
import { openMigratedDatabase } from './migrated-database.ts'

export const HARBOR = '00000000-0000-4000-8000-00000000000a'
export const SOL = '00000000-0000-4000-8000-00000000000b'
/** Harbor's sister, of the same brand. */
export const PIER = '00000000-0000-4000-8000-00000000000c'
export const HARBOR_BRAND = '00000000-0000-4000-8000-0000000000a0'
export const SOL_BRAND = '00000000-0000-4000-8000-0000000000b0'
export const BRAND_OF: Readonly<Record<string, string>> = {
  [HARBOR]: HARBOR_BRAND,
  [PIER]: HARBOR_BRAND,
  [SOL]: SOL_BRAND
}

export type Person = Extract<Viewer, { role: 'authenticated' }>
export const ANON: Viewer = { role: 'anon' }
export const SERVICE: Viewer = { role: 'service_role' }

const person = (number: number): Person => ({
  role: 'authenticated',
  userId: `00000000-0000-4000-8000-0000000001${number}`
})
export const PEOPLE = {
  /** Harbor's people. */
  kiosk: person(10),
  cook: person(11),
  lead: person(12),
  manager: person(13),
  owner: person(14),
  /** A cook at the Pier. */
  sister: person(15),
  /** Manager and owner of Harbor's brand, with no role in either restaurant. */
  brandManager: person(16),
  brandOwner: person(17),
  /** Owner of Sol and of its brand. */
  rival: person(18),
  /** A cook at Sol. */
  stranger: person(19),
  /** Belongs to no restaurant. */
  outsider: person(20)
} satisfies Record<string, Person>
export type Name = keyof typeof PEOPLE
export const NAMES = Object.keys(PEOPLE) as Name[]

const MEMBERSHIPS: [Name, groupId: string, role: string][] = [
  ['kiosk', HARBOR, 'crew'],
  ['cook', HARBOR, 'crew'],
  ['lead', HARBOR, 'shift_lead'],
  ['manager', HARBOR, 'manager'],
  ['owner', HARBOR, 'owner'],
  ['sister', PIER, 'crew'],
  ['rival', SOL, 'owner'],
  ['stranger', SOL, 'crew']
]
const BRAND_MEMBERSHIPS: [Name, brandId: string, role: string][] = [
  ['brandManager', HARBOR_BRAND, 'manager'],
  ['brandOwner', HARBOR_BRAND, 'owner'],
  ['rival', SOL_BRAND, 'owner']
]

export type Restaurants = typeof PEOPLE & {
  database: Database
  /** One statement with the rights of a person or role. */
  as: <Row>(viewer: Viewer, statement: string, parameters?: unknown[]) => Promise<Row[]>
  /** The first column of the first row, as the superuser; undefined without a row. */
  value: <T>(statement: string, parameters?: unknown[]) => Promise<T>
  /** Deletes all rows of tables. A name without a schema is in `public`. */
  clear: (...tables: string[]) => Promise<void>
}

/** A code and detail of Postgres. */
export type PostgresError = { code: string; message: string; detail: string | undefined }

/** The error that Postgres refuses the work with; `undefined` when the work succeeds. */
export const errorOf = async (work: Promise<unknown>): Promise<PostgresError | undefined> => {
  try {
    await work
    return undefined
  } catch (error) {
    if (!(error instanceof Error)) throw error
    const code: unknown = Reflect.get(error, 'code')
    const detail: unknown = Reflect.get(error, 'detail')
    // Not an error of Postgres: a defect of the test itself.
    if (typeof code !== 'string') throw error
    return { code, message: error.message, detail: typeof detail === 'string' ? detail : undefined }
  }
}

/** The SQLSTATE that Postgres refuses the work with; `undefined` when the work succeeds. */
export const codeOf = async (work: Promise<unknown>): Promise<string | undefined> =>
  (await errorOf(work))?.code

/** Adds an account with a role in a restaurant. No test signs in with it, so it has no password. */
export const addMember = async (
  { query }: Database,
  groupId: string,
  role = 'crew'
): Promise<Person> => {
  const userId = randomUUID()
  await query('insert into auth.users (id, email) values ($1, $2)', [
    userId,
    `${userId}@example.com`
  ])
  await query(
    'insert into public.group_memberships (user_id, group_id, role) values ($1, $2, $3)',
    [userId, groupId, role]
  )
  return { role: 'authenticated', userId }
}

/** Columns of memberships as parallel arrays for `unnest`. */
const columnsOf = (memberships: readonly [Name, string, string][]): unknown[] => [
  memberships.map(([name]) => PEOPLE[name].userId),
  memberships.map(([, id]) => id),
  memberships.map(([, , role]) => role)
]

const fill = async ({ query }: Database): Promise<void> => {
  await query(
    `insert into auth.users (id, email) select id, name || '@example.com' from unnest($1::uuid[], $2::text[]) p (id, name)`,
    [NAMES.map((name) => PEOPLE[name].userId), NAMES]
  )
  await query(
    `insert into public.organisations (id, name, slug)
     values ($1, 'Harbor Group', 'harbor-group'), ($2, 'Sol', 'sol')`,
    [HARBOR_BRAND, SOL_BRAND]
  )
  await query(
    `insert into public.groups (id, organisation_id, name, slug)
     values ($1, $4, 'Harbor', 'harbor'), ($2, $4, 'Pier', 'pier'), ($3, $5, 'Sol', 'sol')`,
    [HARBOR, PIER, SOL, HARBOR_BRAND, SOL_BRAND]
  )
  await query(
    `insert into public.group_memberships (user_id, group_id, role)
     select * from unnest($1::uuid[], $2::uuid[], $3::text[])`,
    columnsOf(MEMBERSHIPS)
  )
  await query(
    `insert into public.organisation_memberships (user_id, organisation_id, role)
     select * from unnest($1::uuid[], $2::uuid[], $3::text[])`,
    columnsOf(BRAND_MEMBERSHIPS)
  )
  await query(
    `insert into public.role_policies (group_id, role, voice_enabled, can_use_ai, daily_limit)
     select g.id, r.role, true, true, 50
     from public.groups g cross join unnest(array['crew', 'shift_lead', 'manager', 'owner']) r (role)`
  )
}

/** The database of a test file, opened before its tests and closed after them. @param explains as `openDatabase` */
export const setUpRestaurants = ({ explains = false } = {}): Restaurants => {
  const restaurants = { ...PEOPLE } as Restaurants
  beforeAll(async () => {
    const database = await openMigratedDatabase({ explains })
    await fill(database)
    Object.assign(restaurants, {
      database,
      as: (viewer, statement, parameters) =>
        database.transaction(
          async (sql) => (await sql.query(statement, parameters)).rows as never,
          viewer
        ),
      value: async (statement, parameters) => {
        const [row] = await database.query<object>(statement, parameters)
        return Object.values(row ?? {})[0] as never
      },
      clear: async (...tables) => {
        for (const table of tables) {
          await database.query(`delete from ${table.includes('.') ? table : `public.${table}`}`)
        }
      }
    } satisfies Partial<Restaurants>)
  })
  afterAll(() => restaurants.database.close())
  return restaurants
}
