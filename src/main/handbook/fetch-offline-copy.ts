// Fetches the sections that one restaurant sees, its brand's among them, and its organisation's words for things, as the
// signed-in account: the database decides what there is to see.
import { createClient } from '@supabase/supabase-js'
import { z } from 'zod'
import type { Database } from '../../../supabase/functions/_shared/database.types.ts'
import { failed, ok, type Result } from '../../shared/failure.ts'
import { type BackendPorts, NOT_A_MEMBER } from '../backend.ts'
import { createTermReader, type OfflineRead } from './fetch-offline-terms.ts'
import {
  type OfflineHandbook,
  type OfflineSection,
  type OfflineTerm,
  titledText
} from './offline-handbook.ts'

/** Rows per request: a page of long sections is about 1 MB, and hosted projects answer at most 1,000 rows. */
export const PAGE_ROWS = 100
/** All pages together. It runs beside everything else and nobody waits for it. */
export const FETCH_DEADLINE_MS = 60_000
/** The largest handbook that the budgets know. More is not a handbook, and main holds it in memory. */
export const SECTIONS_LIMIT = 5_000
/** 5,000 sections of a page and a half in two languages. The index needs about ten times as much memory. */
export const COPY_LIMIT_CHARACTERS = 20_000_000

const rowsSchema = z.array(
  z.object({
    slug: z.string().min(1),
    category: z.string(),
    updated_at: z.string(),
    title_en: z.string().nullable(),
    content_en: z.string().nullable(),
    title_es: z.string().nullable(),
    content_es: z.string().nullable()
  })
)
type Row = z.infer<typeof rowsSchema>[number]

/**
 * All sections of `groupId` that the account may read, by slug, and the words; nothing when it is no member.
 * @param stopped ends the fetch early, as a failure
 * @returns `not_signed_in`, `backend_unreachable` (the deadline too), or `backend_failed`, also for a handbook
 *   larger than the limits; never throws
 */
export const fetchHandbook = async (
  ports: BackendPorts,
  groupId: string,
  stopped: AbortSignal
): Promise<Result<OfflineHandbook>> => {
  const stop = new AbortController()
  const cancelDeadline = ports.clock.after(FETCH_DEADLINE_MS, () => stop.abort())
  try {
    return await fetchAll(ports, groupId, AbortSignal.any([stop.signal, stopped]))
  } finally {
    cancelDeadline()
  }
}

const NOTHING: OfflineHandbook = { sections: [], terms: [] }

const fetchAll = async (
  ports: BackendPorts,
  groupId: string,
  signal: AbortSignal
): Promise<Result<OfflineHandbook>> => {
  const token = await ports.account.accessToken()
  if (!token.ok) return token
  let reader = readerOf(ports, groupId, signal, token.value)
  const read = async <T>(
    what: (from: Reader) => Promise<OfflineRead<T>>
  ): Promise<OfflineRead<T>> => {
    const answer = await what(reader)
    if (answer !== 'token_refused') return answer
    // The clock of this machine may be wrong, so that a token looks good here and is not.
    const renewed = await ports.account.renewedToken()
    if (!renewed.ok) return renewed
    reader = readerOf(ports, groupId, signal, renewed.value)
    return what(reader)
  }

  const sections: OfflineSection[] = []
  let characters = 0
  for (;;) {
    const after = sections.at(-1)?.slug ?? null
    const page = await read((from) => from.sectionsAfter(after))
    if (page === 'token_refused') return failed('not_signed_in', 'The sections were refused.')
    // Also on a later page: who is let go on the way keeps nothing of what came before.
    if (page === 'not_a_member') return ok(NOTHING)
    if (!page.ok) return page
    for (const row of page.value) {
      sections.push(sectionOf(row))
      characters += (row.content_en?.length ?? 0) + (row.content_es?.length ?? 0)
    }
    if (sections.length > SECTIONS_LIMIT || characters > COPY_LIMIT_CHARACTERS) {
      return failed('backend_failed', 'The handbook is larger than a copy may be.')
    }
    if (page.value.length < PAGE_ROWS) break
  }
  const terms = await read((from) => from.terms())
  if (terms === 'token_refused') return failed('not_signed_in', 'The words were refused.')
  if (terms === 'not_a_member') return ok(NOTHING)
  return terms.ok ? ok({ sections, terms: terms.value }) : terms
}

type Reader = {
  sectionsAfter(slug: string | null): Promise<OfflineRead<Row[]>>
  terms(): Promise<OfflineRead<OfflineTerm[]>>
}

const readerOf = (
  ports: BackendPorts,
  groupId: string,
  signal: AbortSignal,
  token: string
): Reader => {
  const client = createClient<Database>(ports.supabaseUrl, ports.publishableKey, {
    accessToken: async () => token,
    global: { fetch: ports.fetch }
  })
  return {
    /** Pages by slug, not by offset: a section that is added or removed meanwhile moves no other. */
    sectionsAfter: async (slug) => {
      const { data, error, status } = await client
        .rpc('get_handbook', {
          _group_id: groupId,
          // Left out: from the first section on.
          ...(slug === null ? {} : { _after_slug: slug }),
          _limit: PAGE_ROWS
        })
        // The whole copy is tried again later.
        .retry(false)
        .abortSignal(signal)
      if (error !== null) {
        // postgrest-js reports a request that never got an answer as status 0.
        if (status === 0) return failed('backend_unreachable', 'The sections could not be read.')
        if (status === 401) return 'token_refused'
        if (error.code === NOT_A_MEMBER) return 'not_a_member'
        return failed('backend_failed', `The sections were answered with ${status}.`)
      }
      const parsed = rowsSchema.safeParse(data)
      return parsed.success
        ? ok(parsed.data)
        : failed('backend_failed', 'The list of sections is not readable.')
    },
    terms: createTermReader(client, groupId, signal)
  }
}

const sectionOf = (row: Row): OfflineSection => ({
  slug: row.slug,
  category: row.category,
  updatedAt: row.updated_at,
  en: titledText(row.slug, row.title_en, row.content_en),
  es: titledText(row.slug, row.title_es, row.content_es)
})
