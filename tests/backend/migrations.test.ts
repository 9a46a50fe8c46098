// Opens databases of an older version with a newer migration.
import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Database, MIGRATIONS_FOLDER, openDatabase } from '../../dev/supabase/database.ts'
import { readMigrations } from '../../dev/supabase/migrations.ts'
import { copyMigratedDatabase } from './support/migrated-database.ts'
import { HARBOR, HARBOR_BRAND } from './support/restaurants.ts'
import { SEARCH, searchArguments } from './support/search.ts'
import { addSection, english } from './support/sections.ts'
import { removeFolder, temporaryFolder, writeFiles } from './support/temporary-folder.ts'

const NEWER = '20990101000000_made_up.sql'
/** A migration of a later version: a column with values from existing rows, and a constraint. */
const NEWER_SQL = `
alter table public.groups add column sections integer;
update public.groups g
  set sections = (select count(*) from public.manual_sections s where s.group_id = g.id);
alter table public.groups alter column sections set default 0, alter column sections set not null;
alter table public.manual_section_versions add check (length(category) <= 100);
`
const PERSON = '00000000-0000-4000-8000-000000000001'

let folder: string
let newerMigrations: string
let olderCount: number
beforeAll(async () => {
  folder = await temporaryFolder()
  newerMigrations = join(folder, 'migrations')
  await cp(MIGRATIONS_FOLDER, newerMigrations, { recursive: true })
  await writeFiles(newerMigrations, { [NEWER]: NEWER_SQL })
  olderCount = (await readMigrations(MIGRATIONS_FOLDER)).length
})
afterAll(() => removeFolder(folder))

const VECTOR = { model: 'text-embedding-3-small', of: () => new Array<number>(1_536).fill(0.5) }

/** Adds a restaurant with a person, counts, and sections with passages and vectors. */
const fill = async (database: Database): Promise<void> => {
  for (const statement of [
    `insert into auth.users (id, email) values ('${PERSON}', 'kiosk@example.com')`,
    `insert into public.organisations (id, name, slug)
     values ('${HARBOR_BRAND}', 'Harbor and Rye', 'harbor-and-rye')`,
    `insert into public.groups (id, organisation_id, name, slug)
     values ('${HARBOR}', '${HARBOR_BRAND}', 'Harbor and Rye', 'harbor-and-rye')`,
    `insert into public.group_memberships (user_id, group_id, role)
     values ('${PERSON}', '${HARBOR}', 'manager')`,
    `insert into public.role_policies (group_id, role, voice_enabled, can_use_ai, daily_limit)
     values ('${HARBOR}', 'manager', true, true, 50)`,
    `insert into public.usage_days (user_id, group_id, day, questions)
     values ('${PERSON}', '${HARBOR}', current_date, 3)`
  ]) {
    await database.query(statement)
  }
  const chicken = {
    en: { title: 'Chicken', passages: ['Cook chicken to 165.'] },
    es: { title: 'Pollo', passages: ['Pollo a 74.'] }
  }
  await addSection(database, HARBOR, 'chicken', chicken, VECTOR)
  await addSection(database, HARBOR, 'aprons', english('Aprons', 'In the office.'), VECTOR)
}

/** What a member finds, reads and may ask. The rollback removes the charges of the searches. */
const seenBy = (database: Database): Promise<unknown[]> =>
  database.transaction(
    async (sql) => {
      const statements: [string, unknown[]][] = [
        [SEARCH, searchArguments({ question: 'cook chicken' })],
        [SEARCH, searchArguments({ question: 'el pollo', language: 'es' })],
        ['select * from public.get_handbook($1)', [HARBOR]],
        [`select * from public.get_voice_access($1, 'en')`, [HARBOR]]
      ]
      const seen: unknown[] = []
      for (const [statement, parameters] of statements) {
        seen.push((await sql.query(statement, parameters)).rows)
      }
      await sql.rollback()
      return seen
    },
    { role: 'authenticated', userId: PERSON }
  )

const vectorsOf = (database: Database): Promise<unknown[]> =>
  database.query(
    'select passage_id, model, embedding::text from public.manual_embeddings order by 1'
  )

describe('a database of an older version', () => {
  let database: Database
  let before: { seen: unknown[]; vectors: unknown[] }
  beforeAll(async () => {
    const dataDir = join(folder, 'one')
    copyMigratedDatabase(dataDir)
    const old = await openDatabase({ dataDir })
    await fill(old)
    before = { seen: await seenBy(old), vectors: await vectorsOf(old) }
    await old.close()
    database = await openDatabase({ dataDir, migrationsFolder: newerMigrations })
  })
  afterAll(() => database.close())

  it('applies only the missing migration, to the existing rows too', async () => {
    expect(database.migrationsFound).toHaveLength(olderCount)
    expect(database.migrationsApplied).toEqual([NEWER])
    expect(await database.query('select slug, sections from public.groups')).toEqual([
      { slug: 'harbor-and-rye', sections: 2 }
    ])
  })

  it('keeps every vector', async () => {
    expect(before.vectors).toHaveLength(3)
    expect(await vectorsOf(database)).toEqual(before.vectors)
  })

  it('answers, reads and counts as before', async () => {
    expect(before.seen).toMatchObject([
      [{ slug: 'chicken' }],
      [{ slug: 'chicken', language: 'es' }],
      [{ slug: 'aprons' }, { slug: 'chicken' }],
      // The three earlier questions and the two searches.
      [{ role: 'manager', daily_count: 5, daily_limit: 50 }]
    ])
    expect(await seenBy(database)).toEqual(before.seen)
  })
})
