// Handles realtime-search: charges a question, embeds it where time allows, then searches a restaurant's handbook in one
// round trip to Postgres. The model judges the passages.
import { z } from 'zod'
import type { Backend, Caller, FoundPassage, Search } from '../_shared/backend.ts'
import { type EmbedTexts, meanVector } from '../_shared/embedding.ts'
import { createEndpoint, type EndpointSettings } from '../_shared/endpoint.ts'
import { conversationLanguageSchema, searchLanguageOf } from '../_shared/language.ts'
import type { Result } from '../_shared/refusals.ts'
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
  backend: Pick<Backend, 'verify' | 'charge' | 'search'>
  /** Undefined without an OpenAI key: keywords only. */
  embedTexts: EmbedTexts
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

type Embedded = {
  embedding: Search['embedding']
  /** Null for an embedded question; for the log. */
  failure: string | null
  chargeMs: number
  embeddingMs: number
}

/** An embedding costs money, so only a charged question gets one. Without a key the search alone charges. */
const chargeAndEmbed = async (
  { backend, embedTexts }: Pick<SearchDependencies, 'backend' | 'embedTexts'>,
  caller: Caller,
  question: Pick<Search, 'groupId' | 'questionId'>,
  texts: readonly string[]
): Promise<Result<Embedded>> => {
  const without = (failure: string, chargeMs: number): Result<Embedded> => ({
    ok: true,
    value: { embedding: null, failure, chargeMs, embeddingMs: 0 }
  })
  if (embedTexts === undefined) return without('no_key', 0)
  const startedMs = performance.now()
  const charged = await backend.charge(caller, question)
  if (!charged.ok) return charged
  const chargeMs = performance.now() - startedMs
  const model = charged.value
  if (model === null) return without('late_charge', chargeMs)
  const embedded = await embedTexts(texts, model, chargeMs)
  const vector = embedded.ok ? meanVector(embedded.vectors) : null
  return {
    ok: true,
    value: {
      embedding: vector === null ? null : { vector, model },
      failure: embedded.ok ? null : embedded.failure.reason,
      chargeMs,
      embeddingMs: performance.now() - startedMs - chargeMs
    }
  }
}

export const createHandler = ({ backend, embedTexts, ...settings }: SearchDependencies) =>
  createEndpoint({
    name: 'realtime-search',
    backend,
    ...settings,
    bodySchema,
    work: async (caller, { groupId, language, questionId, question, ...said }) => {
      const restated = said.restated === question ? null : (said.restated ?? null)
      const sections = [...new Set(said.sections)]
      const embedded = await chargeAndEmbed(
        { backend, embedTexts },
        caller,
        { groupId, questionId },
        restated === null ? [question] : [question, restated]
      )
      if (!embedded.ok) return { ...embedded, log: { groupId, language } }
      const { embedding, failure, chargeMs, embeddingMs } = embedded.value
      const embeddedMs = performance.now()
      const result = await backend.search(caller, {
        groupId,
        questionId,
        question,
        restated,
        sections,
        language: searchLanguageOf(language),
        conversationLanguage: language,
        embedding
      })
      const about = {
        groupId,
        language,
        isRestated: restated !== null,
        sections: sections.length,
        chargeMs: tenths(chargeMs),
        embeddingMs: tenths(embeddingMs),
        databaseMs: tenths(performance.now() - embeddedMs),
        embeddingFailure: failure
      }
      if (!result.ok) return { ok: false, refusal: result.refusal, log: about }

      const [best] = result.value
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
          embeddingModel: embedding?.model ?? null,
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
