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
  sections: z.array(z.string().min(1).max(SLUG_LENGTH_LIMIT)).max(MOST_NAMED_SECTIONS).optional(),
  /** For words of a question that is still spoken: neither charged nor recorded, and limited by the day. */
  isEarly: z.boolean().default(false)
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
  /** Null where nothing was embedded. */
  trust: Trust | null
}

/** A brand changes its embedding model rarely; until then its vectors are ignored, and words are searched. */
const TRUST_MS = 5 * 60_000
/** Accounts in memory; the one that asked first is dropped first. */
const TRUST_LIMIT = 10_000

type Trust = { model: string; untilMs: number }

/**
 * An embedding costs money, so a question is charged before it is embedded. After a charge, the next question of the same
 * account is embedded at once, and its search charges it: one round trip less. While one such question is under way, and
 * after a refusal, the account is not trusted.
 */
const createEmbedding = ({
  backend,
  embedTexts
}: Pick<SearchDependencies, 'backend' | 'embedTexts'>) => {
  const trusted = new Map<string, Trust>()
  const keyOf = ({ userId }: Caller, groupId: string) => `${userId} ${groupId}`

  const embedWith = async (
    texts: readonly string[],
    model: string,
    chargeMs: number
  ): Promise<Embedded> => {
    const startedMs = performance.now()
    const embedded = await embedTexts?.(texts, model, chargeMs)
    const vector = embedded?.ok === true ? meanVector(embedded.vectors) : null
    return {
      embedding: vector === null ? null : { vector, model },
      failure: embedded === undefined || embedded.ok ? null : embedded.failure.reason,
      chargeMs,
      embeddingMs: performance.now() - startedMs,
      trust: { model, untilMs: startedMs + TRUST_MS }
    }
  }
  const without = (failure: string, chargeMs: number): Embedded => ({
    embedding: null,
    failure,
    chargeMs,
    embeddingMs: 0,
    trust: null
  })

  return {
    embed: async (
      caller: Caller,
      { groupId, questionId, isEarly }: Pick<Search, 'groupId' | 'questionId' | 'isEarly'>,
      texts: readonly string[]
    ): Promise<Result<Embedded>> => {
      if (embedTexts === undefined) return { ok: true, value: without('no_key', 0) }
      const key = keyOf(caller, groupId)
      const trust = trusted.get(key)
      trusted.delete(key)
      if (trust !== undefined && performance.now() < trust.untilMs) {
        return { ok: true, value: await embedWith(texts, trust.model, 0) }
      }
      if (isEarly) return { ok: true, value: without('not_charged', 0) }
      const startedMs = performance.now()
      const charged = await backend.charge(caller, { groupId, questionId })
      if (!charged.ok) return charged
      const chargeMs = performance.now() - startedMs
      return {
        ok: true,
        value:
          charged.value === null
            ? without('late_charge', chargeMs)
            : await embedWith(texts, charged.value, chargeMs)
      }
    },
    /** The search of the question succeeded. */
    trust: (caller: Caller, groupId: string, { trust }: Embedded) => {
      if (trust === null) return
      trusted.set(keyOf(caller, groupId), trust)
      for (const key of trusted.keys()) {
        if (trusted.size <= TRUST_LIMIT) break
        trusted.delete(key)
      }
    }
  }
}

export const createHandler = ({ backend, embedTexts, ...settings }: SearchDependencies) => {
  const embedding = createEmbedding({ backend, embedTexts })
  return createEndpoint({
    name: 'realtime-search',
    backend,
    ...settings,
    bodySchema,
    work: async (caller, { groupId, language, questionId, question, ...said }) => {
      const restated = said.restated === question ? null : (said.restated ?? null)
      const sections = [...new Set(said.sections)]
      const embedded = await embedding.embed(
        caller,
        { groupId, questionId, isEarly: said.isEarly },
        restated === null ? [question] : [question, restated]
      )
      if (!embedded.ok) return { ...embedded, log: { groupId, language } }
      const { embedding: vector, failure, chargeMs, embeddingMs } = embedded.value
      const embeddedMs = performance.now()
      const result = await backend.search(caller, {
        groupId,
        questionId,
        question,
        restated,
        sections,
        language: searchLanguageOf(language),
        conversationLanguage: language,
        embedding: vector,
        isEarly: said.isEarly
      })
      const about = {
        groupId,
        language,
        isEarly: said.isEarly,
        isRestated: restated !== null,
        sections: sections.length,
        chargeMs: tenths(chargeMs),
        embeddingMs: tenths(embeddingMs),
        databaseMs: tenths(performance.now() - embeddedMs),
        embeddingFailure: failure
      }
      if (!result.ok) return { ok: false, refusal: result.refusal, log: about }
      embedding.trust(caller, groupId, embedded.value)

      const [best] = result.value
      // Without rows the database reports no method.
      const method = vector === null ? 'keyword' : (best?.method ?? 'hybrid')
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
          embeddingModel: vector?.model ?? null,
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
