// A database that held a handbook before there were brands and versions: brought up to now, it holds all of it.
import { copyFile, mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startBackend } from '../../local/backend/backend.ts'
import { type Database, MIGRATIONS_FOLDER, openDatabase } from '../../local/backend/database.ts'
import { writePrivateFile } from '../../local/backend/private-file.ts'
import {
  type ModelEndpoints,
  removeFolder,
  SMALL_HANDBOOK,
  startModelEndpoints,
  temporaryFolder,
  writeFiles
} from './stack-parts.ts'
import { errorOf } from './support/restaurants.ts'

/** The first migration that knows brands; what was applied before it is in the field. */
const FIRST_NEW = '20261121'
const HARBOR = '00000000-0000-4000-8000-00000000000a'
const SOL = '00000000-0000-4000-8000-00000000000b'
const PERSON = '00000000-0000-4000-8000-000000000001'
const LONG_AGO = '2026-01-02T03:04:05+00:00'

let folder: string
let oldMigrations: string
beforeAll(async () => {
  folder = await temporaryFolder()
  oldMigrations = join(folder, 'migrations')
  await mkdir(oldMigrations)
  for (const file of await readdir(MIGRATIONS_FOLDER)) {
    if (file < FIRST_NEW) await copyFile(join(MIGRATIONS_FOLDER, file), join(oldMigrations, file))
  }
})
afterAll(() => removeFolder(folder))

const vector = (value: number): string => JSON.stringify(new Array<number>(1_536).fill(value))

/** Two restaurants, people, counts, and sections of every shape that the old tables took. */
const fill = async ({ query }: Database): Promise<void> => {
  await query('insert into auth.users (id, email) values ($1, $2)', [PERSON, 'kiosk@example.com'])
  await query(
    `insert into public.groups (id, name, slug) values
      ('${HARBOR}', 'Harbor and Rye', 'harbor-and-rye'), ('${SOL}', 'Sol y Sal', 'sol-y-sal')`
  )
  await query(
    `insert into public.group_memberships (user_id, group_id, role)
     values ($1, '${HARBOR}', 'manager'), ($1, '${SOL}', 'trainee')`,
    [PERSON]
  )
  await query(
    `insert into public.role_policies (group_id, role, voice_enabled, can_use_ai, daily_limit)
     values ('${HARBOR}', 'manager', true, true, 50), ('${SOL}', 'trainee', true, true, 7)`
  )
  await query(
    `insert into public.usage_days (user_id, group_id, day, questions)
     values ($1, '${HARBOR}', current_date, 3), ($1, '${HARBOR}', current_date - 40, 9)`,
    [PERSON]
  )
  await query(
    `insert into public.manual_sections
       (group_id, slug, category, sort_order, title_en, content_en, title_es, content_es, questions_en, updated_at)
     values
       ('${HARBOR}', 'chicken', 'food', 10, 'Chicken', 'Cook chicken to 165.', 'Pollo', 'Pollo a 74.',
         '{"How hot is chicken?"}', '${LONG_AGO}'),
       ('${HARBOR}', 'untitled', '', 0, '', 'No title.', null, null, '{}', '${LONG_AGO}'),
       ('${SOL}', 'chicken', 'food', 10, 'Theirs', repeat('Crab. ', 60000), null, null, '{}', '${LONG_AGO}')`
  )
  await query(
    `insert into public.manual_passages
       (section_id, group_id, language, ordinal, heading, content, embedding, embedding_model)
     select s.id, s.group_id, 'en', 0, 'The number', left(s.content_en, 100), $1::vector, 'text-embedding-3-small'
     from public.manual_sections s
     union all
     select s.id, s.group_id, 'es', 0, '', s.content_es, null::vector, null
     from public.manual_sections s where s.content_es is not null`,
    [vector(0.5)]
  )
}

const QUESTIONS = [
  [HARBOR, 'cook chicken', 'en'],
  [HARBOR, 'el pollo', 'es'],
  [SOL, 'where is the crab', 'en']
] as const

const ANSWER =
  'select rank, slug, title, heading, language, is_translation_missing, content, context, found, method from'

/** What the search answers; the signals behind it may become better. */
const answersOf = (database: Database): Promise<unknown[][]> =>
  Promise.all(
    QUESTIONS.map(([groupId, question, language]) =>
      database.transaction(
        async (sql) =>
          (
            await sql.query(`${ANSWER} public.search_manual($1, $2, $3)`, [
              groupId,
              question,
              language
            ])
          ).rows,
        { role: 'authenticated', userId: PERSON }
      )
    )
  )

const openOld = (dataDir: string): Promise<Database> =>
  openDatabase({ dataDir, migrationsFolder: oldMigrations })

describe('a database of before', () => {
  let database: Database
  let answersBefore: unknown[][]
  beforeAll(async () => {
    const dataDir = join(folder, 'one')
    const old = await openOld(dataDir)
    await fill(old)
    answersBefore = await answersOf(old)
    await old.close()
    database = await openDatabase({ dataDir })
  })
  afterAll(() => database.close())

  it('makes each restaurant a brand of its own', async () => {
    expect(
      await database.query(
        `select g.slug, o.slug as brand, o.name from public.groups g
         join public.organisations o on o.id = g.organisation_id order by 1`
      )
    ).toEqual([
      { slug: 'harbor-and-rye', brand: 'harbor-and-rye', name: 'Harbor and Rye' },
      { slug: 'sol-y-sal', brand: 'sol-y-sal', name: 'Sol y Sal' }
    ])
  })

  it('keeps every section as its first version, published when it was written', async () => {
    const versions = await database.query(
      `select s.slug, v.number, v.status, v.category, v.sort_order, v.title_en, v.title_es, v.content_es,
         v.questions_en, v.published_at, v.group_id, length(v.content_en) as characters
       from public.manual_section_versions v join public.manual_sections s on s.id = v.section_id
       order by v.group_id, s.slug`
    )
    const same = {
      number: 1,
      status: 'published',
      published_at: LONG_AGO.replace(/00:00$/, '00:00')
    }
    expect(versions).toMatchObject([
      {
        ...same,
        slug: 'chicken',
        group_id: HARBOR,
        category: 'food',
        sort_order: 10,
        title_en: 'Chicken',
        title_es: 'Pollo',
        content_es: 'Pollo a 74.',
        questions_en: ['How hot is chicken?']
      },
      { ...same, slug: 'untitled', group_id: HARBOR, title_en: '', characters: 9 },
      { ...same, slug: 'chicken', group_id: SOL, title_en: 'Theirs', characters: 360_000 }
    ])
  })

  it('keeps every passage and vector', async () => {
    expect(
      await database.query(
        `select p.group_id, p.language, p.heading, left(p.content, 20) as content, p.is_published, e.model,
           e.dimensions, e.embedding = $1::vector as is_same
         from public.manual_passages p left join public.manual_embeddings e on e.passage_id = p.id
         order by p.group_id, p.content`,
        [vector(0.5)]
      )
    ).toMatchObject([
      {
        group_id: HARBOR,
        language: 'en',
        content: 'Cook chicken to 165.',
        dimensions: 1_536,
        is_same: true
      },
      { group_id: HARBOR, language: 'en', content: 'No title.', is_published: true, is_same: true },
      { group_id: HARBOR, language: 'es', content: 'Pollo a 74.', is_published: true, model: null },
      { group_id: SOL, heading: 'The number', model: 'text-embedding-3-small', is_same: true }
    ])
  })

  it('keeps what was asked, for the person and now for the restaurant', async () => {
    const usage = await database.transaction(
      async (sql) => (await sql.query('select * from public.get_user_usage($1)', [HARBOR])).rows,
      { role: 'authenticated', userId: PERSON }
    )
    expect(usage).toMatchObject([
      { daily_count: 3, daily_limit: 50, group_daily_count: 3, group_daily_limit: null }
    ])
    expect(
      await database.query('select sum(questions)::int as all from public.group_usage_days')
    ).toEqual([{ all: 12 }])
  })

  it('answers as before', async () => {
    expect(answersBefore.map((rows) => rows.length)).toEqual(QUESTIONS.map(() => 1))
    expect(await answersOf(database)).toEqual(answersBefore)
  })

  it('still serves a role that a restaurant made up', async () => {
    const access = await database.transaction(
      async (sql) => (await sql.query('select * from public.get_voice_access($1)', [SOL])).rows,
      { role: 'authenticated', userId: PERSON }
    )
    expect(access).toMatchObject([{ role: 'trainee', daily_limit: 7, can_ask: true }])
  })

  it('can retire and replace what it held, however long', async () => {
    const [section] = await database.query<{ id: string }>(
      'select id from public.manual_sections where group_id = $1',
      [SOL]
    )
    const retire = database.transaction(
      (sql) => sql.query('select public.retire_sections(array[$1::uuid])', [section?.id]),
      { role: 'service_role' }
    )
    expect(await errorOf(retire)).toBeUndefined()
  })
})

describe('a data folder of before', () => {
  let model: ModelEndpoints
  beforeAll(async () => {
    model = await startModelEndpoints()
  })
  afterAll(() => model.close())

  it('is brought up at the start, and its handbook published anew with the vectors that it had', async () => {
    const dataDir = join(folder, 'two')
    await mkdir(dataDir)
    const old = await openOld(join(dataDir, 'postgres'))
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
      functionsFolder: join(folder, 'functions'),
      log: (line) => lines.push(line)
    })
    try {
      expect(lines.join('\n')).toMatch(/Applied \d+ migrations\./)
      expect(backend.found).toMatchObject({ isNew: false, sections: 3, migrations: 6 })
      expect(
        await backend.database.query(
          `select s.slug, v.number from public.manual_section_versions v
           join public.manual_sections s on s.id = v.section_id
           where v.status = 'published' and v.group_id = $1 order by 1`,
          [HARBOR]
        )
      ).toEqual([
        { slug: 'chicken', number: 2 },
        { slug: 'parking', number: 1 },
        { slug: 'untitled', number: 1 }
      ])
      expect(backend.accounts[0]).toMatchObject({ groupId: HARBOR })
    } finally {
      await backend.close()
    }
  })
})
