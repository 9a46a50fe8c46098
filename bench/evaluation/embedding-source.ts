// Where an evaluation's vectors come from: the real service where there is a key for it, else the local stand-in's.

import { chunks } from '../../dev/chunks.ts'
import { embed as embedLocally } from '../../dev/openai/lexical-embeddings.ts'
import { createEmbedTexts, type EmbedTexts } from '../../dev/supabase/seed-embeddings.ts'
import {
  EMBEDDING_DIMENSIONS,
  EMBEDDING_MODEL
} from '../../supabase/functions/_shared/embedding.ts'

export type EmbeddingSource = {
  embed: EmbedTexts
  about: string
}

const OPENAI_URL = 'https://api.openai.com/v1'

/** The local stack's keys are not the service's. */
const isRealKey = (key: string | undefined): key is string =>
  key !== undefined && key.trim() !== '' && !key.startsWith('sk-local-')

export const embeddingSource = (environment: {
  OPENAI_API_KEY?: string | undefined
  OPENAI_BASE_URL?: string | undefined
}): EmbeddingSource => {
  const { OPENAI_API_KEY: key, OPENAI_BASE_URL: url } = environment
  if (isRealKey(key)) {
    return {
      embed: createEmbedTexts(url ?? OPENAI_URL, key, EMBEDDING_MODEL),
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
 * The vector of every text, each once, in batches.
 * @throws Error when the service fails: an evaluation of half a search says nothing.
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
