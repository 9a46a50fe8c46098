// Makes the vectors of an evaluation: with the real service where there is a key, else with the local stand-in.
import { chunks } from '../../dev/chunks.ts'
import { embed as embedLocally } from '../../dev/openai/lexical-embeddings.ts'
import { createEmbedTexts, type EmbedTexts } from '../../dev/supabase/seed-embeddings.ts'
import {
  EMBEDDING_DIMENSIONS,
  EMBEDDING_MODEL
} from '../../supabase/functions/_shared/embedding.ts'

const OPENAI_URL = 'https://api.openai.com/v1'

/** The service and its key, or null. A key of the local stack does not count. */
export const realService = ({
  OPENAI_API_KEY = '',
  OPENAI_BASE_URL = ''
}: NodeJS.ProcessEnv): { url: string; key: string } | null => {
  const key = OPENAI_API_KEY.trim()
  const url = (OPENAI_BASE_URL.trim() || OPENAI_URL).replace(/\/+$/, '')
  return key === '' || key.startsWith('sk-local-') ? null : { url, key }
}

export const embeddingSource = (
  environment: NodeJS.ProcessEnv
): { embed: EmbedTexts; about: string } => {
  const service = realService(environment)
  if (service !== null) {
    return {
      embed: createEmbedTexts(service.url, service.key, EMBEDDING_MODEL),
      about: `the real ${EMBEDDING_MODEL}, ${EMBEDDING_DIMENSIONS} dimensions`
    }
  }
  return {
    embed: {
      model: EMBEDDING_MODEL,
      embed: async (texts) => ({
        ok: true,
        vectors: texts.map((text) => [...embedLocally(text, EMBEDDING_DIMENSIONS)])
      })
    },
    about:
      'the local stand-in: hashed words, letter trigrams and a bilingual word list, no trained model (set OPENAI_API_KEY for the real one)'
  }
}

/**
 * The vector of each distinct text.
 * @throws Error when the service fails
 */
export const vectorsOf = async (
  embed: EmbedTexts,
  texts: readonly string[],
  batch: number
): Promise<Map<string, number[]>> => {
  const vectors = new Map<string, number[]>()
  for (const part of chunks([...new Set(texts)], batch)) {
    const answer = await embed.embed(part)
    if (!answer.ok) throw new Error(answer.message)
    for (const [place, text] of part.entries()) {
      const vector = answer.vectors[place]
      if (vector === undefined) throw new Error('A vector is missing.')
      vectors.set(text, vector)
    }
  }
  return vectors
}
