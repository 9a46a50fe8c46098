// Writes planned sections as drafts, with vectors for what has none yet. It goes through them in small groups, each
// embedded and then saved, so that an import that is ended loses a group at most and goes on behind the last one.
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

/** Sections of which it is asked at once what they lack: some hundred kilobytes. */
const ASKED_AT_ONCE = 50
/** Between two lines of progress, in sections. */
const SECTIONS_PER_LINE = 50

export type SavedDrafts = {
  /** Versions to publish: the new drafts, and those that waited. */
  draftIds: string[]
  written: number
  embedded: number
  /** Passages that still have no vector. */
  withoutVector: number
}

const lackingRow = z.object({ slug: z.string(), language: languageSchema, ordinal: z.int() })

type Lacking = { section: PlannedSection; passage: TextPassage }

const titleIn = ({ text }: PlannedSection, { language }: TextPassage): string =>
  text[`title_${language}`] ?? ''

/** Passages of these sections that have no vector in the project. */
const lackingOf = async (
  { client, scope }: Project,
  model: string,
  sections: readonly PlannedSection[]
): Promise<Lacking[]> => {
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
    z.array(lackingRow)
  )
  const key = (slug: string, language: string, ordinal: number): string =>
    `${slug} ${language} ${ordinal}`
  const lacking = new Set(rows.map(({ slug, language, ordinal }) => key(slug, language, ordinal)))
  return sections.flatMap((section) =>
    section.passages
      .filter(({ language, ordinal }) => lacking.has(key(section.slug, language, ordinal)))
      .map((passage) => ({ section, passage }))
  )
}

type Vectors = Map<TextPassage, number[]>

/** Sections in groups that need one request for vectors, or a few for one long section. */
const groupsOf = (
  sections: readonly PlannedSection[],
  lacking: readonly Lacking[]
): { sections: PlannedSection[]; lacking: Lacking[] }[] => {
  const own = Map.groupBy(lacking, ({ section }) => section)
  const groups: { sections: PlannedSection[]; lacking: Lacking[] }[] = []
  for (const section of sections) {
    const more = own.get(section) ?? []
    const last = groups.at(-1)
    if (last === undefined || last.lacking.length + more.length > EMBEDDING_BATCH) {
      groups.push({ sections: [section], lacking: [...more] })
    } else {
      last.sections.push(section)
      last.lacking.push(...more)
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
 * Saves every section that is not as it should be, or lacks vectors that it could have.
 * @throws ProjectRequestError; what was saved before stays, as drafts
 */
export const saveDrafts = async (
  project: Project,
  planned: readonly PlannedSection[],
  say: (line: string) => void
): Promise<SavedDrafts> => {
  let embed: EmbedTexts | null = project.embed
  let isServerAsked = embed === null
  if (isServerAsked) say('No OPENAI_API_KEY here: new passages get their vectors from the project.')
  const draftIds: string[] = []
  let written = 0
  let embedded = 0
  let withoutVector = 0
  let done = 0
  let said = 0

  const embedAll = async (lacking: readonly Lacking[]): Promise<Vectors> => {
    const vectors: Vectors = new Map()
    for (const batch of chunks(lacking, EMBEDDING_BATCH)) {
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
    withoutVector += lacking.length - vectors.size
    return vectors
  }

  /** True when the project has saved it with the server's key. */
  const savedThere = async (section: PlannedSection, lacking: number): Promise<boolean> => {
    if (!isServerAsked || lacking === 0) return false
    const saved = await saveDraftOnServer(project, section)
    if (!saved.ok) {
      isServerAsked = false
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

  for (const asked of chunks(planned, ASKED_AT_ONCE)) {
    const lacking = await lackingOf(project, project.embeddingModel, asked)
    for (const group of groupsOf(asked, lacking)) {
      const vectors = await embedAll(group.lacking)
      for (const section of group.sections) {
        const isDone =
          section.state === 'drafted' || (section.state === 'unchanged' && !section.leavesDraft)
        const hasVectors = section.passages.some((passage) => vectors.has(passage))
        const own = group.lacking.filter((one) => one.section === section).length
        if (await savedThere(section, own)) {
          if (!isDone) written += 1
        } else if (!isDone || hasVectors) {
          const id = await saveDraft(project, section, vectors)
          if (id !== null) draftIds.push(id)
          if (!isDone) written += 1
        } else if (section.draftId !== null) {
          draftIds.push(section.draftId)
        }
        done += 1
        if (done - said >= SECTIONS_PER_LINE || (done === planned.length && said > 0)) {
          said = done
          say(`${done} of ${planned.length} sections, ${written} drafted, ${embedded} vectors`)
        }
      }
    }
  }
  return { draftIds, written, embedded, withoutVector }
}
