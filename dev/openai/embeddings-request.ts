// Answers POST /v1/embeddings.
import { z } from 'zod'
import { type HttpStatus, modelNotFound, type Refusal } from './api-error.ts'
import { embed } from './lexical-embeddings.ts'
import { knownModel } from './models.ts'
import { apiErrorFromZod } from './schema-error.ts'
import { approximateTextTokens } from './token-count.ts'

/** The API takes at most 2,048 inputs in one request. */
const INPUT_LIMIT = 2_048

const DEFAULT_DIMENSIONS: Record<string, number> = {
  'text-embedding-3-small': 1_536,
  'text-embedding-3-large': 3_072,
  'text-embedding-ada-002': 1_536
}

const requestSchema = z.strictObject({
  model: z.string(),
  input: z.union([z.string().min(1), z.array(z.string().min(1)).min(1).max(INPUT_LIMIT)]),
  dimensions: z.int().min(1).max(3_072).exactOptional(),
  encoding_format: z.enum(['float', 'base64']).exactOptional(),
  user: z.string().exactOptional()
})

export type EmbeddingsAnswer =
  | { ok: true; body: object }
  | { ok: false; refusal: Refusal; status: HttpStatus }

const base64Of = (vector: Float32Array): string =>
  Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength).toString('base64')

export const answerEmbeddings = (data: unknown): EmbeddingsAnswer => {
  const parsed = requestSchema.safeParse(data)
  if (!parsed.success)
    return { ok: false, status: 400, refusal: apiErrorFromZod(parsed.error, '', data) }
  const { model, input, encoding_format: encoding, dimensions } = parsed.data
  const full = DEFAULT_DIMENSIONS[model]
  if (knownModel(model, 'embedding') === undefined || full === undefined)
    return { ok: false, status: 404, refusal: modelNotFound(model) }
  if (dimensions !== undefined && (dimensions > full || model === 'text-embedding-ada-002'))
    return {
      ok: false,
      status: 400,
      refusal: {
        code: 'invalid_value',
        message: `Invalid value for 'dimensions': ${dimensions}. The model '${model}' has ${full}.`,
        param: 'dimensions'
      }
    }
  const texts = typeof input === 'string' ? [input] : input
  const tokens = texts.reduce((sum, text) => sum + approximateTextTokens(text), 0)
  return {
    ok: true,
    body: {
      object: 'list',
      model,
      data: texts.map((text, index) => {
        const vector = embed(text, dimensions ?? full, model)
        return {
          object: 'embedding',
          index,
          embedding: encoding === 'base64' ? base64Of(vector) : [...vector]
        }
      }),
      usage: { prompt_tokens: tokens, total_tokens: tokens }
    }
  }
}
