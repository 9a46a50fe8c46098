// The TypeScript of the database's tables and functions, as `supabase gen types` reads it from a Postgres that has all
// of our migrations and nothing else.
import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fromProject } from '../../dev/paths.ts'
import { CommandError } from '../../dev/run-command.ts'
import { openDatabase } from '../../dev/supabase/database.ts'
import { type PostgresSocket, servePostgres } from '../../dev/supabase/postgres-socket.ts'
import { openSupabaseCli, type SupabaseCli } from './supabase-cli.ts'

/** Beside the functions, which see only what is deployed with them. */
export const TYPES_FILE = 'supabase/functions/_shared/database.types.ts'

const HEADING =
  '// What the migrations make of the database, as supabase-js sees it. Written by `npm run types`, never by hand.\n'

/** Before this one the CLI asked a container of Docker's to read the schema. */
const FIRST_MAJOR_WITHOUT_DOCKER = 3

/** Why this CLI cannot make types here, or null. */
export const typeGenerationUnavailableReason = async (cli: SupabaseCli): Promise<string | null> => {
  const { stdout } = await cli.run(['--version'])
  const version = /^v?(\d+)\.\d+\.\d+\S*/m.exec(stdout)
  if (Number(version?.[1]) >= FIRST_MAJOR_WITHOUT_DOCKER) return null
  return `the Supabase CLI ${version?.[0] ?? 'of no known version'} makes types with Docker only; from 3.0 on it needs none (npm install --save-dev --save-exact supabase@3.1.0)`
}

/** The generated file, whole, from the database behind the socket. */
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

/** The CLI prints it as it comes; the repository's formatter makes a change readable as a difference of lines. */
const formatted = (source: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      [
        fromProject('node_modules', '@biomejs', 'biome', 'bin', 'biome'),
        'format',
        `--stdin-file-path=${TYPES_FILE}`
      ],
      { cwd: fromProject(), stdio: ['pipe', 'pipe', 'pipe'] }
    )
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (part: string) => {
      stdout += part
    })
    child.stderr.setEncoding('utf8').on('data', (part: string) => {
      stderr += part
    })
    child.once('error', reject)
    child.once('close', (code) => {
      if (code === 0) resolve(stdout)
      else reject(new Error(`the formatter refused the generated types: ${stderr}`))
    })
    child.stdin.end(source)
  })

/**
 * The generated file, from a database made for it.
 * @throws CommandError where the CLI cannot make types
 */
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
