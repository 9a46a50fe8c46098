// Two restaurants with people in each role, on the real migrations, for the tests of rights and of search.
import { randomUUID } from 'node:crypto'
import { type Database, openDatabase, type Viewer } from '../../../local/backend/database.ts'

export const HARBOR = '00000000-0000-4000-8000-00000000000a'
export const SOL = '00000000-0000-4000-8000-00000000000b'

export type Person = Extract<Viewer, { role: 'authenticated' }>
export const ANON: Viewer = { role: 'anon' }
export const SERVICE: Viewer = { role: 'service_role' }

export type Restaurants = {
  database: Database
  /** Harbor's people; `stranger` is a member of Sol only, and `nobody` of none. */
  kiosk: Person
  cook: Person
  manager: Person
  owner: Person
  stranger: Person
  nobody: Person
  /** One statement as a person or role sees it. */
  as: <Row>(viewer: Viewer, statement: string, parameters?: unknown[]) => Promise<Row[]>
}

/** A code and detail of Postgres, or `undefined` when the work succeeded. */
export type PostgresError = { code: string; message: string; detail: string | undefined }

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

/** An account as far as policies see it: nobody signs in here, so there is no password to hash. */
export const addPerson = async (database: Database, name: string): Promise<Person> => {
  const userId = randomUUID()
  await database.query('insert into auth.users (id, email) values ($1, $2)', [
    userId,
    `${name}@example.com`
  ])
  return { role: 'authenticated', userId }
}

export const openRestaurants = async (): Promise<Restaurants> => {
  const database = await openDatabase({ memory: true })
  const person = (name: string): Promise<Person> => addPerson(database, name)
  const people = {
    kiosk: await person('kiosk'),
    cook: await person('cook'),
    manager: await person('manager'),
    owner: await person('owner'),
    stranger: await person('stranger'),
    nobody: await person('nobody')
  }
  await database.query(
    `insert into public.groups (id, name, slug) values ($1, 'Harbor', 'harbor'), ($2, 'Sol', 'sol')`,
    [HARBOR, SOL]
  )
  const { kiosk, cook, manager, owner, stranger } = people
  const memberships: [Person, string, string][] = [
    [kiosk, HARBOR, 'crew'],
    [cook, HARBOR, 'crew'],
    [manager, HARBOR, 'manager'],
    [owner, HARBOR, 'owner'],
    [stranger, SOL, 'crew']
  ]
  for (const [{ userId }, groupId, role] of memberships) {
    await database.query(
      'insert into public.group_memberships (user_id, group_id, role) values ($1, $2, $3)',
      [userId, groupId, role]
    )
  }
  for (const groupId of [HARBOR, SOL]) {
    for (const role of ['crew', 'manager', 'owner']) {
      await database.query(
        `insert into public.role_policies (group_id, role, voice_enabled, can_use_ai, daily_limit, monthly_limit)
         values ($1, $2, true, true, 50, null)`,
        [groupId, role]
      )
    }
  }
  return {
    database,
    ...people,
    as: (viewer, statement, parameters) =>
      database.transaction(
        async (sql) => (await sql.query(statement, parameters)).rows as never,
        viewer
      )
  }
}

export type SectionText = { title: string; passages: string[] }

/** Adds a section whose passages have no headings, with or without vectors. Returns its id. */
export const addSection = async (
  database: Database,
  groupId: string,
  slug: string,
  texts: { en?: SectionText; es?: SectionText },
  vectors?: { model: string; of: (text: string) => number[] }
): Promise<string> => {
  const [row] = await database.query<{ id: string }>(
    `insert into public.manual_sections (group_id, slug, title_en, content_en, title_es, content_es)
     values ($1, $2, $3, $4, $5, $6) returning id`,
    [
      groupId,
      slug,
      texts.en?.title ?? null,
      texts.en?.passages.join('\n\n') ?? null,
      texts.es?.title ?? null,
      texts.es?.passages.join('\n\n') ?? null
    ]
  )
  if (row === undefined) throw new Error('no section came back')
  for (const language of ['en', 'es'] as const) {
    for (const [ordinal, content] of (texts[language]?.passages ?? []).entries()) {
      await database.query(
        `insert into public.manual_passages
           (section_id, group_id, language, ordinal, content, embedding, embedding_model)
         values ($1, $2, $3, $4, $5, $6, $7)`,
        [
          row.id,
          groupId,
          language,
          ordinal,
          content,
          vectors === undefined ? null : JSON.stringify(vectors.of(content)),
          vectors?.model ?? null
        ]
      )
    }
  }
  return row.id
}
