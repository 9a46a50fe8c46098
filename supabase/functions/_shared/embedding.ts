// Embeddings over HTTP, for questions (in the function) and for passages (in the seeder). Uses only
// `fetch`, so it runs in Deno and in Node.

/** What a brand answers with until it changes (`organisations.embedding_model` has the same default). */
export const EMBEDDING_MODEL = 'text-embedding-3-small'
/** Width of the vectors: the index over their signs takes no other (manual_embeddings_binary_hnsw). */
export const EMBEDDING_DIMENSIONS = 1_536

/** Texts per request: about 20,000 tokens, far below the service's limits, and 2 MB of rows to write. */
export const EMBEDDING_BATCH = 64

/** The models that a brand can answer with, and the width that each is asked for: one with another is not among them. */
const MODELS: ReadonlyMap<string, number> = new Map([
  [EMBEDDING_MODEL, EMBEDDING_DIMENSIONS],
  // 3,072 of its own; the service shortens them to what it is asked for.
  ['text-embedding-3-large', EMBEDDING_DIMENSIONS]
])
export const EMBEDDING_MODELS: readonly string[] = [...MODELS.keys()]
/** Undefined for a model that no brand can answer with. */
export const embeddingWidth = (model: string): number | undefined => MODELS.get(model)

export type EmbeddingOptions = {
  /** With the version, without a slash at the end: `https://api.openai.com/v1`. */
  baseUrl: string
  apiKey: string
  /** One of {@link EMBEDDING_MODELS}. */
  model: string
  timeoutMs: number
}

export type EmbeddingFailure = {
  /** `unknown_model`: the brand's, which is not in this table; the service was not asked. */
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

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null

const isVector = (value: unknown): value is number[] =>
  Array.isArray(value) && value.length > 0 && value.every((part) => Number.isFinite(part))

/** The vectors in the order of the texts: the answer carries an index and promises no order. */
const vectorsOf = (body: unknown, count: number, dimensions: number): number[][] | undefined => {
  if (!isRecord(body) || !Array.isArray(body.data)) return undefined
  const vectors: (number[] | undefined)[] = Array.from({ length: count })
  for (const [place, entry] of body.data.entries()) {
    if (!isRecord(entry)) return undefined
    const index = typeof entry.index === 'number' ? entry.index : place
    const vector = entry.embedding
    if (!isVector(vector) || index < 0 || index >= count) return undefined
    // A service that ignored the width would fail the whole search at the database.
    if (vector.length !== dimensions) return undefined
    vectors[index] = vector
  }
  const whole = vectors.filter((vector) => vector !== undefined)
  return whole.length === count ? whole : undefined
}

/**
 * Embeds texts in one request. Never throws for what the network or the service does: a search without
 * vectors is still a search.
 */
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
      body: JSON.stringify({
        model,
        input: texts,
        encoding_format: 'float',
        dimensions
      }),
      signal: AbortSignal.timeout(timeoutMs)
    })
    if (!response.ok) {
      await response.body?.cancel()
      return failed('refused', response.status)
    }
    const text = await response.text()
    let body: unknown
    try {
      body = JSON.parse(text)
    } catch {
      return failed('unreadable', response.status)
    }
    const vectors = vectorsOf(body, texts.length, dimensions)
    return vectors === undefined ? failed('unreadable', response.status) : { ok: true, vectors }
  } catch (error) {
    const isTimeout = error instanceof Error && error.name === 'TimeoutError'
    return failed(isTimeout ? 'timeout' : 'unreachable')
  }
}

/**
 * The mean of vectors of one length: what is ranked by its cosine is ranked by the mean of theirs, so that two texts
 * are searched as fast as one. Null for no vectors.
 */
export const meanVector = (vectors: readonly (readonly number[])[]): readonly number[] | null => {
  const [first, ...others] = vectors
  if (first === undefined) return null
  return first.map(
    (value, index) =>
      others.reduce((sum, vector) => sum + (vector[index] ?? 0), value) / vectors.length
  )
}
