// Reads one whole section: from the copy on this machine, or else from the backend.
import { z } from 'zod'
import { failed, ok, type Result } from '../../shared/failure.ts'
import type { SectionText } from '../../shared/handbook.ts'
import type { Language } from '../../shared/language.ts'
import type { KioskAccount } from '../account/account.ts'
import { requireGroup } from '../account/groups.ts'
import type { BackendPorts } from '../backend.ts'
import { type DataRequest, requestDataApi } from '../data-api-request.ts'
import type { Log } from '../log.ts'
import type { OfflineCopy } from './offline-copy.ts'
import { type OfflineSection, titledText } from './offline-handbook.ts'

/** A person waits before an empty page. */
const READ_DEADLINE_MS = 5_000

type ReadSectionPorts = BackendPorts & {
  account: Pick<KioskAccount, 'current'>
  copy: Pick<OfflineCopy, 'section'>
  log: Log
}
type SectionRequest = { slug: string; language: Language }

const versionSchema = z.object({
  title_en: z.string().nullable(),
  content_en: z.string().nullable(),
  title_es: z.string().nullable(),
  content_es: z.string().nullable()
})
/** A restaurant and its brand may both have a section of the slug; each has at most one published version. */
const rowsSchema = z.array(
  z.object({
    group_id: z.uuid().nullable(),
    // PostgREST embeds a list, @supabase/lite the one published version.
    manual_section_versions: z.union([
      versionSchema,
      z.array(versionSchema).transform(([published]) => published)
    ])
  })
)
/** The organisation only selects the sections of the restaurant. */
const COLUMNS =
  'group_id, organisations!inner(groups!inner(id)), ' +
  'manual_section_versions!inner(title_en, content_en, title_es, content_es)'

type Texts = Pick<OfflineSection, 'slug' | 'en' | 'es'>

/** @returns `section_not_found`, `not_signed_in`, `not_a_member`, `backend_unreachable`, `backend_failed`
 */
export const readSection = async (
  ports: ReadSectionPorts,
  { slug, language }: SectionRequest
): Promise<Result<SectionText>> => {
  const group = requireGroup(ports.account.current())
  if (!group.ok) return group
  const copied = await ports.copy.section(slug)
  const read = copied === null ? await readStored(ports, group.value.id, slug) : ok(copied)
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

/** Row-level security selects the rows; the restaurant's section has precedence over its brand's. */
const readStored = async (
  ports: BackendPorts,
  groupId: string,
  slug: string
): Promise<Result<Texts>> => {
  const request: DataRequest = {
    about: 'The section',
    send: (client, signal) =>
      client
        .from('manual_sections')
        .select(COLUMNS)
        .eq('slug', slug)
        .or(`group_id.is.null,group_id.eq.${groupId}`)
        .eq('organisations.groups.id', groupId)
        // An editor's account sees drafts and history as well.
        .eq('manual_section_versions.status', 'published')
        .retry(false)
        .abortSignal(signal)
  }
  const answer = await requestDataApi(ports, request, READ_DEADLINE_MS)
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
