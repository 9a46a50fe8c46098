// Writes planned sections as drafts and embeds passages without a vector. It embeds and saves small groups, so a stopped
// import loses one group at most.
import { z } from 'zod'
import { chunks } from '../../dev/chunks.ts'
import { EMBEDDING_BATCH, type EmbedTexts } from '../../dev/supabase/seed-embeddings.ts'
import { languageSchema } from '../../src/shared/language.ts'
import { embeddingInput } from '../../supabase/functions/_shared/passages.ts'
import type { TextPassage } from '../../supabase/functions/_shared/section-passages.ts'
import type { PlannedSection } from './import-plan.ts'
import type { Project } from './project.ts'
import { callFunction, unwrapResponse } from './project-requests.ts'
import { saveDraftOnServer } from './save-draft-on-server.ts'

/** Sections in one request for missing vectors: some hundred kilobytes. */
const SECTIONS_PER_REQUEST = 50
const SECTIONS_PER_LINE = 50

export type SavedDrafts = {
  /** Versions to publish: new drafts and unchanged ones. */
  draftIds: string[]
  written: number
  embedded: number
  /** Passages. */
  withoutVector: number
}

const missingRow = z.object({ slug: z.string(), language: languageSchema, ordinal: z.int() })

type Missing = { section: PlannedSection; passage: TextPassage }

const titleIn = ({ text }: PlannedSection, { language }: TextPassage): string =>
  text[`title_${language}`] ?? ''

const missingVectors = async (
  { client, scope }: Project,
  model: string,
  sections: readonly PlannedSection[]
): Promise<Missing[]> => {
  const rows = unwrapResponse(
    'Asking what has no vector',
    await callFunction(client, 'passages_to_embed', {
      _organisation_id: scope.organisationId,
      _group_id: scope.groupId,
      _embedding_model: model,
      _sections: sections.map(({ slug, text, passages }) => ({
        slug,
        title_en: text.title_en,
        title_es: text.title_es,
        passages
      }))
    }),
    z.array(missingRow)
  )
  const key = (slug: string, language: string, ordinal: number): string =>
    `${slug} ${language} ${ordinal}`
  const missing = new Set(rows.map(({ slug, language, ordinal }) => key(slug, language, ordinal)))
  return sections.flatMap((section) =>
    section.passages
      .filter(({ language, ordinal }) => missing.has(key(section.slug, language, ordinal)))
      .map((passage) => ({ section, passage }))
  )
}

type Vectors = Map<TextPassage, number[]>

/** Groups sections that fit into one embeddings request. A long section is a group of its own. */
const groupSections = (
  sections: readonly PlannedSection[],
  missing: readonly Missing[]
): { sections: PlannedSection[]; missing: Missing[] }[] => {
  const own = Map.groupBy(missing, ({ section }) => section)
  const groups: { sections: PlannedSection[]; missing: Missing[] }[] = []
  for (const section of sections) {
    const more = own.get(section) ?? []
    const last = groups.at(-1)
    if (last === undefined || last.missing.length + more.length > EMBEDDING_BATCH) {
      groups.push({ sections: [section], missing: [...more] })
    } else {
      last.sections.push(section)
      last.missing.push(...more)
    }
  }
  return groups
}

const saveDraft = async (
  { client, scope, embed }: Project,
  { slug, text, passages, basedOn, source }: PlannedSection,
  vectors: Vectors
): Promise<string | null> => {
  const { category, sort_order, ...texts } = text
  return unwrapResponse(
    `Drafting the section ${slug}`,
    await callFunction(client, 'save_draft', {
      _organisation_id: scope.organisationId,
      _group_id: scope.groupId,
      _slug: slug,
      _category: category,
      _sort_order: sort_order,
      _texts: texts,
      _passages: passages.map((passage) => {
        const vector = vectors.get(passage)
        // pgvector reads its text form.
        return { ...passage, embedding: vector === undefined ? null : JSON.stringify(vector) }
      }),
      _embedding_model: embed?.model ?? null,
      _source: source,
      _based_on: basedOn
    }),
    z.uuid().nullable()
  )
}

/**
 * Saves sections that have changed or miss vectors.
 * @throws ProjectRequestError; sections that are already saved stay drafts
 */
export const saveDrafts = async (
  project: Project,
  planned: readonly PlannedSection[],
  say: (line: string) => void
): Promise<SavedDrafts> => {
  let embed: EmbedTexts | null = project.embed
  let usesServer = embed === null
  if (usesServer) say('No OPENAI_API_KEY here: new passages get their vectors from the project.')
  const draftIds: string[] = []
  let written = 0
  let embedded = 0
  let withoutVector = 0
  let done = 0
  let reported = 0

  const embedAll = async (missing: readonly Missing[]): Promise<Vectors> => {
    const vectors: Vectors = new Map()
    for (const batch of chunks(missing, EMBEDDING_BATCH)) {
      if (embed === null) break
      const answer = await embed.embed(
        batch.map(({ section, passage }) =>
          embeddingInput(titleIn(section, passage), {
            heading: passage.heading,
            text: passage.content
          })
        )
      )
      if (!answer.ok) {
        say(`No more vectors this time (${answer.message}); the next import adds what is lacking.`)
        embed = null
        break
      }
      for (const [at, { passage }] of batch.entries()) {
        const vector = answer.vectors[at]
        if (vector !== undefined) vectors.set(passage, vector)
      }
    }
    embedded += vectors.size
    withoutVector += missing.length - vectors.size
    return vectors
  }

  /** True when the edge function has saved the section. */
  const savedOnServer = async (section: PlannedSection, missing: number): Promise<boolean> => {
    if (!usesServer || missing === 0) return false
    const saved = await saveDraftOnServer(project, section)
    if (!saved.ok) {
      usesServer = false
      say(
        `The project has no function for it: passages get no vectors, and are found by their words only.`
      )
      return false
    }
    if (saved.versionId !== null) draftIds.push(saved.versionId)
    embedded += saved.embedded
    withoutVector -= saved.embedded
    return true
  }

  for (const part of chunks(planned, SECTIONS_PER_REQUEST)) {
    const missing = await missingVectors(project, project.embeddingModel, part)
    for (const group of groupSections(part, missing)) {
      const vectors = await embedAll(group.missing)
      for (const section of group.sections) {
        const isDone =
          section.state === 'drafted' || (section.state === 'unchanged' && !section.leavesDraft)
        const hasVectors = section.passages.some((passage) => vectors.has(passage))
        const own = group.missing.filter((one) => one.section === section).length
        if (await savedOnServer(section, own)) {
          if (!isDone) written += 1
        } else if (!isDone || hasVectors) {
          const id = await saveDraft(project, section, vectors)
          if (id !== null) draftIds.push(id)
          if (!isDone) written += 1
        } else if (section.draftId !== null) {
          draftIds.push(section.draftId)
        }
        done += 1
        if (done - reported >= SECTIONS_PER_LINE || (done === planned.length && reported > 0)) {
          reported = done
          say(`${done} of ${planned.length} sections, ${written} drafted, ${embedded} vectors`)
        }
      }
    }
  }
  return { draftIds, written, embedded, withoutVector }
}
