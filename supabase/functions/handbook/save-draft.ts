// A section's next text: cut into passages, embedded as far as it is new, and saved as the draft.
import type { Caller } from '../_shared/backend.ts'
import { EMBEDDING_BATCH, type Embeddings } from '../_shared/embedding.ts'
import type { Outcome } from '../_shared/endpoint.ts'
import { embeddingInput } from '../_shared/passages.ts'
import { passagesOf, type SectionTexts, type TextPassage } from '../_shared/section-passages.ts'
import type { HandbookBackend } from './backend.ts'
import type { OperationOf } from './operations.ts'

export type DraftTools = {
  backend: Pick<HandbookBackend, 'lackingVectors' | 'saveDraft' | 'embeddingModels'>
  /** Absent when the project has no OpenAI key: passages are found by their words only. */
  embedTexts: ((texts: readonly string[], model: string) => Promise<Embeddings>) | undefined
  /** For a brand that the caller cannot see, which the database then refuses. */
  embeddingModel: string
}

type Texts = OperationOf<'draft'>['section']['texts']

const columnsOf = ({ en, es }: Texts): SectionTexts => ({
  title_en: en?.title ?? null,
  content_en: en?.content ?? null,
  questions_en: en?.questions ?? [],
  title_es: es?.title ?? null,
  content_es: es?.content ?? null,
  questions_es: es?.questions ?? []
})

/** The problem of a text whose passages cannot be saved, for its writer; null without one. */
const problemOf = (texts: SectionTexts, passages: readonly TextPassage[]): string | null => {
  for (const language of ['en', 'es'] as const) {
    const places = passages.filter((one) => one.language === language).map(({ ordinal }) => ordinal)
    const field = `section.texts.${language}.content`
    if (texts[`content_${language}`] !== null && places.length === 0) return `${field}: has no text`
    if (new Set(places).size < places.length) return `${field}: has too much under one heading`
  }
  return null
}

type Vectors = { vectors: Map<TextPassage, number[]>; failure: string | null }

const embedAll = async (
  { embedTexts }: DraftTools,
  texts: SectionTexts,
  lacking: readonly TextPassage[],
  model: string
): Promise<Vectors> => {
  const vectors: Vectors['vectors'] = new Map()
  if (embedTexts === undefined) return { vectors, failure: 'no_key' }
  for (let from = 0; from < lacking.length; from += EMBEDDING_BATCH) {
    const batch = lacking.slice(from, from + EMBEDDING_BATCH)
    const embedded = await embedTexts(
      batch.map((passage) =>
        embeddingInput(texts[`title_${passage.language}`] ?? '', {
          heading: passage.heading,
          text: passage.content
        })
      ),
      model
    )
    if (!embedded.ok) return { vectors, failure: embedded.failure.reason }
    for (const [at, passage] of batch.entries()) {
      const vector = embedded.vectors[at]
      if (vector !== undefined) vectors.set(passage, vector)
    }
  }
  return { vectors, failure: null }
}

export const draft = async (
  tools: DraftTools,
  caller: Caller,
  { organisationId, groupId, section, basedOn }: OperationOf<'draft'>
): Promise<Outcome> => {
  const { backend } = tools
  const { slug, category, order, source } = section
  const texts = columnsOf(section.texts)
  const passages = passagesOf(texts)
  const problem = problemOf(texts, passages)
  if (problem !== null) return { ok: false, refusal: { code: 'bad_request', problem } }
  const place = { organisationId, groupId }
  const embeddingModel =
    (await backend.embeddingModels(caller, organisationId))?.answering ?? tools.embeddingModel
  const lacking = await backend.lackingVectors(caller, {
    ...place,
    slug,
    texts,
    passages,
    embeddingModel
  })
  if (!lacking.ok) return { ok: false, refusal: lacking.refusal }
  const { vectors, failure } = await embedAll(tools, texts, lacking.value, embeddingModel)
  const saved = await backend.saveDraft(caller, {
    ...place,
    slug,
    category,
    order,
    texts,
    passages: passages.map((passage) => ({ ...passage, embedding: vectors.get(passage) ?? null })),
    embeddingModel,
    source,
    basedOn
  })
  const log = { passages: passages.length, embedded: vectors.size, embeddingFailure: failure }
  if (!saved.ok) return { ok: false, refusal: saved.refusal, log }
  return {
    ok: true,
    body: {
      /** Null: the published version has this text, so there is no draft. */
      versionId: saved.value,
      passages: passages.length,
      embedded: vectors.size,
      withoutVector: lacking.value.length - vectors.size
    },
    log
  }
}
