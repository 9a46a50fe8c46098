// The seeding's requests to a project's Data API: what they answer, page by page, or the sentence that they failed with.
import type { SupabaseClient } from '@supabase/supabase-js'
import { z } from 'zod'
import type { Database } from '../../supabase/functions/_shared/database.types.ts'
import type { EmbedWith } from './seed-embeddings.ts'

/** Rows per answer: PostgREST gives 1,000 at most. */
const PAGE_ROWS = 1_000

export type SeedTools = {
  /** With the secret key: row-level security does not apply to it. */
  client: SupabaseClient<Database>
  /** Null: passages are stored without vectors, and found by their words only. */
  embedWith: EmbedWith | null
  log: (line: string) => void
}

/** A request of the seeding's that the project refused. */
export class SeedFailed extends Error {
  override readonly name = 'SeedFailed'
}

export type Answer = {
  data: unknown
  error: { message: string; code?: string; details?: unknown } | null
}

/**
 * What a request was answered with.
 * @throws SeedFailed with what the project said
 */
export const readAnswer = <S extends z.ZodType>(
  what: string,
  { data, error }: Answer,
  schema: S
): z.output<S> => {
  if (error !== null) {
    const { message, code, details } = error
    const detail = typeof details === 'string' ? details : ''
    const said = [message, code === undefined ? '' : `(${code})`, detail]
    throw new SeedFailed(`${what}: ${said.filter((part) => part !== '').join(' ')}`)
  }
  return schema.parse(data)
}

type Tables = Database['public']['Tables']
/** What can be read page by page. */
type TableWithId = {
  [Name in keyof Tables]: Tables[Name]['Row'] extends { id: string } ? Name : never
}[keyof Tables]

/** All rows of a table in which these columns are so, page by page in the order of their ids. */
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
