// Makes vectors for texts without one, some at a time. Each request asks the database for missing ones, so nothing has to be
// remembered between two requests.
import type { Caller } from '../_shared/backend.ts'
import { EMBEDDING_BATCH, type Embeddings } from '../_shared/embedding.ts'
import type { Outcome } from '../_shared/endpoint.ts'
import { embeddingText } from '../_shared/texts-to-embed.ts'
import type { HandbookBackend } from './backend.ts'
import type { OperationOf } from './operations.ts'

/** Of one operation: a request for vectors and one to write them, well within what a function may take. */
const AT_ONCE = EMBEDDING_BATCH

export type VectorTools = {
  backend: Pick<HandbookBackend, 'embeddingModels' | 'lackingTexts' | 'addVectors'>
  /** Absent when the project has no OpenAI key. */
  embedTexts: ((texts: readonly string[], model: string) => Promise<Embeddings>) | undefined
}

export const embedMissing = async (
  { backend, embedTexts }: VectorTools,
  caller: Caller,
  { organisationId, groupId, model: asked }: OperationOf<'embed'>
): Promise<Outcome> => {
  const model = asked ?? (await backend.embeddingModels(caller, organisationId))?.answering
  // The caller cannot see the brand.
  if (model === undefined) return { ok: false, refusal: { code: 'not_a_member' } }
  const place = { organisationId, groupId }
  const lacking = await backend.lackingTexts(caller, place, model, AT_ONCE)
  if (!lacking.ok) return lacking
  const texts = lacking.value
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
  const added = await backend.addVectors(
    caller,
    place,
    model,
    texts.flatMap((text, at) => {
      const vector = embedded.vectors[at]
      return vector === undefined ? [] : [{ text, vector }]
    })
  )
  return added.ok ? answered(added.value, null) : added
}
