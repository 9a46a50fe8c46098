// Two restaurants with people in each role, on the real migrations, for the tests of rights and of search.
import { randomUUID } from 'node:crypto'
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

export type Restaurants = {
  database: Database
  /** Harbor's people. */
  kiosk: Person
  cook: Person
  lead: Person
  manager: Person
  owner: Person
  /** A cook at the Pier. */
  sister: Person
  /** Manager and owner of Harbor's brand, with no role in either restaurant. */
  brandManager: Person
  brandOwner: Person
  /** Sol's owner and its brand's; `stranger` is its cook, and `nobody` belongs nowhere. */
  rival: Person
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

/** @param explains with the module that tells how statements were executed */
export const openRestaurants = async ({ explains = false } = {}): Promise<Restaurants> => {
  const database = await openMigratedDatabase({ explains })
  const person = (name: string): Promise<Person> => addPerson(database, name)
  const people = {
    kiosk: await person('kiosk'),
    cook: await person('cook'),
    lead: await person('lead'),
    manager: await person('manager'),
    owner: await person('owner'),
    sister: await person('sister'),
    brandManager: await person('brand-manager'),
    brandOwner: await person('brand-owner'),
    rival: await person('rival'),
    stranger: await person('stranger'),
    nobody: await person('nobody')
  }
  await database.query(
    `insert into public.organisations (id, name, slug)
     values ($1, 'Harbor Group', 'harbor-group'), ($2, 'Sol', 'sol')`,
    [HARBOR_BRAND, SOL_BRAND]
  )
  await database.query(
    `insert into public.groups (id, organisation_id, name, slug)
     values ($1, $4, 'Harbor', 'harbor'), ($2, $4, 'Pier', 'pier'), ($3, $5, 'Sol', 'sol')`,
    [HARBOR, PIER, SOL, HARBOR_BRAND, SOL_BRAND]
  )
  const { kiosk, cook, lead, manager, owner, sister, brandManager, brandOwner, rival, stranger } =
    people
  const memberships: [Person, string, string][] = [
    [kiosk, HARBOR, 'crew'],
    [cook, HARBOR, 'crew'],
    [lead, HARBOR, 'shift_lead'],
    [manager, HARBOR, 'manager'],
    [owner, HARBOR, 'owner'],
    [sister, PIER, 'crew'],
    [rival, SOL, 'owner'],
    [stranger, SOL, 'crew']
  ]
  for (const [{ userId }, groupId, role] of memberships) {
    await database.query(
      'insert into public.group_memberships (user_id, group_id, role) values ($1, $2, $3)',
      [userId, groupId, role]
    )
  }
  const brandMemberships: [Person, string, string][] = [
    [brandManager, HARBOR_BRAND, 'manager'],
    [brandOwner, HARBOR_BRAND, 'owner'],
    [rival, SOL_BRAND, 'owner']
  ]
  for (const [{ userId }, brandId, role] of brandMemberships) {
    await database.query(
      'insert into public.organisation_memberships (user_id, organisation_id, role) values ($1, $2, $3)',
      [userId, brandId, role]
    )
  }
  for (const groupId of [HARBOR, PIER, SOL]) {
    for (const role of ['crew', 'shift_lead', 'manager', 'owner']) {
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

export type HeadedPassage = { heading: string; anchor: string; content: string }
export type SectionText = {
  title: string
  /** A string has no heading. */
  passages: readonly (string | HeadedPassage)[]
  /** Example questions. */
  questions?: readonly string[]
}

const withHeading = (passage: string | HeadedPassage): HeadedPassage =>
  typeof passage === 'string' ? { heading: '', anchor: '', content: passage } : passage

const contentOf = (text: SectionText | undefined): string | null =>
  text?.passages
    .map(withHeading)
    .map(({ heading, content }) => (heading === '' ? content : `## ${heading}\n\n${content}`))
    .join('\n\n') ?? null

/** A restaurant, or a brand for all of its restaurants. */
export type Place = string | { brand: string }

const placeOf = (place: Place): { brandId: string; groupId: string | null } => {
  if (typeof place !== 'string') return { brandId: place.brand, groupId: null }
  const brandId = BRAND_OF[place]
  if (brandId === undefined) throw new Error(`${place} is not one of these restaurants`)
  return { brandId, groupId: place }
}

/** Adds a published section, with or without vectors. Returns its id. @param vectors `of` takes a passage's content */
export const addSection = async (
  database: Database,
  place: Place,
  slug: string,
  texts: { en?: SectionText; es?: SectionText },
  vectors?: { model: string; of: (text: string) => number[] }
): Promise<string> => {
  const { brandId, groupId } = placeOf(place)
  const [row] = await database.query<{ id: string; version_id: string }>(
    `with section as (
       insert into public.manual_sections (organisation_id, group_id, slug)
       values ($1, $2, $3) returning id
     )
     select gen_random_uuid() as version_id, id from section`,
    [brandId, groupId, slug]
  )
  if (row === undefined) throw new Error('no section came back')
  await database.query(
    `insert into public.manual_section_versions
       (id, section_id, number, status, published_at, title_en, content_en, questions_en, title_es, content_es,
        questions_es)
     values ($1, $2, 1, 'published', now(), $3, $4, $5, $6, $7, $8)`,
    [
      row.version_id,
      row.id,
      texts.en?.title ?? null,
      contentOf(texts.en),
      texts.en?.questions ?? [],
      texts.es?.title ?? null,
      contentOf(texts.es),
      texts.es?.questions ?? []
    ]
  )
  for (const language of ['en', 'es'] as const) {
    for (const [ordinal, written] of (texts[language]?.passages ?? []).entries()) {
      const { heading, anchor, content } = withHeading(written)
      const [passage] = await database.query<{ id: string }>(
        `insert into public.manual_passages (version_id, language, ordinal, heading, anchor, content)
         values ($1, $2, $3, $4, $5, $6) returning id`,
        [row.version_id, language, ordinal, heading, anchor, content]
      )
      if (vectors === undefined) continue
      await database.query(
        'insert into public.manual_embeddings (passage_id, model, embedding) values ($1, $2, $3)',
        [passage?.id, vectors.model, JSON.stringify(vectors.of(content))]
      )
    }
  }
  return row.id
}

/** What a writer sends for a section of one passage per language. */
export const draftOf = (
  place: Place,
  slug: string,
  texts: { en?: string; es?: string },
  { model, of }: { model: string | null; of: (text: string) => number[] | null } = {
    model: null,
    of: () => null
  }
): unknown[] => {
  const { brandId, groupId } = placeOf(place)
  const languages = (['en', 'es'] as const).filter((language) => texts[language] !== undefined)
  return [
    brandId,
    groupId,
    slug,
    'food',
    10,
    JSON.stringify(
      Object.fromEntries(
        languages.flatMap((language) => [
          [`title_${language}`, `About ${slug}`],
          [`content_${language}`, texts[language]],
          [`questions_${language}`, []]
        ])
      )
    ),
    JSON.stringify(
      languages.map((language) => ({
        language,
        ordinal: 0,
        heading: '',
        anchor: '',
        content: texts[language],
        embedding: of(texts[language] ?? '')
      }))
    ),
    model
  ]
}
export const SAVE_DRAFT = 'select public.save_draft($1, $2, $3, $4, $5, $6, $7, $8) as id'
