// Embeddings over HTTP, for questions (in the function) and for passages (in the seeder). Uses only
// `fetch`, so it runs in Deno and in Node.

export const EMBEDDING_MODEL = 'text-embedding-3-small'
/** Width of the vectors: the column `manual_passages.embedding` has it, too. */
export const EMBEDDING_DIMENSIONS = 1_536

export type EmbeddingOptions = {
  /** With the version, without a slash at the end: `https://api.openai.com/v1`. */
  baseUrl: string
  apiKey: string
  model: string
  dimensions?: number
  timeoutMs: number
}

export type EmbeddingFailure = {
  reason: 'timeout' | 'unreachable' | 'refused' | 'unreadable'
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
const vectorsOf = (
  body: unknown,
  count: number,
  dimensions: number | undefined
): number[][] | undefined => {
  if (!isRecord(body) || !Array.isArray(body.data)) return undefined
  const vectors: (number[] | undefined)[] = Array.from({ length: count })
  for (const [place, entry] of body.data.entries()) {
    if (!isRecord(entry)) return undefined
    const index = typeof entry.index === 'number' ? entry.index : place
    const vector = entry.embedding
    if (!isVector(vector) || index < 0 || index >= count) return undefined
    // A service that ignored the width would fail the whole search at the database.
    if (dimensions !== undefined && vector.length !== dimensions) return undefined
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
  { baseUrl, apiKey, model, dimensions, timeoutMs }: EmbeddingOptions
): Promise<Embeddings> => {
  if (texts.length === 0) return { ok: true, vectors: [] }
  try {
    const response = await fetch(`${baseUrl}/embeddings`, {
      method: 'POST',
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        model,
        input: texts,
        encoding_format: 'float',
        ...(dimensions === undefined ? {} : { dimensions })
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
