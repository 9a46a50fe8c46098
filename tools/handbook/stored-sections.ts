// Reads the published version and the draft of each section in a scope.
import type { SupabaseClient } from '@supabase/supabase-js'
import { z } from 'zod'
import {
  sectionRow,
  VERSION_COLUMNS,
  type VersionText,
  versionRow
} from '../../dev/section-versions.ts'
import { languageSchema } from '../../src/shared/language.ts'
import type { TextPassage } from '../../supabase/functions/_shared/section-passages.ts'
import { type HandbookScope, readAllPages } from './project-requests.ts'

const passageRow = z.object({
  version_id: z.uuid(),
  language: languageSchema,
  ordinal: z.int(),
  heading: z.string(),
  anchor: z.string(),
  content: z.string()
})

export type StoredVersion = VersionText & { id: string; passages: TextPassage[] }

export type StoredSection = {
  id: string
  slug: string
  published: StoredVersion | null
  draft: StoredVersion | null
}

/** By slug. Sections without a published version or a draft are left out. */
export const readStoredSections = async (
  client: SupabaseClient,
  scope: HandbookScope
): Promise<Map<string, StoredSection>> => {
  const sections = await readAllPages(client, 'manual_sections', scope, {}, 'id, slug', sectionRow)
  const versionsBy = async (status: 'published' | 'draft') => {
    const rows = await readAllPages(
      client,
      'manual_section_versions',
      scope,
      { status },
      VERSION_COLUMNS,
      versionRow
    )
    return new Map(rows.map((row) => [row.section_id, row]))
  }
  const published = await versionsBy('published')
  const drafts = await versionsBy('draft')
  const columns = `id, ${Object.keys(passageRow.shape).join()}`
  const passages = Map.groupBy(
    await readAllPages(client, 'manual_passages', scope, {}, columns, passageRow),
    (passage) => passage.version_id
  )
  const stored = (row: z.output<typeof versionRow> | undefined): StoredVersion | null => {
    if (row === undefined) return null
    const { section_id: _, ...version } = row
    const own = passages.get(row.id) ?? []
    return { ...version, passages: own.map(({ version_id: __, ...passage }) => passage) }
  }
  return new Map(
    sections.flatMap(({ id, slug }) => {
      const section = {
        id,
        slug,
        published: stored(published.get(id)),
        draft: stored(drafts.get(id))
      }
      return section.published === null && section.draft === null ? [] : [[slug, section] as const]
    })
  )
}
