// Handles realtime-search: embeds a question where time allows, then searches a restaurant's handbook in one round trip
// to Postgres, which checks, charges, searches and ranks. The model judges the passages.
import { z } from 'zod'
import type { Backend, FoundPassage } from '../_shared/backend.ts'
import { type EmbedTexts, meanVector } from '../_shared/embedding.ts'
import { createEndpoint, type EndpointSettings } from '../_shared/endpoint.ts'
import { conversationLanguageSchema, searchLanguageOf } from '../_shared/language.ts'
import { isSlug, SLUG_LENGTH_LIMIT } from '../_shared/slug.ts'

/** In characters, for the question and for its restatement. The kiosk has the same limit. */
const QUESTION_LENGTH_LIMIT = 1_000
/** Sections that the model can name. The kiosk has the same limit. */
const MOST_NAMED_SECTIONS = 3
/** Enough for an answer of two or three sentences; about 1,200 tokens together. */
const MOST_PASSAGES = 6
/** Sections near a question without a passage. */
const MOST_NEAREST = 3
/** For English and Spanish prose; only for the log. */
const CHARACTERS_PER_TOKEN = 4

const questionSchema = z.string().trim().min(1).max(QUESTION_LENGTH_LIMIT)

const bodySchema = z.strictObject({
  groupId: z.uuid(),
  /** Of the conversation and of refusals; the texts are in its {@link searchLanguageOf}. */
  language: conversationLanguageSchema,
  questionId: z.uuid(),
  /** The person's words. */
  question: questionSchema,
  /** The same as one plain sentence. */
  restated: questionSchema.optional(),
  /** Slugs from the table of contents, best first; an unknown slug is ignored. */
  sections: z.array(z.string().min(1).max(SLUG_LENGTH_LIMIT)).max(MOST_NAMED_SECTIONS).optional()
})

type SearchDependencies = EndpointSettings & {
  backend: Pick<Backend, 'verify' | 'search'>
  /** Undefined without an OpenAI key: keywords only. */
  embedTexts: EmbedTexts
  /** For a restaurant's first question. */
  embeddingModel: string
}

const citationOf = ({ slug, title, language, anchor }: FoundPassage) => ({
  slug,
  title,
  language,
  anchor
})

/** Each section once, at the place of its first passage. */
const firstOfEachSection = (passages: readonly FoundPassage[]): FoundPassage[] => {
  const bySlug = new Map<string, FoundPassage>()
  for (const passage of passages) {
    if (!bySlug.has(passage.slug)) bySlug.set(passage.slug, passage)
  }
  return [...bySlug.values()]
}

/** For the log: an id without a slug's shape could be the question. */
const idsInLog = (ids: readonly string[]): string =>
  ids.map((id) => (isSlug(id) ? id : '(no slug)')).join(' ')

/** A search takes 30 ms, so whole milliseconds would hide its parts. */
const tenths = (ms: number): number => Math.round(ms * 10) / 10

export const createHandler = ({
  backend,
  embedTexts,
  embeddingModel,
  ...settings
}: SearchDependencies) => {
  // By restaurant, from its last search: a lookup would be a second round trip. The first question after a change of
  // the model is searched by its words.
  const models = new Map<string, string>()

  return createEndpoint({
    name: 'realtime-search',
    backend,
    ...settings,
    bodySchema,
    work: async (caller, { groupId, language, questionId, question, ...said }) => {
      const restated = said.restated === question ? null : (said.restated ?? null)
      const sections = [...new Set(said.sections)]
      const model = models.get(groupId) ?? embeddingModel

      const startedMs = performance.now()
      const embedded = await embedTexts?.(
        restated === null ? [question] : [question, restated],
        model
      )
      const embeddedMs = performance.now()
      const embedding = embedded?.ok === true ? meanVector(embedded.vectors) : null

      const result = await backend.search(caller, {
        groupId,
        questionId,
        question,
        restated,
        sections,
        language: searchLanguageOf(language),
        conversationLanguage: language,
        embedding,
        embeddingModel: model
      })
      const about = {
        groupId,
        language,
        isRestated: restated !== null,
        sections: sections.length,
        embeddingMs: tenths(embeddedMs - startedMs),
        databaseMs: tenths(performance.now() - embeddedMs),
        embeddingFailure:
          embedded === undefined ? 'no_key' : embedded.ok ? null : embedded.failure.reason
      }
      if (!result.ok) return { ok: false, refusal: result.refusal, log: about }

      const [best] = result.value
      // Only members get rows, so the map holds one entry per restaurant.
      if (best?.embeddingModel != null) models.set(groupId, best.embeddingModel)
      // Without rows the database reports no method.
      const method = embedding === null ? 'keyword' : (best?.method ?? 'hybrid')
      const passages = result.value.filter(({ isGiven }) => isGiven).slice(0, MOST_PASSAGES)
      const found = passages.length > 0
      const nearest = found ? [] : firstOfEachSection(result.value).slice(0, MOST_NEAREST)
      const known = new Set(result.value.filter(({ isNamed }) => isNamed).map(({ slug }) => slug))
      const ignored = sections.filter((slug) => !known.has(slug))
      const named = sections.length - ignored.length
      const characters = passages.reduce((sum, { content }) => sum + content.length, 0)
      return {
        ok: true,
        body: {
          found,
          passages: passages.map((passage) => ({
            ...citationOf(passage),
            heading: passage.heading,
            text: passage.content,
            needsManager: passage.needsManager
          })),
          nearest: nearest.map(citationOf),
          named,
          method
        },
        log: {
          ...about,
          embeddingModel: model,
          method,
          found,
          named,
          ignored: ignored.length,
          ignoredIds: idsInLog(ignored),
          passages: passages.length,
          passageTokens: Math.ceil(characters / CHARACTERS_PER_TOKEN),
          nearest: nearest.length
        }
      }
    }
  })
}
