// Embeds many texts for the seeding, with a longer timeout than a search's.
import { embed } from '../../supabase/functions/_shared/embedding.ts'

export { EMBEDDING_BATCH } from '../../supabase/functions/_shared/embedding.ts'

/** A slower service is down. */
const TIMEOUT_MS = 30_000

export type EmbedTexts = {
  readonly model: string
  /** Vectors in the order of the texts, or the reason for their absence; does not throw. */
  embed: (
    texts: readonly string[]
  ) => Promise<{ ok: true; vectors: number[][] } | { ok: false; message: string }>
}

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
