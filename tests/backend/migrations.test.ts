// Tests a database of an older version with a newer migration: only that migration is applied, and all rows stay.
import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startBackend } from '../../dev/supabase/backend.ts'
import { type Database, MIGRATIONS_FOLDER, openDatabase } from '../../dev/supabase/database.ts'
import { readMigrations } from '../../dev/supabase/migrations.ts'
import { writePrivateFile } from '../../dev/supabase/private-file.ts'
import { addSection, HARBOR, HARBOR_BRAND } from './support/restaurants.ts'
import { SEARCH, searchArguments } from './support/search.ts'
import {
  type ModelEndpoints,
  removeFolder,
  SMALL_HANDBOOK,
  startModelEndpoints,
  temporaryFolder,
  writeFiles
} from './support/stack-fixture.ts'

const NEWER = '20990101000000_made_up.sql'
/** A migration as a later version may bring it: a column that is filled from the rows there are, and a constraint. */
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

/** A restaurant with a person, counts, and sections with passages and vectors. */
const fill = async (database: Database): Promise<void> => {
  const { query } = database
  await query('insert into auth.users (id, email) values ($1, $2)', [PERSON, 'kiosk@example.com'])
  await query(
    `insert into public.organisations (id, name, slug) values ('${HARBOR_BRAND}', 'Harbor and Rye', 'harbor-and-rye')`
  )
  await query(
    `insert into public.groups (id, organisation_id, name, slug)
     values ('${HARBOR}', '${HARBOR_BRAND}', 'Harbor and Rye', 'harbor-and-rye')`
  )
  await query(
    `insert into public.group_memberships (user_id, group_id, role) values ($1, '${HARBOR}', 'manager')`,
    [PERSON]
  )
  await query(
    `insert into public.role_policies (group_id, role, voice_enabled, can_use_ai, daily_limit)
     values ('${HARBOR}', 'manager', true, true, 50)`
  )
  await query(
    `insert into public.usage_days (user_id, group_id, day, questions) values ($1, '${HARBOR}', current_date, 3)`,
    [PERSON]
  )
  await addSection(
    database,
    HARBOR,
    'chicken',
    {
      en: { title: 'Chicken', passages: ['Cook chicken to 165.'] },
      es: { title: 'Pollo', passages: ['Pollo a 74.'] }
    },
    VECTOR
  )
  await addSection(
    database,
    HARBOR,
    'aprons',
    { en: { title: 'Aprons', passages: ['Aprons are in the office.'] } },
    VECTOR
  )
}

/** What a member finds, reads and may ask. Taken back, so that the searches are not counted. */
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

describe('a database of before', () => {
  let database: Database
  let before: { seen: unknown[]; vectors: unknown[] }
  beforeAll(async () => {
    const dataDir = join(folder, 'one')
    const old = await openDatabase({ dataDir })
    await fill(old)
    before = { seen: await seenBy(old), vectors: await vectorsOf(old) }
    await old.close()
    database = await openDatabase({ dataDir, migrationsFolder: newerMigrations })
  })
  afterAll(() => database.close())

  it('gets only the migration that it does not have', () => {
    expect(database.migrationsFound).toHaveLength(olderCount)
    expect(database.migrationsApplied).toEqual([NEWER])
  })

  it('gets what the migration makes of its rows', async () => {
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
      // The three of before and the two searches.
      [{ role: 'manager', daily_count: 5, daily_limit: 50 }]
    ])
    expect(await seenBy(database)).toEqual(before.seen)
  })
})

describe('a data folder of before', () => {
  let model: ModelEndpoints
  beforeAll(async () => {
    model = await startModelEndpoints()
  })
  afterAll(() => model.close())

  it('is brought up at the start, and its handbook published anew', async () => {
    const dataDir = join(folder, 'two')
    const old = await openDatabase({ dataDir: join(dataDir, 'postgres') })
    await fill(old)
    await old.close()
    await writePrivateFile(join(dataDir, 'postgres.created'), '')
    await writeFiles(join(folder, 'handbook'), SMALL_HANDBOOK)
    await writeFiles(folder, { 'functions/none': '' })
    const lines: string[] = []
    const backend = await startBackend({
      dataDir,
      port: 0,
      openaiUrl: model.url,
      openaiKey: 'sk-test',
      handbookFolder: join(folder, 'handbook'),
      migrationsFolder: newerMigrations,
      functionsFolder: join(folder, 'functions'),
      log: (line) => lines.push(line)
    })
    try {
      expect(lines.join('\n')).toMatch(/Applied 1 migrations\./)
      expect(backend.found).toMatchObject({ isNew: false, sections: 2, migrations: olderCount })
      expect(
        await backend.database.query(
          `select s.slug, v.number from public.manual_section_versions v
           join public.manual_sections s on s.id = v.section_id
           where v.status = 'published' and v.group_id = $1 order by 1`,
          [HARBOR]
        )
      ).toEqual([
        { slug: 'aprons', number: 1 },
        { slug: 'chicken', number: 2 },
        { slug: 'parking', number: 1 }
      ])
      expect(backend.accounts[0]).toMatchObject({ groupId: HARBOR })
    } finally {
      await backend.close()
    }
  })
})
