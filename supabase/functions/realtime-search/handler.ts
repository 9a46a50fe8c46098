// realtime-search: one question to one restaurant's handbook. Embeddings if they can be had in time, then one round
// trip to Postgres, which checks, charges, searches and ranks. The model decides whether the passages answer.
import { z } from 'zod'
import type { Backend, FoundPassage } from '../_shared/backend.ts'
import type { Embeddings } from '../_shared/embedding.ts'
import { createEndpoint } from '../_shared/endpoint.ts'
import { conversationLanguageSchema, searchLanguageOf } from '../_shared/language.ts'
import type { Log } from '../_shared/log.ts'
import type { RateLimit } from '../_shared/rate-limit.ts'
import { isSlug, SLUG_LENGTH_LIMIT } from '../_shared/slug.ts'

/** In characters, of the question and of its restatement; a kitchen question is shorter. The kiosk has the same limit. */
const QUESTION_LENGTH_LIMIT = 1_000
/** Sections that the model may name. The kiosk has the same limit. */
const MOST_NAMED_SECTIONS = 3
/** Passages that a two- or three-sentence answer can draw on, about 1,200 tokens together. */
const MOST_PASSAGES = 6
/** Sections near a question that was not found. */
const MOST_NEAREST = 3
/** English and Spanish prose, for the log. */
const CHARACTERS_PER_TOKEN = 4

const questionSchema = z.string().trim().min(1).max(QUESTION_LENGTH_LIMIT)

const bodySchema = z.strictObject({
  groupId: z.uuid(),
  /** Of the conversation: refusals are in it; the texts are in {@link searchLanguageOf} it. */
  language: conversationLanguageSchema,
  questionId: z.uuid(),
  /** The person's words. */
  question: questionSchema,
  /** The same as one plain sentence. */
  restated: questionSchema.optional(),
  /** Slugs from the table of contents, best first. One that does not exist is ignored, not refused. */
  sections: z.array(z.string().min(1).max(SLUG_LENGTH_LIMIT)).max(MOST_NAMED_SECTIONS).optional()
})

export type SearchDependencies = {
  backend: Pick<Backend, 'verify' | 'search'>
  /** Absent when the project has no OpenAI key: keywords only. */
  embedTexts: ((texts: readonly string[], model: string) => Promise<Embeddings>) | undefined
  /** For a restaurant of which nothing is known yet. */
  embeddingModel: string
  rateLimit: RateLimit
  allowedOrigins: readonly string[]
  log: Log
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

/** For the log: an id that has no slug's shape could be anything, even the question. */
const idsInLog = (ids: readonly string[]): string =>
  ids.map((id) => (isSlug(id) ? id : '(no slug)')).join(' ')

/** Where a search takes 30 ms, whole milliseconds hide what a part of it takes. */
const tenths = (ms: number): number => Math.round(ms * 10) / 10

export const createHandler = ({
  backend,
  embedTexts,
  embeddingModel,
  ...around
}: SearchDependencies) => {
  // By restaurant, as its last search said. Asking before each would be a second round trip; so the first question
  // after a change goes by its words, and the next with its vectors.
  const models = new Map<string, string>()

  return createEndpoint({
    name: 'realtime-search',
    backend,
    ...around,
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
      const [questionEmbedding = null, restatedEmbedding = null] =
        embedded?.ok === true ? embedded.vectors : []

      const result = await backend.search(caller, {
        groupId,
        questionId,
        question,
        restated,
        sections,
        language: searchLanguageOf(language),
        conversationLanguage: language,
        questionEmbedding,
        restatedEmbedding,
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
      // Only members get rows: there are as many entries as restaurants.
      if (best?.embeddingModel != null) models.set(groupId, best.embeddingModel)
      // A vector of a model that the restaurant does not answer with was not looked at.
      const method = questionEmbedding === null ? 'keyword' : (best?.method ?? 'hybrid')
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
