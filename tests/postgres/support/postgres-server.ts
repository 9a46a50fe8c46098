// Starts a PostgreSQL server of this machine for tests: a new cluster in a temporary folder, with the migrations.
import { execFileSync, spawn } from 'node:child_process'
import { chownSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { MIGRATIONS_FOLDER } from '../../../dev/supabase/database.ts'
import { readMigrations } from '../../../dev/supabase/migrations.ts'
import { PLATFORM_SQL } from '../../../dev/supabase/platform-sql.ts'

export type PostgresServer = {
  /** A connection of its own, as the superuser. */
  connect: () => Promise<pg.Client>
  close: () => Promise<void>
}

/** The server refuses to run as root; Debian's package makes an account for it. */
const serverAccount = (): { uid: number; gid: number } | Record<string, never> => {
  if (process.getuid?.() !== 0) return {}
  const idOf = (flag: string): number =>
    Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }))
  return { uid: idOf('-u'), gid: idOf('-g') }
}

/** @param binaries the folder of initdb and postgres */
export const startPostgres = async (binaries: string): Promise<PostgresServer> => {
  const account = serverAccount()
  const folder = mkdtempSync(join(tmpdir(), 'heard-postgres-'))
  if (account.uid !== undefined) chownSync(folder, account.uid, account.gid)
  const data = join(folder, 'data')
  execFileSync(
    join(binaries, 'initdb'),
    ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync'],
    { ...account, cwd: folder, stdio: 'pipe' }
  )
  const server = spawn(
    join(binaries, 'postgres'),
    // Reachable through its own folder only. A cluster that is thrown away needs no fsync.
    ['-D', data, '-k', folder, '-h', '', '-c', 'max_connections=60', '-c', 'fsync=off'],
    { ...account, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] }
  )
  await new Promise<void>((resolve, reject) => {
    let said = ''
    server.stderr.on('data', (chunk) => {
      said += String(chunk)
      if (said.includes('ready to accept connections')) resolve()
    })
    server.once('exit', (code) => reject(new Error(`postgres ended with code ${code}: ${said}`)))
  })
  const connect = async (): Promise<pg.Client> => {
    const client = new pg.Client({ host: folder, user: 'postgres', database: 'postgres' })
    await client.connect()
    return client
  }
  const close = async (): Promise<void> => {
    const ended = new Promise((resolve) => server.once('exit', resolve))
    // Ends connections that a failed test left open.
    server.kill('SIGINT')
    await ended
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    await migrate(await connect())
  } catch (error) {
    await close()
    throw error
  }
  return { connect, close }
}

const migrate = async (client: pg.Client): Promise<void> => {
  await client.query(
    readFileSync(new URL('./without-pgvector.sql', import.meta.url), 'utf8') + PLATFORM_SQL
  )
  for (const { sql } of await readMigrations(MIGRATIONS_FOLDER)) {
    await client.query(
      sql
        .replace('create extension if not exists vector with schema extensions;', '')
        .replace(/create index \w+ on [\w.]+\s+using hnsw[^;]*;/, '')
    )
  }
  await client.end()
}
