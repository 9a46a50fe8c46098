// Embeds texts over HTTP, for questions in the functions (Deno) and for passages in the seeder (Node).
import { z } from 'zod'
import { readJson } from './read-json.ts'

/** A brand's first model; `organisations.embedding_model` has the same default. */
export const EMBEDDING_MODEL = 'text-embedding-3-small'
/** The only width that the vector index takes (manual_embeddings_binary_hnsw). */
export const EMBEDDING_DIMENSIONS = 1_536

/** Texts per request: about 20,000 tokens, far below the service's limits, and 2 MB of rows to write. */
export const EMBEDDING_BATCH = 64

/** The models that a brand can use, with the width that each request asks for. */
const MODELS: ReadonlyMap<string, number> = new Map([
  [EMBEDDING_MODEL, EMBEDDING_DIMENSIONS],
  // Its own width is 3,072; the service shortens to the requested one.
  ['text-embedding-3-large', EMBEDDING_DIMENSIONS]
])
export const EMBEDDING_MODELS: readonly string[] = [...MODELS.keys()]
/** Undefined for a model that no brand can use. */
export const embeddingWidth = (model: string): number | undefined => MODELS.get(model)

type EmbeddingOptions = {
  /** With the version, without a slash at the end: `https://api.openai.com/v1`. */
  baseUrl: string
  apiKey: string
  /** One of {@link EMBEDDING_MODELS}. */
  model: string
  timeoutMs: number
}

type EmbeddingFailure = {
  /** `unknown_model`: the model is not in this table, and no request was sent. */
  reason: 'timeout' | 'unreachable' | 'refused' | 'unreadable' | 'unknown_model'
  /** HTTP status where there was an answer. */
  status?: number
}
export type Embeddings =
  | { ok: true; vectors: number[][] }
  | { ok: false; failure: EmbeddingFailure }

const failed = (reason: EmbeddingFailure['reason'], status?: number): Embeddings => ({
  ok: false,
  failure: status === undefined ? { reason } : { reason, status }
})

const answerSchema = z.object({
  data: z.array(z.object({ index: z.int().optional(), embedding: z.array(z.number()) }))
})

/** The vectors in the order of the texts: the answer carries an index and promises no order. */
const vectorsIn = (text: string, count: number, dimensions: number): number[][] | undefined => {
  const answer = answerSchema.safeParse(readJson(text))
  if (!answer.success) return undefined
  const byIndex = new Map(answer.data.data.map((one, at) => [one.index ?? at, one.embedding]))
  const vectors = Array.from({ length: count }, (_, at) => byIndex.get(at) ?? [])
  // A service that ignores the width would fail the whole search at the database.
  return vectors.every(({ length }) => length === dimensions) ? vectors : undefined
}

/** Embeds texts in one request. Does not throw: a search works without vectors. */
export const embed = async (
  texts: readonly string[],
  { baseUrl, apiKey, model, timeoutMs }: EmbeddingOptions
): Promise<Embeddings> => {
  if (texts.length === 0) return { ok: true, vectors: [] }
  const dimensions = embeddingWidth(model)
  if (dimensions === undefined) return failed('unknown_model')
  try {
    const response = await fetch(`${baseUrl}/embeddings`, {
      method: 'POST',
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model, input: texts, encoding_format: 'float', dimensions }),
      signal: AbortSignal.timeout(timeoutMs)
    })
    if (!response.ok) {
      await response.body?.cancel()
      return failed('refused', response.status)
    }
    const vectors = vectorsIn(await response.text(), texts.length, dimensions)
    return vectors === undefined ? failed('unreadable', response.status) : { ok: true, vectors }
  } catch (error) {
    const isTimeout = error instanceof Error && error.name === 'TimeoutError'
    return failed(isTimeout ? 'timeout' : 'unreachable')
  }
}

/**
 * Embeds texts with a model; undefined where the project has no OpenAI key.
 * @param spentMs already spent of the time limit
 */
export type EmbedTexts =
  | ((texts: readonly string[], model: string, spentMs?: number) => Promise<Embeddings>)
  | undefined

export const createEmbedTexts = (
  service: { openaiBaseUrl: string; openaiApiKey: string | undefined },
  timeoutMs: number
): EmbedTexts => {
  const { openaiBaseUrl: baseUrl, openaiApiKey: apiKey } = service
  if (apiKey === undefined) return undefined
  return (texts, model, spentMs = 0) =>
    embed(texts, { baseUrl, apiKey, model, timeoutMs: Math.max(timeoutMs - spentMs, 0) })
}

/**
 * The mean of vectors of one length; null without any. Its cosine ranks passages as the sum of both texts' cosines, so
 * two texts are searched as fast as one.
 */
export const meanVector = (vectors: readonly (readonly number[])[]): readonly number[] | null => {
  const [first, ...others] = vectors
  if (first === undefined) return null
  return first.map(
    (value, index) =>
      others.reduce((sum, vector) => sum + (vector[index] ?? 0), value) / vectors.length
  )
}
