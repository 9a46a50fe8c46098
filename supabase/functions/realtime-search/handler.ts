// realtime-search: one question to one restaurant's handbook. An embedding if it can be had in time, then
// one round trip to Postgres, which checks, charges, searches and decides.
import { z } from 'zod'
import type { Backend, FoundPassage } from '../_shared/backend.ts'
import type { Embeddings } from '../_shared/embedding.ts'
import { createEndpoint } from '../_shared/endpoint.ts'
import { conversationLanguageSchema, searchLanguageOf } from '../_shared/language.ts'
import type { Log } from '../_shared/log.ts'
import type { RateLimit } from '../_shared/rate-limit.ts'

/** As the kiosk's own limit; longer than this nobody asks a kitchen question. */
const QUERY_LENGTH_LIMIT = 1_000
/** Whole passages that a two- or three-sentence answer can draw on; more is paid for and not said. */
const PASSAGE_LIMIT = 3

const bodySchema = z.strictObject({
  groupId: z.uuid(),
  /** Of the conversation: refusals are in it; the query is in {@link searchLanguageOf} it. */
  language: conversationLanguageSchema,
  query: z.string().trim().min(1).max(QUERY_LENGTH_LIMIT),
  questionId: z.uuid()
})

export type SearchDependencies = {
  backend: Pick<Backend, 'verify' | 'search'>
  /** Absent when the project has no OpenAI key: keywords only. */
  embedQuestion: ((question: string, model: string) => Promise<Embeddings>) | undefined
  /** For a restaurant of which nothing is known yet. */
  embeddingModel: string
  rateLimit: RateLimit
  allowedOrigins: readonly string[]
  log: Log
}

const citationsOf = (passages: readonly FoundPassage[]) => {
  const seen = new Map<string, Pick<FoundPassage, 'slug' | 'title' | 'language' | 'anchor'>>()
  for (const { slug, title, language, anchor } of passages) {
    if (!seen.has(slug)) seen.set(slug, { slug, title, language, anchor })
  }
  return [...seen.values()]
}

/** Where a search takes 30 ms, whole milliseconds hide what a part of it takes. */
const tenths = (ms: number): number => Math.round(ms * 10) / 10

export const createHandler = ({
  backend,
  embedQuestion,
  embeddingModel,
  ...around
}: SearchDependencies) => {
  // By restaurant, as its last search said. Asking before each would be a second round trip; so the first question
  // after a change goes by its words, and the next with its vector.
  const models = new Map<string, string>()

  return createEndpoint({
    name: 'realtime-search',
    backend,
    ...around,
    bodySchema,
    work: async (caller, { groupId, language, query, questionId }) => {
      const startedMs = performance.now()
      const model = models.get(groupId) ?? embeddingModel
      const embedded = await embedQuestion?.(query, model)
      const embeddedMs = performance.now()
      const embedding = embedded?.ok === true ? (embedded.vectors[0] ?? null) : null

      const result = await backend.search(caller, {
        groupId,
        questionId,
        query,
        language: searchLanguageOf(language),
        conversationLanguage: language,
        embedding,
        embeddingModel: model,
        limit: PASSAGE_LIMIT
      })
      const about = {
        groupId,
        language,
        embeddingMs: tenths(embeddedMs - startedMs),
        databaseMs: tenths(performance.now() - embeddedMs),
        embeddingFailure:
          embedded === undefined ? 'no_key' : embedded.ok ? null : embedded.failure.reason
      }
      if (!result.ok) return { ok: false, refusal: result.refusal, log: about }

      const [best] = result.value
      // Only members get rows: there are as many entries as restaurants.
      if (best?.embeddingModel != null) models.set(groupId, best.embeddingModel)
      const decision = best?.decision ?? 'not_found'
      const passages = result.value.filter((passage) => passage.found)
      // A vector of a model that the restaurant does not answer with was not looked at.
      const method = embedding === null ? 'keyword' : (best?.method ?? 'hybrid')
      return {
        ok: true,
        body: {
          found: passages.length > 0,
          passages: passages.map(
            ({ slug, title, heading, language: written, content, context }) => ({
              slug,
              title,
              // Several headings are in the text itself.
              heading: context === content ? heading : '',
              language: written,
              text: context
            })
          ),
          citations: citationsOf(passages),
          method,
          decision,
          ...(best === undefined ? {} : { signals: best.signals })
        },
        log: {
          ...about,
          embeddingModel: model,
          method,
          decision,
          passages: passages.length,
          ...best?.signals
        }
      }
    }
  })
}
