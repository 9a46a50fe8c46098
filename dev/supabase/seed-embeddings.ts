// The seeding's view of the embedding service: many texts at once, and patient, where a search sends
// one and cannot wait.
import { embed } from '../../supabase/functions/_shared/embedding.ts'

export { EMBEDDING_BATCH } from '../../supabase/functions/_shared/embedding.ts'

/** Nobody waits for an answer here; a service that is slower than this is down. */
const TIMEOUT_MS = 30_000

export type EmbedTexts = {
  readonly model: string
  /** Vectors in the order of the texts, or why there are none; never throws for the service's failures. */
  embed: (
    texts: readonly string[]
  ) => Promise<{ ok: true; vectors: number[][] } | { ok: false; message: string }>
}

/** A brand says with which model. */
export type EmbedWith = (model: string) => EmbedTexts

/**
 * @param baseUrl with the version: `https://api.openai.com/v1`.
 * @param model one of EMBEDDING_MODELS (supabase/functions/_shared/embedding.ts)
 */
export const createEmbedTexts = (baseUrl: string, apiKey: string, model: string): EmbedTexts => ({
  model,
  embed: async (texts) => {
    const embedded = await embed(texts, {
      baseUrl: baseUrl.replace(/\/+$/, ''),
      apiKey,
      model,
      timeoutMs: TIMEOUT_MS
    })
    if (embedded.ok) return embedded
    const { reason, status } = embedded.failure
    const answered = status === undefined ? '' : ` with ${status}`
    return { ok: false, message: `the embedding service ${reason}${answered}` }
  }
})
