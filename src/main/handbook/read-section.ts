// The whole text of one section, for reading it on the screen: from the copy on this machine, or else from the backend.
import { z } from 'zod'
import { failed, ok, type Result } from '../../shared/failure.ts'
import type { SectionText } from '../../shared/handbook.ts'
import type { Language } from '../../shared/language.ts'
import type { KioskAccount } from '../account/account.ts'
import type { BackendPorts } from '../backend.ts'
import type { Log } from '../log.ts'
import { requestDataApi } from './data-api-request.ts'
import type { OfflineCopy } from './offline-copy.ts'
import { type OfflineSection, titledText } from './offline-handbook.ts'

/** A person looks at an empty page meanwhile. */
export const READ_DEADLINE_MS = 5_000

export type ReadSectionPorts = BackendPorts & {
  account: Pick<KioskAccount, 'current'>
  copy: Pick<OfflineCopy, 'section'>
  log: Log
}
export type SectionRequest = { slug: string; language: Language }

const versionSchema = z.object({
  title_en: z.string().nullable(),
  content_en: z.string().nullable(),
  title_es: z.string().nullable(),
  content_es: z.string().nullable()
})
/** Both a restaurant's section and its brand's may have the slug; each has at most one version that is published. */
const rowsSchema = z.array(
  z.object({
    group_id: z.uuid().nullable(),
    // PostgREST embeds a list; @supabase/lite sees that one version at most is published, and embeds that.
    manual_section_versions: z.union([
      versionSchema,
      z.array(versionSchema).transform(([published]) => published)
    ])
  })
)
/** The organisation only narrows the sections down to the restaurant's. */
const COLUMNS =
  'group_id, organisations!inner(groups!inner(id)), ' +
  'manual_section_versions!inner(title_en, content_en, title_es, content_es)'

type Texts = Pick<OfflineSection, 'slug' | 'en' | 'es'>

/**
 * Reads a section that the restaurant in use sees.
 * @returns `section_not_found`, `not_signed_in`, `not_a_member`, `backend_unreachable`, `backend_failed`
 */
export const readSection = async (
  ports: ReadSectionPorts,
  { slug, language }: SectionRequest
): Promise<Result<SectionText>> => {
  const account = ports.account.current()
  if (account.status !== 'signed_in') return failed('not_signed_in', 'Nobody is signed in.')
  if (account.group === null) return failed('not_a_member', 'The account has no restaurant.')
  const copied = await ports.copy.section(slug)
  const read = copied === null ? await readStored(ports, account.group.id, slug) : ok(copied)
  const from = copied === null ? 'backend' : 'copy'
  if (!read.ok) {
    const { code, message } = read.error
    ports.log.warn('handbook.sectionReadFailed', { from, code, message })
    return read
  }
  const text = inLanguage(read.value, language)
  if (text === null) return failed('section_not_found', 'The section has no text.')
  ports.log.info('handbook.sectionRead', { from, language: text.language })
  return ok(text)
}

/** What row-level security shows of the slug, in the restaurant's organisation; the restaurant's own goes first. */
const readStored = async (
  ports: BackendPorts,
  groupId: string,
  slug: string
): Promise<Result<Texts>> => {
  const answer = await requestDataApi(ports, {
    about: 'The section',
    deadlineMs: READ_DEADLINE_MS,
    send: (client, signal) =>
      client
        .from('manual_sections')
        .select(COLUMNS)
        .eq('slug', slug)
        .or(`group_id.is.null,group_id.eq.${groupId}`)
        .eq('organisations.groups.id', groupId)
        // Those who may write see drafts and history as well.
        .eq('manual_section_versions.status', 'published')
        .retry(false)
        .abortSignal(signal)
  })
  if (!answer.ok) return answer
  const rows = rowsSchema.safeParse(answer.value)
  if (!rows.success) return failed('backend_failed', 'The section is not readable.')
  const row = rows.data.find(({ group_id }) => group_id === groupId) ?? rows.data[0]
  const version = row?.manual_section_versions
  if (version === undefined) return failed('section_not_found', 'There is no such section.')
  return ok({
    slug,
    en: titledText(slug, version.title_en, version.content_en),
    es: titledText(slug, version.title_es, version.content_es)
  })
}

const inLanguage = (section: Texts, language: Language): SectionText | null => {
  const other = language === 'en' ? 'es' : 'en'
  for (const given of [language, other] as const) {
    const text = section[given]
    if (text !== null) {
      return { slug: section.slug, title: text.title, language: given, text: text.content }
    }
  }
  return null
}
