// Reads the words for things that the restaurant's organisation keeps: the offline copy searches by the same as the
// backend does.
import type { SupabaseClient } from '@supabase/supabase-js'
import { z } from 'zod'
import type { Database } from '../../../supabase/functions/_shared/database.types.ts'
import { failed, ok, type Result } from '../../shared/failure.ts'
import { languageSchema } from '../../shared/language.ts'
import type { OfflineTerm } from './offline-handbook.ts'

/** What one request of the copy comes to. */
export type OfflineRead<T> = Result<T> | 'token_refused' | 'not_a_member'

/** The most that a hosted project answers at once. */
const PAGE_ROWS = 1_000
/** An organisation starts with two thousand. More than this is not a list of words, and main holds it in memory. */
const TERMS_LIMIT = 20_000

const groupSchema = z.array(z.object({ organisation_id: z.uuid() }))
const rowsSchema = z.array(
  z.object({
    id: z.uuid(),
    concept: z.string().min(1),
    language: languageSchema,
    term: z.string().min(1)
  })
)

type Answer = { data: unknown; error: object | null; status: number }

const readRows = <S extends z.ZodType>(
  { data, error, status }: Answer,
  schema: S
): OfflineRead<z.output<S>> => {
  if (error !== null) {
    if (status === 0) return failed('backend_unreachable', 'The words could not be read.')
    if (status === 401) return 'token_refused'
    return failed('backend_failed', `The words were answered with ${status}.`)
  }
  const parsed = schema.safeParse(data)
  return parsed.success
    ? ok(parsed.data)
    : failed('backend_failed', 'The list of words is not readable.')
}

/** None for a restaurant that the account does not see. */
export const createTermReader =
  (client: SupabaseClient<Database>, groupId: string, signal: AbortSignal) =>
  async (): Promise<OfflineRead<OfflineTerm[]>> => {
    const group = readRows(
      await client
        .from('groups')
        .select('organisation_id')
        .eq('id', groupId)
        .retry(false)
        .abortSignal(signal),
      groupSchema
    )
    if (typeof group === 'string' || !group.ok) return group
    const organisationId = group.value[0]?.organisation_id
    if (organisationId === undefined) return ok([])
    const terms: OfflineTerm[] = []
    let after: string | null = null
    for (;;) {
      const all = client
        .from('handbook_terms')
        .select('id, concept, language, term')
        .eq('organisation_id', organisationId)
      const page: OfflineRead<z.output<typeof rowsSchema>> = readRows(
        await (after === null ? all : all.gt('id', after))
          .order('id')
          .limit(PAGE_ROWS)
          .retry(false)
          .abortSignal(signal),
        rowsSchema
      )
      if (typeof page === 'string' || !page.ok) return page
      const rows: z.output<typeof rowsSchema> = page.value
      terms.push(...rows.map(({ concept, language, term }) => ({ concept, language, term })))
      after = rows.at(-1)?.id ?? null
      if (rows.length < PAGE_ROWS) return ok(terms)
      if (terms.length >= TERMS_LIMIT) {
        return failed('backend_failed', 'The organisation has more words than a copy may.')
      }
    }
  }
