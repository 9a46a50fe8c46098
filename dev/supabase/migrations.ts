// Brings a database up to the migrations of a folder, the way `supabase db push` does: only those the
// history does not hold, in order, each in a transaction of its own with its line of history.
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { PGlite } from '@electric-sql/pglite'
import { splitStatements } from './sql-statements.ts'

/** `<version>_<name>.sql`, as `supabase migration new` names them. */
const MIGRATION_FILE = /^(\d+)_(.*)\.sql$/

export type Migration = { version: string; name: string; file: string; sql: string }

/** A migration that could not be applied; nothing of it is left in the database. */
export class MigrationFailed extends Error {
  override readonly name = 'MigrationFailed'
  readonly file: string

  constructor(file: string, cause: unknown) {
    super(`Migration ${file} failed: ${whatPostgresSaid(cause)}`, { cause })
    this.file = file
  }
}

/** A file that is not what was applied here under its version: the database and the code disagree. */
export class MigrationChanged extends Error {
  override readonly name = 'MigrationChanged'

  constructor(file: string) {
    super(
      `Migration ${file} has changed since it was applied to this data folder. Put it back and write a new one, or delete the folder to start over.`
    )
  }
}

/** What Postgres said, with the detail and hint that its message alone leaves out. */
const whatPostgresSaid = (cause: unknown): string => {
  if (!(cause instanceof Error)) return String(cause)
  const parts: string[] = [cause.message]
  for (const key of ['detail', 'hint', 'where'] as const) {
    const value: unknown = Reflect.get(cause, key)
    if (typeof value === 'string' && value !== '') parts.push(`${key}: ${value}`)
  }
  return parts.join(' · ')
}

/** The migrations of a folder in the order of their versions; files of other names are left alone. */
export const readMigrations = async (folder: string): Promise<Migration[]> => {
  const migrations: Migration[] = []
  for (const file of (await readdir(folder)).sort()) {
    const match = MIGRATION_FILE.exec(file)
    const version = match?.[1]
    if (version === undefined) continue
    const sql = await readFile(join(folder, file), 'utf8')
    migrations.push({ version, name: match?.[2] ?? '', file, sql })
  }
  return migrations
}

/** Versions that the history holds, oldest first. */
export const appliedVersions = async (sql: PGlite): Promise<string[]> => [
  ...(await appliedMigrations(sql)).keys()
]

/** The statements that were run for each version, oldest version first. */
const appliedMigrations = async (sql: PGlite): Promise<Map<string, string[]>> => {
  const { rows } = await sql.query<{ version: string; statements: string[] | null }>(
    'select version, statements from supabase_migrations.schema_migrations order by version'
  )
  return new Map(rows.map((row) => [row.version, row.statements ?? []]))
}

/**
 * Applies what is new and returns the file names it applied.
 * @throws MigrationFailed naming the file; earlier files stay applied, as with the CLI.
 * @throws MigrationChanged before anything is applied.
 */
export const applyMigrations = async (sql: PGlite, folder: string): Promise<string[]> => {
  const held = await appliedMigrations(sql)
  const migrations = await readMigrations(folder)
  for (const migration of migrations) {
    const statements = held.get(migration.version)
    if (statements === undefined) continue
    if (statements.join('\n') !== splitStatements(migration.sql).join('\n')) {
      throw new MigrationChanged(migration.file)
    }
  }
  const applied: string[] = []
  for (const migration of migrations) {
    if (held.has(migration.version)) continue
    try {
      await sql.transaction(async (transaction) => {
        await transaction.exec(migration.sql)
        await transaction.query(
          'insert into supabase_migrations.schema_migrations (version, name, statements) values ($1, $2, $3)',
          [migration.version, migration.name, splitStatements(migration.sql)]
        )
      })
    } catch (error) {
      throw new MigrationFailed(migration.file, error)
    }
    applied.push(migration.file)
  }
  return applied
}
