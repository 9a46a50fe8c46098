// PGlite copies its table of parsers for every answer of Postgres, a dozen times in a search, and half of the table is for
// arrays of rows of the system's own tables and views, which nobody asks for.
import type { PGlite } from '@electric-sql/pglite'

/** Forgets those; what is in such an array stays readable as text. */
export const removeRowArrayParsers = async (sql: PGlite): Promise<void> => {
  const { rows } = await sql.query<{ oid: number }>(
    `select t.typarray::integer as oid
     from pg_type t join pg_namespace n on n.oid = t.typnamespace
     where t.typtype = 'c' and t.typarray <> 0 and n.nspname in ('pg_catalog', 'information_schema')`
  )
  const forgotten = new Set(rows.map(({ oid }) => String(oid)))
  const kept = <T>(table: Record<string | number, T>): Record<string | number, T> =>
    Object.fromEntries(Object.entries(table).filter(([oid]) => !forgotten.has(oid)))
  sql.parsers = kept(sql.parsers)
  sql.serializers = kept(sql.serializers)
}
