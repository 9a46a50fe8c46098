// Saves a section's draft: cuts its texts into passages and embeds the new ones.
import { z } from 'zod'
import { EMBEDDING_BATCH } from '../_shared/embedding.ts'
import type { Outcome } from '../_shared/endpoint.ts'
import { languageSchema } from '../_shared/language.ts'
import { embeddingInput } from '../_shared/passages.ts'
import { passagesOf, type SectionTexts, type TextPassage } from '../_shared/section-passages.ts'
import { scopeArguments, vectorText } from './database.ts'
import { type HandbookPorts, NOT_A_MEMBER } from './operation-table.ts'
import type { OperationOf } from './operations.ts'

const columnsOf = ({ en, es }: OperationOf<'draft'>['section']['texts']): SectionTexts => ({
  title_en: en?.title ?? null,
  content_en: en?.content ?? null,
  questions_en: en?.questions ?? [],
  title_es: es?.title ?? null,
  content_es: es?.content ?? null,
  questions_es: es?.questions ?? []
})

/** Names the text whose passages cannot be saved, for its writer; null without a problem. */
const problemOf = (texts: SectionTexts, passages: readonly TextPassage[]): string | null => {
  for (const language of languageSchema.options) {
    const ordinals = passages
      .filter((one) => one.language === language)
      .map(({ ordinal }) => ordinal)
    const field = `section.texts.${language}.content`
    if (texts[`content_${language}`] !== null && ordinals.length === 0) {
      return `${field}: has no text`
    }
    if (new Set(ordinals).size < ordinals.length) return `${field}: has too much under one heading`
  }
  return null
}

type Vectors = { vectors: Map<TextPassage, number[]>; failure: string | null }

const embedAll = async (
  { embedTexts }: HandbookPorts,
  texts: SectionTexts,
  passages: readonly TextPassage[],
  model: string
): Promise<Vectors> => {
  const vectors: Vectors['vectors'] = new Map()
  if (embedTexts === undefined) return { vectors, failure: 'no_key' }
  for (let from = 0; from < passages.length; from += EMBEDDING_BATCH) {
    const batch = passages.slice(from, from + EMBEDDING_BATCH)
    const embedded = await embedTexts(
      batch.map(({ language, heading, content }) =>
        embeddingInput(texts[`title_${language}`] ?? '', { heading, text: content })
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

export const saveDraft = async (
  ports: HandbookPorts,
  { section, basedOn, ...scope }: OperationOf<'draft'>
): Promise<Outcome> => {
  const { database } = ports
  const texts = columnsOf(section.texts)
  const passages = passagesOf(texts)
  const problem = problemOf(texts, passages)
  if (problem !== null) return { ok: false, refusal: { code: 'bad_request', problem } }
  const { slug, category, order, source } = section
  const { title_en, title_es } = texts
  const model = (await database.brand(scope.organisationId))?.embeddingModel
  if (model === undefined) return NOT_A_MEMBER
  const missing = await database.call(
    'passages_to_embed',
    {
      ...scopeArguments(scope),
      _embedding_model: model,
      _sections: [{ slug, title_en, title_es, passages }]
    },
    z.array(z.object({ language: languageSchema, ordinal: z.int() }))
  )
  if (!missing.ok) return missing
  const unembedded = passages.filter(({ language, ordinal }) =>
    missing.value.some((row) => row.language === language && row.ordinal === ordinal)
  )
  const { vectors, failure } = await embedAll(ports, texts, unembedded, model)
  const saved = await database.call(
    'save_draft',
    {
      ...scopeArguments(scope),
      _slug: slug,
      _category: category,
      _sort_order: order,
      _texts: texts,
      _passages: passages.map((passage) => ({
        ...passage,
        embedding: vectorText(vectors.get(passage))
      })),
      _embedding_model: model,
      _source: source,
      _based_on: basedOn
    },
    z.uuid().nullable()
  )
  const log = { passages: passages.length, embedded: vectors.size, embeddingFailure: failure }
  if (!saved.ok) return { ...saved, log }
  return {
    ok: true,
    body: {
      /** Null: the published version has this text, so no draft exists. */
      versionId: saved.value,
      passages: passages.length,
      embedded: vectors.size,
      withoutVector: unembedded.length - vectors.size
    },
    log
  }
}
