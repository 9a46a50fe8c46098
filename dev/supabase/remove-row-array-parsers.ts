// Removes half of PGlite's parsers, those for arrays of system rows: PGlite copies the table for every answer, a dozen
// times in a search.
import type { PGlite } from '@electric-sql/pglite'

/** Such an array stays readable as text. */
export const removeRowArrayParsers = async (sql: PGlite): Promise<void> => {
  const { rows } = await sql.query<{ oid: number }>(
    `select t.typarray::integer as oid
     from pg_type t join pg_namespace n on n.oid = t.typnamespace
     where t.typtype = 'c' and t.typarray <> 0 and n.nspname in ('pg_catalog', 'information_schema')`
  )
  const removed = new Set(rows.map(({ oid }) => String(oid)))
  const rest = <T>(table: Record<string | number, T>): Record<string | number, T> =>
    Object.fromEntries(Object.entries(table).filter(([oid]) => !removed.has(oid)))
  sql.parsers = rest(sql.parsers)
  sql.serializers = rest(sql.serializers)
}
