// Fetches the sections that the account may read of a restaurant, and its organisation's terms.
import { z } from 'zod'
import { failed, ok, type Result } from '../../shared/failure.ts'
import type { BackendPorts } from '../backend.ts'
import { type DataRequest, sendDataRequest } from '../data-api-request.ts'
import { withDeadline } from '../deadline.ts'
import {
  type OfflineHandbook,
  type OfflineSection,
  type OfflineTerm,
  offlineTermSchema,
  titledText
} from './offline-handbook.ts'

/** Sections per request: a page of long sections is about 1 MB. */
export const PAGE_ROWS = 100
/** Hosted projects answer at most 1,000 rows. */
const TERMS_PAGE_ROWS = 1_000
/** For all pages together. */
export const FETCH_DEADLINE_MS = 60_000
/** The largest handbook in the budgets. Main holds the copy in memory. */
const SECTIONS_LIMIT = 5_000
/** 5,000 sections of a page and a half in two languages. The index needs about ten times as much memory. */
const COPY_LIMIT_CHARACTERS = 20_000_000
/** An organisation starts with two thousand. */
const TERMS_LIMIT = 20_000

const sectionsSchema = z.array(
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
const groupsSchema = z.array(z.object({ organisation_id: z.uuid() }))
const termsSchema = z.array(z.object({ id: z.uuid(), ...offlineTermSchema.shape }))

/**
 * All sections of `groupId` that the account may read, by slug, and the terms. Both are empty for an account that is not
 * a member.
 * @param stopped ends the fetch early, as a failure
 * @returns `not_signed_in`, `backend_unreachable` (the deadline too), or `backend_failed`, also for a handbook
 *   larger than the limits; never throws
 */
export const fetchHandbook = async (
  ports: BackendPorts,
  groupId: string,
  stopped: AbortSignal
): Promise<Result<OfflineHandbook>> => {
  const fetched = await withDeadline(ports.clock, FETCH_DEADLINE_MS, async (signal) => {
    const read = createReader(ports, AbortSignal.any([signal, stopped]))
    const sections = await fetchSections(read, groupId)
    if (!sections.ok) return sections
    const terms = await fetchTerms(read, groupId)
    return terms.ok ? ok({ sections: sections.value, terms: terms.value }) : terms
  })
  if (fetched === 'late') return failed('backend_unreachable', 'The copy had no answer in time.')
  // A member who is removed during the fetch keeps none of the earlier pages.
  const isMember = fetched.ok || fetched.error.code !== 'not_a_member'
  return isMember ? fetched : ok({ sections: [], terms: [] })
}

type Read = <S extends z.ZodType>(request: DataRequest, schema: S) => Promise<Result<z.output<S>>>

const createReader =
  (ports: BackendPorts, signal: AbortSignal): Read =>
  async (request, schema) => {
    const answer = await sendDataRequest(ports, request, signal)
    if (!answer.ok) return answer
    const rows = schema.safeParse(answer.value)
    return rows.success
      ? ok(rows.data)
      : failed('backend_failed', `${request.about} are not readable.`)
  }

/** Pages by slug, not by offset: an added or removed section shifts no other. */
const fetchSections = async (read: Read, groupId: string): Promise<Result<OfflineSection[]>> => {
  const sections: OfflineSection[] = []
  let characters = 0
  for (;;) {
    const after = sections.at(-1)?.slug
    const page = await read(
      {
        about: 'The sections',
        send: (client, signal) =>
          client
            .rpc('get_handbook', {
              _group_id: groupId,
              ...(after === undefined ? {} : { _after_slug: after }),
              _limit: PAGE_ROWS
            })
            // The whole copy is fetched again later.
            .retry(false)
            .abortSignal(signal)
      },
      sectionsSchema
    )
    if (!page.ok) return page
    for (const row of page.value) {
      const { slug, category, updated_at: updatedAt } = row
      const en = titledText(slug, row.title_en, row.content_en)
      const es = titledText(slug, row.title_es, row.content_es)
      sections.push({ slug, category, updatedAt, en, es })
      characters += (row.content_en?.length ?? 0) + (row.content_es?.length ?? 0)
    }
    if (sections.length > SECTIONS_LIMIT || characters > COPY_LIMIT_CHARACTERS) {
      return failed('backend_failed', 'The handbook is larger than a copy may be.')
    }
    if (page.value.length < PAGE_ROWS) return ok(sections)
  }
}

/** Empty for a restaurant that the account does not see. */
const fetchTerms = async (read: Read, groupId: string): Promise<Result<OfflineTerm[]>> => {
  const groups = await read(
    {
      about: 'The organisations',
      send: (client, signal) =>
        client
          .from('groups')
          .select('organisation_id')
          .eq('id', groupId)
          .retry(false)
          .abortSignal(signal)
    },
    groupsSchema
  )
  if (!groups.ok) return groups
  const organisationId = groups.value[0]?.organisation_id
  if (organisationId === undefined) return ok([])
  const rows: z.output<typeof termsSchema> = []
  for (;;) {
    const after = rows.at(-1)?.id
    const page = await read(
      {
        about: 'The terms',
        send: (client, signal) => {
          const all = client
            .from('handbook_terms')
            .select('id, concept, language, term')
            .eq('organisation_id', organisationId)
          return (after === undefined ? all : all.gt('id', after))
            .order('id')
            .limit(TERMS_PAGE_ROWS)
            .retry(false)
            .abortSignal(signal)
        }
      },
      termsSchema
    )
    if (!page.ok) return page
    rows.push(...page.value)
    if (page.value.length < TERMS_PAGE_ROWS) break
    if (rows.length >= TERMS_LIMIT) {
      return failed('backend_failed', 'The organisation has more terms than a copy may have.')
    }
  }
  return ok(rows.map(({ concept, language, term }) => ({ concept, language, term })))
}
