// Generates the TypeScript of the database's tables and functions, with `supabase gen types` on a Postgres with only our
// migrations.
import { execFileSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fromProject } from '../../dev/paths.ts'
import { CommandError } from '../../dev/run-command.ts'
import { openDatabase } from '../../dev/supabase/database.ts'
import { type PostgresSocket, servePostgres } from '../../dev/supabase/postgres-socket.ts'
import { openSupabaseCli, type SupabaseCli } from './supabase-cli.ts'

/** Beside the functions, because only their folder is deployed. */
export const TYPES_FILE = 'supabase/functions/_shared/database.types.ts'

const HEADING =
  '// What the migrations make of the database, as supabase-js sees it. Written by `npm run types`, never by hand.\n'

/** Earlier versions of the CLI read the schema in a Docker container. */
const FIRST_MAJOR_WITHOUT_DOCKER = 3

/** Null where this CLI can generate types. */
export const typeGenerationUnavailableReason = async (cli: SupabaseCli): Promise<string | null> => {
  const { stdout } = await cli.run(['--version'])
  const version = /^v?(\d+)\.\d+\.\d+\S*/m.exec(stdout)
  if (Number(version?.[1]) >= FIRST_MAJOR_WITHOUT_DOCKER) return null
  return `the Supabase CLI ${version?.[0] ?? 'of no known version'} makes types with Docker only; from 3.0 on it needs none (npm install --save-dev --save-exact supabase@3.1.0)`
}

/** The content of the generated file, from the database behind the socket. */
export const readDatabaseTypes = async (
  cli: SupabaseCli,
  { url }: PostgresSocket
): Promise<string> => {
  const made = await cli.run(['gen', 'types', '--db-url', url, '--schema', 'public'])
  if (made.exitCode !== 0 || !made.stdout.includes('export type Database')) {
    throw new CommandError(`supabase gen types failed:\n${made.stderr}`)
  }
  return formatted(`${HEADING}${made.stdout.trimStart()}`)
}

/** The repository's formatter keeps a change readable as a diff. */
const formatted = (source: string): string =>
  execFileSync(
    process.execPath,
    [
      fromProject('node_modules', '@biomejs', 'biome', 'bin', 'biome'),
      'format',
      `--stdin-file-path=${TYPES_FILE}`
    ],
    { cwd: fromProject(), input: source, encoding: 'utf8' }
  )

/** The content of the generated file, from a temporary database. @throws CommandError where the CLI cannot generate types */
export const generateDatabaseTypes = async (): Promise<string> => {
  const cli = await openSupabaseCli()
  const folder = await mkdtemp(join(tmpdir(), 'heard-types-'))
  try {
    const reason = await typeGenerationUnavailableReason(cli)
    if (reason !== null) throw new CommandError(`No types: ${reason}.`)
    const dataDir = join(folder, 'postgres')
    const database = await openDatabase({ dataDir })
    await database.close()
    const socket = await servePostgres(dataDir)
    try {
      return await readDatabaseTypes(cli, socket)
    } finally {
      await socket.close()
    }
  } finally {
    await cli.close()
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}
