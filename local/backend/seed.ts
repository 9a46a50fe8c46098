// Loads a handbook folder into a project over its Data API with the secret key: the same code for the
// local backend and for a hosted project. It writes what differs and leaves the rest as it is.
import type { SupabaseClient } from '@supabase/supabase-js'
import { z } from 'zod'
import { LANGUAGES, type Language, languageSchema } from '../../src/shared/language.ts'
import { embeddingInput, splitIntoPassages } from '../../supabase/functions/_shared/passages.ts'
import { EMBEDDING_BATCH, type EmbedTexts } from './embeddings.ts'
import type { HandbookGroup, HandbookSection } from './handbook-files.ts'

/** Rows per answer: PostgREST gives 1,000 at most. */
const PAGE_ROWS = 1_000
/** Rows per request without vectors: a few hundred kB. */
const WRITE_ROWS = 100

/** What each role may do in a group that has no policy for it yet. Limits are per account, and a kiosk's
 * account is everybody's on a shift. */
const ROLE_POLICIES = [
  {
    role: 'crew',
    voice_enabled: true,
    can_use_ai: true,
    daily_limit: 5_000,
    monthly_limit: 100_000
  },
  {
    role: 'manager',
    voice_enabled: true,
    can_use_ai: true,
    daily_limit: 5_000,
    monthly_limit: 100_000
  }
] as const

export type SeedTools = {
  /** With the secret key: row-level security does not apply to it. */
  client: SupabaseClient
  /** Null: passages are stored without vectors, and found by their words only. */
  embed: EmbedTexts | null
  log: (line: string) => void
}

export type SeededGroup = {
  id: string
  sections: number
  sectionsWritten: number
  passages: number
  passagesWritten: number
  /** Passages left without a vector: the next seeding tries again. */
  withoutVector: number
}

/** A request of the seeding's that the project refused. */
export class SeedFailed extends Error {
  override readonly name = 'SeedFailed'
}

type Answer = { data: unknown; error: { message: string; code?: string } | null }

const rowsOf = <S extends z.ZodType>(what: string, answer: Answer, row: S): z.output<S>[] => {
  if (answer.error !== null) {
    const { message, code } = answer.error
    throw new SeedFailed(`${what}: ${message}${code === undefined ? '' : ` (${code})`}`)
  }
  return z.array(row).parse(answer.data ?? [])
}

const chunks = <T>(items: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size)
  )

const idRow = z.object({ id: z.uuid() })

/** The group's id; made with its name and time zone when the project does not have it. */
const ensureGroup = async (
  client: SupabaseClient,
  group: { slug: string; name: string },
  timeZone: string
): Promise<string> => {
  const [known] = rowsOf(
    'reading the group',
    await client.from('groups').select('id').eq('slug', group.slug),
    idRow
  )
  if (known !== undefined) return known.id
  const [made] = rowsOf(
    'creating the group',
    await client
      .from('groups')
      .insert({ slug: group.slug, name: group.name, time_zone: timeZone })
      .select('id'),
    idRow
  )
  if (made === undefined) throw new SeedFailed('creating the group: no row came back')
  return made.id
}

/** Policies for the roles that have none; what somebody has decided since stays. */
const ensurePolicies = async (client: SupabaseClient, groupId: string): Promise<void> => {
  rowsOf(
    'writing the role policies',
    await client.from('role_policies').upsert(
      ROLE_POLICIES.map((policy) => ({ group_id: groupId, ...policy })),
      { onConflict: 'group_id,role', ignoreDuplicates: true }
    ),
    z.unknown()
  )
}

/** Makes a person a member, or changes the role of one who is. */
export const ensureMembership = async (
  client: SupabaseClient,
  membership: { userId: string; groupId: string; role: string }
): Promise<void> => {
  const { userId, groupId, role } = membership
  rowsOf(
    'writing the membership',
    await client
      .from('group_memberships')
      .upsert({ user_id: userId, group_id: groupId, role }, { onConflict: 'user_id,group_id' }),
    z.unknown()
  )
}

const sectionRow = z.object({
  id: z.uuid(),
  slug: z.string(),
  category: z.string(),
  sort_order: z.number(),
  title_en: z.string().nullable(),
  title_es: z.string().nullable(),
  content_en: z.string().nullable(),
  content_es: z.string().nullable(),
  questions_en: z.array(z.string()),
  questions_es: z.array(z.string())
})
type SectionRow = z.output<typeof sectionRow>

const passageRow = z.object({
  id: z.uuid(),
  section_id: z.uuid(),
  language: languageSchema,
  ordinal: z.int(),
  heading: z.string(),
  content: z.string(),
  embedding_model: z.string().nullable()
})
type PassageRow = z.output<typeof passageRow>

/** All rows of a group, page by page in the order of their ids. */
const readAll = async <S extends z.ZodType>(
  client: SupabaseClient,
  table: string,
  groupId: string,
  columns: string,
  row: S
): Promise<z.output<S>[]> => {
  const all: z.output<S>[] = []
  for (;;) {
    const page = rowsOf(
      `reading ${table}`,
      await client
        .from(table)
        .select(columns)
        .eq('group_id', groupId)
        .order('id')
        .range(all.length, all.length + PAGE_ROWS - 1),
      row
    )
    all.push(...page)
    if (page.length < PAGE_ROWS) return all
  }
}

const sameQuestions = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((question, index) => question === other[index])

/** The section's columns as its files have them; a language without a file keeps what is stored. */
const wantedSection = (
  section: HandbookSection,
  stored: SectionRow | undefined
): Omit<SectionRow, 'id'> => {
  const { en, es } = section.texts
  return {
    slug: section.slug,
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

const isUnchanged = (wanted: Omit<SectionRow, 'id'>, stored: SectionRow): boolean =>
  wanted.category === stored.category &&
  wanted.sort_order === stored.sort_order &&
  wanted.title_en === stored.title_en &&
  wanted.title_es === stored.title_es &&
  wanted.content_en === stored.content_en &&
  wanted.content_es === stored.content_es &&
  sameQuestions(wanted.questions_en, stored.questions_en) &&
  sameQuestions(wanted.questions_es, stored.questions_es)

type WantedPassage = {
  section_id: string
  group_id: string
  language: Language
  ordinal: number
  heading: string
  content: string
}
type PendingPassage = { row: WantedPassage; title: string; isStored: boolean }

const passageKey = (passage: { section_id: string; language: string; ordinal: number }): string =>
  `${passage.section_id} ${passage.language} ${passage.ordinal}`

/** Writes passages, with vectors where they can be had; says how many, and how many are left without. */
const writePassages = async (
  tools: SeedTools,
  pending: PendingPassage[]
): Promise<{ written: number; without: number }> => {
  const { client, embed, log } = tools
  let canEmbed = embed !== null
  let written = 0
  let without = 0
  for (const batch of chunks(pending, EMBEDDING_BATCH)) {
    const texts = batch.map(({ row, title }) =>
      embeddingInput(title, { heading: row.heading, text: row.content })
    )
    const embedded = canEmbed && embed !== null ? await embed.embed(texts) : null
    if (embedded !== null && !embedded.ok) {
      canEmbed = false
      log(`No vectors this time (${embedded.message}): search goes by words until the next start.`)
    }
    const vectors = embedded?.ok === true ? embedded : null
    // A stored passage that only lacked its vector needs no writing without one.
    const rows = batch.flatMap(({ row, isStored }, index) => {
      const vector = vectors?.vectors[index]
      if (vector === undefined && isStored) return []
      return [
        {
          ...row,
          embedding: vector === undefined ? null : JSON.stringify(vector),
          embedding_model: vector === undefined ? null : (embed?.model ?? null)
        }
      ]
    })
    if (vectors === null) without += batch.length
    if (rows.length > 0) {
      rowsOf(
        'writing passages',
        await client
          .from('manual_passages')
          .upsert(rows, { onConflict: 'section_id,language,ordinal' }),
        z.unknown()
      )
    }
    written += rows.length
    if (rows.length > 0 && pending.length > EMBEDDING_BATCH) {
      log(`  ${written} of ${pending.length} passages`)
    }
  }
  return { written, without }
}

/**
 * Brings one group up to its files: sections and passages that differ are written, passages that a
 * section's file no longer has are removed, and nothing else is: a section whose file is gone stays
 * and is named in the log.
 * @throws SeedFailed when the project refuses a request.
 */
export const seedGroup = async (
  tools: SeedTools,
  group: HandbookGroup,
  timeZone: string
): Promise<SeededGroup> => {
  const { client, log } = tools
  const groupId = await ensureGroup(client, group, timeZone)
  await ensurePolicies(client, groupId)

  const columns = Object.keys(sectionRow.shape).join()
  const storedSections = new Map(
    (await readAll(client, 'manual_sections', groupId, columns, sectionRow)).map((row) => [
      row.slug,
      row
    ])
  )
  const changed = group.sections.flatMap((section) => {
    const stored = storedSections.get(section.slug)
    const wanted = wantedSection(section, stored)
    return stored !== undefined && isUnchanged(wanted, stored)
      ? []
      : [{ ...wanted, group_id: groupId, updated_at: new Date().toISOString() }]
  })
  const sectionIds = new Map([...storedSections].map(([slug, { id }]) => [slug, id]))
  for (const rows of chunks(changed, WRITE_ROWS)) {
    const written = rowsOf(
      'writing sections',
      await client
        .from('manual_sections')
        .upsert(rows, { onConflict: 'group_id,slug' })
        .select('id,slug'),
      idRow.extend({ slug: z.string() })
    )
    for (const { id, slug } of written) sectionIds.set(slug, id)
  }

  const storedPassages = await readAll(
    client,
    'manual_passages',
    groupId,
    Object.keys(passageRow.shape).join(),
    passageRow
  )
  const { pending, surplus, total } = comparePassages(
    group,
    groupId,
    { sections: storedSections, ids: sectionIds, passages: storedPassages },
    tools.embed?.model ?? null
  )
  for (const ids of chunks(surplus, WRITE_ROWS)) {
    const removed = await client.from('manual_passages').delete().in('id', ids)
    rowsOf('removing passages', removed, z.unknown())
  }
  const { written, without } = await writePassages(tools, pending)

  const fileSlugs = new Set(group.sections.map(({ slug }) => slug))
  const kept = [...storedSections.keys()].filter((slug) => !fileSlugs.has(slug))
  if (kept.length > 0) {
    log(`${group.name}: kept ${kept.length} sections that no file has: ${kept.sort().join(', ')}`)
  }
  return {
    id: groupId,
    sections: group.sections.length,
    sectionsWritten: changed.length,
    passages: total,
    passagesWritten: written,
    withoutVector: without
  }
}

/** What the files' passages need written, and which stored ones their sections no longer have. */
const comparePassages = (
  group: HandbookGroup,
  groupId: string,
  stored: {
    sections: ReadonlyMap<string, SectionRow>
    ids: ReadonlyMap<string, string>
    passages: readonly PassageRow[]
  },
  model: string | null
): { pending: PendingPassage[]; surplus: string[]; total: number } => {
  const passages = new Map(stored.passages.map((row) => [passageKey(row), row]))
  const pending: PendingPassage[] = []
  const accountedFor = new Set<string>()
  const wantedKeys = new Set<string>()
  for (const section of group.sections) {
    const sectionId = stored.ids.get(section.slug)
    if (sectionId === undefined) throw new SeedFailed(`section ${section.slug} was not written`)
    for (const language of LANGUAGES) {
      const text = section.texts[language]
      if (text === undefined) continue
      accountedFor.add(`${sectionId} ${language}`)
      // A vector is of the title too (`embeddingInput`): a new title makes a new one.
      const isRetitled = stored.sections.get(section.slug)?.[`title_${language}`] !== text.title
      for (const { heading, text: content, ordinal } of splitIntoPassages(text.content)) {
        const row = {
          section_id: sectionId,
          group_id: groupId,
          language,
          ordinal,
          heading,
          content
        }
        const known = passages.get(passageKey(row))
        wantedKeys.add(passageKey(row))
        const isSame =
          known !== undefined &&
          known.heading === heading &&
          known.content === content &&
          !isRetitled
        const lacksVector = model !== null && known?.embedding_model !== model
        if (!isSame || lacksVector) pending.push({ row, title: text.title, isStored: isSame })
      }
    }
  }
  const surplus = stored.passages
    .filter(
      (row) =>
        accountedFor.has(`${row.section_id} ${row.language}`) && !wantedKeys.has(passageKey(row))
    )
    .map(({ id }) => id)
  return { pending, surplus, total: wantedKeys.size }
}
