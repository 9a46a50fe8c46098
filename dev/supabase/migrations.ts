// Applies a folder's migrations as `supabase db push` does: the new ones in order, each in a transaction with its
// history row.
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { PGlite } from '@electric-sql/pglite'
import { splitSqlStatements } from '@supabase/lite'

/** `<version>_<name>.sql`, as `supabase migration new` names them. */
const MIGRATION_FILE = /^(\d+)_(.*)\.sql$/

type Migration = { version: string; name: string; file: string; sql: string }

/** A migration that could not be applied; the database holds no part of it. */
export class MigrationFailed extends Error {
  override readonly name = 'MigrationFailed'
  readonly file: string

  constructor(file: string, cause: unknown) {
    super(`Migration ${file} failed: ${describeCause(cause)}`, { cause })
    this.file = file
  }
}

/** The file differs from the applied migration of its version. */
class MigrationChanged extends Error {
  override readonly name = 'MigrationChanged'

  constructor(file: string) {
    super(
      `Migration ${file} has changed since it was applied to this data folder. Put it back and write a new one, or delete the folder to start over.`
    )
  }
}

/** Postgres's message with its detail, hint and context. */
const describeCause = (cause: unknown): string => {
  if (!(cause instanceof Error)) return String(cause)
  const parts: string[] = [cause.message]
  for (const key of ['detail', 'hint', 'where'] as const) {
    const value: unknown = Reflect.get(cause, key)
    if (typeof value === 'string' && value !== '') parts.push(`${key}: ${value}`)
  }
  return parts.join(' · ')
}

/** The migrations of a folder in the order of their versions; ignores files with other names. */
export const readMigrations = async (folder: string): Promise<Migration[]> => {
  const migrations: Migration[] = []
  for (const file of (await readdir(folder)).sort()) {
    const [, version, name = ''] = MIGRATION_FILE.exec(file) ?? []
    if (version === undefined) continue
    migrations.push({ version, name, file, sql: await readFile(join(folder, file), 'utf8') })
  }
  return migrations
}

/** The versions in the history, oldest first; none in a new database. */
export const appliedVersions = async (sql: PGlite): Promise<string[]> => {
  const { rows } = await sql.query<{ isThere: boolean }>(
    `select to_regclass('supabase_migrations.schema_migrations') is not null as "isThere"`
  )
  return rows[0]?.isThere === true ? [...(await appliedMigrations(sql)).keys()] : []
}

/** The statements of each applied version, oldest first. */
const appliedMigrations = async (sql: PGlite): Promise<Map<string, string[]>> => {
  const { rows } = await sql.query<{ version: string; statements: string[] | null }>(
    'select version, statements from supabase_migrations.schema_migrations order by version'
  )
  return new Map(rows.map((row) => [row.version, row.statements ?? []]))
}

/**
 * Applies the new migrations and returns their file names.
 * @throws MigrationFailed naming the file; earlier files stay applied, as with the CLI
 * @throws MigrationChanged before it applies any
 */
export const applyMigrations = async (sql: PGlite, folder: string): Promise<string[]> => {
  const history = await appliedMigrations(sql)
  const migrations = await readMigrations(folder)
  for (const migration of migrations) {
    const statements = history.get(migration.version)
    if (statements === undefined) continue
    if (statements.join('\n') !== splitSqlStatements(migration.sql).join('\n')) {
      throw new MigrationChanged(migration.file)
    }
  }
  const applied: string[] = []
  for (const { version, name, file, sql: text } of migrations) {
    if (history.has(version)) continue
    try {
      await sql.transaction(async (transaction) => {
        await transaction.exec(text)
        await transaction.query(
          'insert into supabase_migrations.schema_migrations (version, name, statements) values ($1, $2, $3)',
          [version, name, splitSqlStatements(text)]
        )
      })
    } catch (error) {
      throw new MigrationFailed(file, error)
    }
    applied.push(file)
  }
  return applied
}
