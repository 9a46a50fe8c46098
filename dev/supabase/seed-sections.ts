// Brings a group's sections up to their files: drafts those that differ, embeds their passages and publishes them in
// one transaction.
import type { SupabaseClient } from '@supabase/supabase-js'
import { z } from 'zod'
import { languageSchema } from '../../src/shared/language.ts'
import type { Database, TablesInsert } from '../../supabase/functions/_shared/database.types.ts'
import { EMBEDDING_BATCH } from '../../supabase/functions/_shared/embedding.ts'
import { embeddingInput } from '../../supabase/functions/_shared/passages.ts'
import { passagesOf, type TextPassage } from '../../supabase/functions/_shared/section-passages.ts'
import { chunks } from '../chunks.ts'
import {
  isSameVersion,
  passageLine,
  sectionRow,
  VERSION_COLUMNS,
  type VersionText,
  versionRow
} from '../section-versions.ts'
import type { HandbookSection } from './handbook-files.ts'
import type { EmbedTexts } from './seed-embeddings.ts'
import { readAll, readAnswer, SeedFailed, type SeedTools } from './seed-requests.ts'

/** Drafts per log line. */
const DRAFTS_PER_LINE = 100

export type SeedGroup = { id: string; organisationId: string; name: string }

export type SeededSections = {
  sections: number
  sectionsWritten: number
  passages: number
  passagesWritten: number
  /** Passages without a vector; the next seeding retries them. */
  withoutVector: number
}

const passageRow = z.object({
  id: z.uuid(),
  version_id: z.uuid(),
  language: languageSchema,
  ordinal: z.int(),
  heading: z.string(),
  anchor: z.string(),
  content: z.string(),
  manual_embeddings: z.array(z.object({ model: z.string() }))
})
type PassageRow = z.output<typeof passageRow>
const PASSAGE_COLUMNS =
  'id, version_id, language, ordinal, heading, anchor, content, manual_embeddings(model)'

/** A section in its files. */
type Wanted = { slug: string; text: VersionText; passages: TextPassage[] }

/** A section's version in the project. */
type Stored = VersionText & { id: string; passages: PassageRow[] }

/** The section's text in its files; a language without a file keeps its stored text. */
const wantedText = (section: HandbookSection, stored: VersionText | undefined): VersionText => {
  const { en, es } = section.texts
  return {
    category: section.category,
    sort_order: section.order,
    title_en: en?.title ?? stored?.title_en ?? null,
    title_es: es?.title ?? stored?.title_es ?? null,
    content_en: en?.content ?? stored?.content_en ?? null,
    content_es: es?.content ?? stored?.content_es ?? null,
    questions_en: en?.questions ?? stored?.questions_en ?? [],
    questions_es: es?.questions ?? stored?.questions_es ?? []
  }
}

/** The group's own published sections, by slug. */
const readPublished = async (
  client: SupabaseClient<Database>,
  groupId: string
): Promise<Map<string, Stored>> => {
  const sections = await readAll(
    client,
    'manual_sections',
    { group_id: groupId },
    'id, slug',
    sectionRow
  )
  const slugs = new Map(sections.map(({ id, slug }) => [id, slug]))
  const versions = await readAll(
    client,
    'manual_section_versions',
    { group_id: groupId, status: 'published' },
    VERSION_COLUMNS,
    versionRow
  )
  const passages = Map.groupBy(
    await readAll(
      client,
      'manual_passages',
      { group_id: groupId, is_published: true },
      PASSAGE_COLUMNS,
      passageRow
    ),
    ({ version_id: id }) => id
  )
  return new Map(
    versions.flatMap((version) => {
      const slug = slugs.get(version.section_id)
      if (slug === undefined) return []
      return [[slug, { ...version, passages: passages.get(version.id) ?? [] }] as const]
    })
  )
}

/** Saves the section's draft; null when the published version has the same text. */
const saveDraft = async (
  { client }: SeedTools,
  group: SeedGroup,
  { slug, text, passages }: Wanted
): Promise<string | null> => {
  const { category, sort_order, ...texts } = text
  return readAnswer(
    `drafting the section ${slug}`,
    await client.rpc('save_draft', {
      _organisation_id: group.organisationId,
      _group_id: group.id,
      _slug: slug,
      _category: category,
      _sort_order: sort_order,
      _texts: texts,
      _passages: passages
    }),
    z.uuid().nullable()
  )
}

/** The model of the brand's vectors. */
const readEmbeddingModel = async (
  client: SeedTools['client'],
  organisationId: string
): Promise<string> => {
  const what = 'reading the brand'
  const [brand] = readAnswer(
    what,
    await client.from('organisations').select('embedding_model').eq('id', organisationId),
    z.array(z.object({ embedding_model: z.string() }))
  )
  if (brand === undefined) throw new SeedFailed(`${what}: no row came back`)
  return brand.embedding_model
}

/** Embeds passages without a vector, and returns the ids of those that have one now. */
const embedPassages = async (
  { client, log }: SeedTools,
  embed: EmbedTexts | null,
  lacking: readonly { passage: PassageRow; title: string }[]
): Promise<Set<string>> => {
  const embedded = new Set<string>()
  if (embed === null) return embedded
  for (const batch of chunks(lacking, EMBEDDING_BATCH)) {
    const answer = await embed.embed(
      batch.map(({ passage, title }) =>
        embeddingInput(title, { heading: passage.heading, text: passage.content })
      )
    )
    if (!answer.ok) {
      log(`No vectors this time (${answer.message}): search goes by words until the next start.`)
      return embedded
    }
    const rows = batch.flatMap(({ passage }, index) => {
      const vector = answer.vectors[index]
      if (vector === undefined) return []
      return [{ passage_id: passage.id, model: embed.model, embedding: JSON.stringify(vector) }]
    })
    readAnswer(
      'writing vectors',
      await client
        .from('manual_embeddings')
        // The database fills in the group from the passage.
        .upsert(rows as TablesInsert<'manual_embeddings'>[], { onConflict: 'passage_id,model' }),
      z.unknown()
    )
    for (const { passage_id: id } of rows) embedded.add(id)
    if (lacking.length > EMBEDDING_BATCH) log(`  ${embedded.size} of ${lacking.length} vectors`)
  }
  return embedded
}

/** @throws SeedFailed when the project refuses a request. */
export const seedSections = async (
  tools: SeedTools,
  group: SeedGroup,
  sections: readonly HandbookSection[]
): Promise<SeededSections> => {
  const { client, log } = tools
  const embed = tools.embedWith?.(await readEmbeddingModel(client, group.organisationId)) ?? null
  const published = await readPublished(client, group.id)
  const wanted = sections.map((section): Wanted => {
    const stored = published.get(section.slug)
    const text = wantedText(section, stored)
    return { slug: section.slug, text, passages: passagesOf(text) }
  })
  const changed = wanted.filter(
    ({ slug, text, passages }) => !isSameVersion(text, passages, published.get(slug) ?? null)
  )

  // The sections after publication: drafts replace their published versions.
  const next = new Map(published)
  const draftIds: string[] = []
  for (const [index, section] of changed.entries()) {
    const id = await saveDraft(tools, group, section)
    if (id !== null) {
      const passages = await readAll(
        client,
        'manual_passages',
        { version_id: id },
        PASSAGE_COLUMNS,
        passageRow
      )
      next.set(section.slug, { ...section.text, id, passages })
      draftIds.push(id)
    }
    if ((index + 1) % DRAFTS_PER_LINE === 0) log(`  ${index + 1} of ${changed.length} sections`)
  }

  const written = new Set<string>()
  for (const { slug } of changed) {
    const before = new Set((published.get(slug)?.passages ?? []).map(passageLine))
    for (const passage of next.get(slug)?.passages ?? []) {
      if (!before.has(passageLine(passage))) written.add(passage.id)
    }
  }
  const lacking = [...next.values()].flatMap((version) =>
    version.passages.flatMap((passage) => {
      const title = version[`title_${passage.language}`]
      const has = passage.manual_embeddings.some(
        ({ model }) => embed === null || model === embed.model
      )
      return has || title === null ? [] : [{ passage, title }]
    })
  )
  const embedded = await embedPassages(tools, embed, lacking)
  for (const id of embedded) written.add(id)

  if (draftIds.length > 0) {
    readAnswer(
      'publishing the sections',
      await client.rpc('publish_versions', { _version_ids: draftIds }),
      z.unknown()
    )
  }

  const fileSlugs = new Set(sections.map(({ slug }) => slug))
  const remaining = [...published.keys()].filter((slug) => !fileSlugs.has(slug))
  if (remaining.length > 0) {
    const slugs = remaining.sort().join(', ')
    log(`${group.name}: kept ${remaining.length} sections that no file has: ${slugs}`)
  }
  return {
    sections: sections.length,
    sectionsWritten: draftIds.length,
    passages: wanted.reduce((sum, { passages }) => sum + passages.length, 0),
    passagesWritten: written.size,
    withoutVector: lacking.length - embedded.size
  }
}
