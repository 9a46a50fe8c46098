// Reads the answers of a project's Data API for the seeding, page by page.
import type { SupabaseClient } from '@supabase/supabase-js'
import { z } from 'zod'
import type { Database } from '../../supabase/functions/_shared/database.types.ts'
import type { EmbedWith } from './seed-embeddings.ts'

/** PostgREST's limit for one answer. */
const PAGE_ROWS = 1_000

export type SeedTools = {
  /** With the secret key, which bypasses row-level security. */
  client: SupabaseClient<Database>
  /** Null: stores passages without vectors, for a search by words only. */
  embedWith: EmbedWith | null
  log: (line: string) => void
}

/** The project refused a request. */
export class SeedFailed extends Error {
  override readonly name = 'SeedFailed'
}

export type Answer = {
  data: unknown
  error: { message: string; code?: string; details?: unknown } | null
}

/** @throws SeedFailed with the project's message */
export const readAnswer = <S extends z.ZodType>(
  what: string,
  { data, error }: Answer,
  schema: S
): z.output<S> => {
  if (error !== null) {
    const { message, code, details } = error
    const detail = typeof details === 'string' ? details : ''
    const parts = [message, code === undefined ? '' : `(${code})`, detail]
    throw new SeedFailed(`${what}: ${parts.filter((part) => part !== '').join(' ')}`)
  }
  return schema.parse(data)
}

type Tables = Database['public']['Tables']
/** A table that can be read page by page. */
type TableWithId = {
  [Name in keyof Tables]: Tables[Name]['Row'] extends { id: string } ? Name : never
}[keyof Tables]

/** The rows of a table that match `where`, in the order of their ids. */
export const readAll = async <S extends z.ZodType>(
  client: SupabaseClient<Database>,
  table: TableWithId,
  where: Readonly<Record<string, string | boolean>>,
  columns: string,
  row: S
): Promise<z.output<S>[]> => {
  const all: z.output<S>[] = []
  for (;;) {
    const page = readAnswer(
      `reading ${table}`,
      await client
        .from(table)
        .select(columns)
        .match(where)
        .order('id')
        .range(all.length, all.length + PAGE_ROWS - 1),
      z.array(row)
    )
    all.push(...page)
    if (page.length < PAGE_ROWS) return all
  }
}
