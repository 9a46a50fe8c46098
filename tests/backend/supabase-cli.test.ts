// Runs the real Supabase CLI on the embedded Postgres: history, push, advisors and types.
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { fromProject } from '../../dev/paths.ts'
import { openDatabase } from '../../dev/supabase/database.ts'
import { readMigrations } from '../../dev/supabase/migrations.ts'
import { type PostgresSocket, servePostgres } from '../../dev/supabase/postgres-socket.ts'
import {
  readDatabaseTypes,
  TYPES_FILE,
  typeGenerationUnavailableReason
} from '../../tools/hosted/database-types.ts'
import {
  openSupabaseCli,
  type SupabaseCli,
  supabaseCliUnavailableReason
} from '../../tools/hosted/supabase-cli.ts'
import { copyMigratedDatabase } from './support/migrated-database.ts'
import { removeFolder, temporaryFolder } from './support/temporary-folder.ts'

const missing = supabaseCliUnavailableReason()
if (missing !== null) {
  console.warn(`Not run: ${missing}`)
  beforeEach(({ skip }) => skip(missing))
}

const listSchema = z.object({
  migrations: z.array(z.object({ local: z.string(), remote: z.string() }))
})
const adviceSchema = z.array(z.object({ level: z.string(), name: z.string(), detail: z.string() }))

/** Accepted: a table may have one policy for members and one for managers. Postgres joins them with OR. */
const ACCEPTED_ADVICE = ['multiple_permissive_policies']

type HistoryRow = { version: string; name: string; statements: string[] }

const historyOf = async ({ sql }: PostgresSocket): Promise<HistoryRow[]> => {
  const { rows } = await sql.query<HistoryRow>(
    'select version, name, statements from supabase_migrations.schema_migrations order by version'
  )
  return rows
}

let folder: string
let versions: string[]
let cli: SupabaseCli
beforeAll(async () => {
  folder = await temporaryFolder()
  versions = (await readMigrations(fromProject('supabase', 'migrations'))).map(
    ({ version }) => version
  )
  if (missing === null) cli = await openSupabaseCli()
})
afterAll(async () => {
  await cli?.close()
  await removeFolder(folder)
})

/** What the CLI lists for the database behind the socket, each version as [in the folder, in the database]. */
const listed = async ({ url }: PostgresSocket): Promise<[string, string][]> => {
  const list = await cli.run(['migration', 'list', '--db-url', url, '--output-format', 'json'])
  expect(list, list.stderr).toMatchObject({ exitCode: 0 })
  const { migrations } = listSchema.parse(JSON.parse(list.stdout))
  return migrations.map(({ local, remote }) => [local, remote])
}

const push = async ({ url }: PostgresSocket, on: SupabaseCli): Promise<string> => {
  const { exitCode, stdout, stderr } = await on.run(['db', 'push', '--db-url', url, '--yes'])
  expect(exitCode, stderr).toBe(0)
  return stdout + stderr
}

let localHistory: HistoryRow[]

describe('the Supabase CLI on a database that the local stack made', () => {
  let socket: PostgresSocket
  beforeAll(async () => {
    if (missing !== null) return
    const dataDir = join(folder, 'local')
    copyMigratedDatabase(dataDir)
    socket = await servePostgres(dataDir)
    localHistory = await historyOf(socket)
  })
  afterAll(() => socket?.close())

  it('lists every migration as applied', async () => {
    expect(await listed(socket)).toEqual(versions.map((version) => [version, version]))
  })

  it('has nothing to push', async () => {
    expect(await push(socket, cli)).toContain('Remote database is up to date')
  })

  it('advises nothing but what is accepted', async () => {
    const advised = await cli.run(['db', 'advisors', '--db-url', socket.url, '--level', 'warn'])
    expect(advised.exitCode, advised.stderr).toBe(0)
    const advice = adviceSchema.parse(JSON.parse(advised.stdout))
    // An empty list would mean that the advisors did not run.
    expect(advice).not.toEqual([])
    expect(advice.filter(({ name }) => !ACCEPTED_ADVICE.includes(name))).toEqual([])
  })

  it('makes the types that the code uses', async ({ skip }) => {
    const reason = await typeGenerationUnavailableReason(cli)
    if (reason !== null) {
      console.warn(`Not run: ${reason}`)
      skip(reason)
    }
    const committed = await readFile(fromProject(TYPES_FILE), 'utf8')
    const made = await readDatabaseTypes(cli, socket)
    expect(made, `${TYPES_FILE} is stale: npm run types`).toBe(committed)
  })
})

describe('the Supabase CLI on a project without our migrations', () => {
  let dataDir: string
  let history: HistoryRow[]
  beforeAll(async () => {
    if (missing !== null) return
    dataDir = join(folder, 'pushed')
    const migrationsFolder = join(folder, 'no-migrations')
    await mkdir(migrationsFolder)
    // The state of a hosted project before its first migration.
    const database = await openDatabase({ dataDir, migrationsFolder })
    await database.close()
  })

  it('pushes the first migration, then the later ones in order', async () => {
    const [first, ...others] = await readMigrations(fromProject('supabase', 'migrations'))
    if (first === undefined) throw new Error('there are no migrations')
    const firstOnly = join(folder, 'first-only')
    await mkdir(firstOnly)
    await writeFile(join(firstOnly, first.file), first.sql)
    const earlier = await openSupabaseCli(firstOnly)
    const socket = await servePostgres(dataDir)
    try {
      expect(applied(await push(socket, earlier))).toEqual([first.file])
      expect(await listed(socket)).toEqual([
        [first.version, first.version],
        ...others.map(({ version }) => [version, ''])
      ])
      expect(applied(await push(socket, cli))).toEqual(others.map(({ file }) => file))
      expect(await listed(socket)).toEqual(versions.map((version) => [version, version]))
      history = await historyOf(socket)
    } finally {
      await socket.close()
      await earlier.close()
    }
  })

  it('writes the same history as the local stack, statement by statement', () => {
    expect(history.map(({ version }) => version)).toEqual(versions)
    expect(history).toEqual(localHistory)
  })

  it('leaves nothing for the local stack to apply', async () => {
    const database = await openDatabase({ dataDir })
    const { migrationsFound, migrationsApplied } = database
    await database.close()
    expect(migrationsFound).toEqual(versions)
    expect(migrationsApplied).toEqual([])
  })
})

/** The files that a push has applied, from its output. */
const applied = (output: string): string[] =>
  [...output.matchAll(/Applying migration (\S+\.sql)/g)].flatMap(([, file]) => file ?? [])
