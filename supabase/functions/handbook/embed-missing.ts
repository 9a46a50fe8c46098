// Makes vectors for one batch of texts without one. The database lists them anew for each request.
import { z } from 'zod'
import { EMBEDDING_BATCH } from '../_shared/embedding.ts'
import type { Outcome } from '../_shared/endpoint.ts'
import { embeddingText, textsToEmbedSchema } from '../_shared/texts-to-embed.ts'
import { scopeArguments, vectorText } from './database.ts'
import { type HandbookPorts, NOT_A_MEMBER } from './operation-table.ts'
import type { OperationOf } from './operations.ts'

export const embedMissing = async (
  { database, embedTexts }: HandbookPorts,
  { model: wanted, ...scope }: OperationOf<'embed'>
): Promise<Outcome> => {
  const model = wanted ?? (await database.brand(scope.organisationId))?.embeddingModel
  if (model === undefined) return NOT_A_MEMBER
  const target = { ...scopeArguments(scope), _model: model }
  const missing = await database.call(
    'list_missing_embeddings',
    { ...target, _limit: EMBEDDING_BATCH },
    textsToEmbedSchema
  )
  if (!missing.ok) return missing
  const texts = missing.value
  const answered = (written: number, failure: string | null): Outcome => {
    const left = Math.max((texts[0]?.lacking ?? 0) - written, 0)
    return {
      ok: true,
      body: { model, embedded: written, lacking: left, failure },
      log: { embeddingModel: model, embedded: written, lacking: left, embeddingFailure: failure }
    }
  }
  if (texts.length === 0) return answered(0, null)
  if (embedTexts === undefined) return answered(0, 'no_key')
  const embedded = await embedTexts(texts.map(embeddingText), model)
  if (!embedded.ok) return answered(0, embedded.failure.reason)
  const added = await database.call(
    'add_embeddings',
    {
      ...target,
      _vectors: texts.map(({ passage_id, golden_id }, at) => ({
        passage_id,
        golden_id,
        embedding: vectorText(embedded.vectors[at])
      }))
    },
    z.int()
  )
  return added.ok ? answered(added.value, null) : added
}
