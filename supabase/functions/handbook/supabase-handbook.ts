// The function's port on supabase-js, with the caller's own token on every call.
import type { SupabaseClient } from '@supabase/supabase-js'
import { z } from 'zod'
import type { Caller } from '../_shared/backend.ts'
import { type DatabaseError, failureOf, refusalOf } from '../_shared/database-errors.ts'
import type { RpcArguments, RpcName } from '../_shared/rpc-arguments.ts'
import { callerClients } from '../_shared/supabase-backend.ts'
import { textsToEmbedSchema } from '../_shared/texts-to-embed.ts'
import type { HandbookBackend, HandbookScope, Result } from './backend.ts'
import {
  brandSchema,
  changedSchema,
  gapsSchema,
  goldenSchema,
  missingEmbeddingsSchema,
  nothingSchema,
  publishedSchema,
  retiredSchema,
  sectionsSchema
} from './row-schemas.ts'

/** A manager waits in front of a screen; a handbook that is published whole is some seconds' work. */
const TIMEOUT_MS = 20_000
const PUBLISH_TIMEOUT_MS = 90_000
/** Vectors of another model that one operation removes: a second's work. */
const REMOVED_AT_ONCE = 10_000

/** pgvector reads its text form; as a JSON array PostgREST would make a Postgres array of it. */
const vectorText = (vector: readonly number[] | null): string | null =>
  vector === null ? null : JSON.stringify(vector)

const placeArguments = ({ organisationId, groupId }: HandbookScope) => ({
  _organisation_id: organisationId,
  _group_id: groupId
})

export const supabaseHandbook = (url: string, publishableKey: string): HandbookBackend => {
  const as = callerClients(url, publishableKey)

  const call = async <Name extends RpcName, T>(
    caller: Caller,
    name: Name,
    parameters: RpcArguments<Name>,
    schema: z.ZodType<T>,
    timeoutMs = TIMEOUT_MS
  ): Promise<Result<T>> => {
    const client: SupabaseClient = as(caller)
    const { data, error }: { data: unknown; error: DatabaseError | null } = await client
      .rpc(name, parameters)
      .abortSignal(AbortSignal.timeout(timeoutMs))
    if (error === null) return { ok: true, value: schema.parse(data) }
    const refusal = refusalOf(error)
    if (refusal === undefined) throw failureOf(error)
    // A manager can correct a value by the detail. It names columns, limits and values that the manager sent, never a text.
    return refusal.code === 'bad_request' && error.details !== null && error.details !== ''
      ? { ok: false, refusal: { code: 'bad_request', problem: error.details } }
      : { ok: false, refusal }
  }

  /** Undefined for a person who cannot see the brand. */
  const brandOf = async (caller: Caller, organisationId: string) => {
    const client: SupabaseClient = as(caller)
    const { data, error }: { data: unknown; error: DatabaseError | null } = await client
      .from('organisations')
      .select('embedding_model, next_embedding_model, retention_days, caution_topics')
      .eq('id', organisationId)
      .abortSignal(AbortSignal.timeout(TIMEOUT_MS))
    if (error !== null) throw failureOf(error)
    return brandSchema.parse(data)[0]
  }

  return {
    embeddingModels: async (caller, organisationId) => {
      const brand = await brandOf(caller, organisationId)
      return brand === undefined
        ? null
        : { answering: brand.embedding_model, next: brand.next_embedding_model }
    },

    retentionDays: async (caller, organisationId) =>
      (await brandOf(caller, organisationId))?.retention_days ?? null,

    setRetentionDays: (caller, organisationId, days) =>
      call(
        caller,
        'set_question_retention',
        { _organisation_id: organisationId, _days: days },
        nothingSchema
      ),

    cautionTopics: async (caller, organisationId) =>
      (await brandOf(caller, organisationId))?.caution_topics ?? null,

    setCautionTopics: (caller, organisationId, topics) =>
      call(
        caller,
        'set_caution_topics',
        { _organisation_id: organisationId, _topics: [...topics] },
        nothingSchema
      ),

    lackingVectors: async (caller, { slug, texts, passages, embeddingModel, ...place }) => {
      const lacking = await call(
        caller,
        'passages_to_embed',
        {
          ...placeArguments(place),
          _embedding_model: embeddingModel,
          _sections: [{ slug, title_en: texts.title_en, title_es: texts.title_es, passages }]
        },
        missingEmbeddingsSchema
      )
      if (!lacking.ok) return lacking
      const value = passages.filter(({ language, ordinal }) =>
        lacking.value.some((row) => row.language === language && row.ordinal === ordinal)
      )
      return { ok: true, value }
    },

    saveDraft: (caller, draft) =>
      call(
        caller,
        'save_draft',
        {
          ...placeArguments(draft),
          _slug: draft.slug,
          _category: draft.category,
          _sort_order: draft.order,
          _texts: draft.texts,
          _passages: draft.passages.map((passage) => ({
            ...passage,
            embedding: vectorText(passage.embedding)
          })),
          _embedding_model: draft.embeddingModel,
          _source: draft.source,
          _based_on: draft.basedOn
        },
        z.uuid().nullable()
      ),

    publish: (caller, versionIds, dryRun) =>
      call(
        caller,
        'publish_versions',
        { _version_ids: [...versionIds], _dry_run: dryRun },
        publishedSchema,
        PUBLISH_TIMEOUT_MS
      ),

    retire: (caller, sectionIds, dryRun) =>
      call(
        caller,
        'retire_sections',
        { _section_ids: [...sectionIds], _dry_run: dryRun },
        retiredSchema,
        PUBLISH_TIMEOUT_MS
      ),

    sections: (caller, { status, after, limit, ...place }) =>
      call(
        caller,
        'list_sections',
        { ...placeArguments(place), _status: status, _after_slug: after, _limit: limit },
        sectionsSchema
      ),

    gaps: (caller, { days, status, ...place }) =>
      call(
        caller,
        'list_gaps',
        { ...placeArguments(place), _days: days, _status: status },
        gapsSchema
      ),

    resolveGap: (caller, { gapId, status, sectionId }) =>
      call(
        caller,
        'resolve_gap',
        { _gap_id: gapId, _status: status, _section_id: sectionId },
        nothingSchema
      ),

    runGolden: (caller, place) => call(caller, 'run_golden', placeArguments(place), goldenSchema),

    saveGolden: (
      caller,
      { question, questionLanguage, sectionSlug, mustSay, ...place },
      embedded
    ) =>
      call(
        caller,
        'save_golden',
        {
          ...placeArguments(place),
          _language: questionLanguage,
          _question: question,
          _section_slug: sectionSlug,
          _must_say: mustSay,
          _embedding: vectorText(embedded?.vector ?? null),
          _embedding_model: embedded?.model ?? null
        },
        z.uuid()
      ),

    deleteGolden: (caller, goldenId) =>
      call(caller, 'delete_golden', { _golden_id: goldenId }, nothingSchema),

    lackingTexts: (caller, place, model, limit) =>
      call(
        caller,
        'list_missing_embeddings',
        { ...placeArguments(place), _model: model, _limit: limit },
        textsToEmbedSchema
      ),

    addVectors: (caller, place, model, made) =>
      call(
        caller,
        'add_embeddings',
        {
          ...placeArguments(place),
          _model: model,
          _vectors: made.map(({ text: { passage_id, golden_id }, vector }) => ({
            passage_id,
            golden_id,
            embedding: vectorText(vector)
          }))
        },
        z.int()
      ),

    startModelChange: (caller, organisationId, model) =>
      call(
        caller,
        'start_model_change',
        { _organisation_id: organisationId, _model: model },
        nothingSchema
      ),

    finishModelChange: (caller, organisationId) =>
      call(
        caller,
        'finish_model_change',
        { _organisation_id: organisationId },
        changedSchema,
        PUBLISH_TIMEOUT_MS
      ),

    cancelModelChange: (caller, organisationId) =>
      call(
        caller,
        'cancel_model_change',
        { _organisation_id: organisationId },
        z.string().nullable()
      ),

    removeSpareVectors: (caller, organisationId) =>
      call(
        caller,
        'delete_unused_embeddings',
        { _organisation_id: organisationId, _at_most: REMOVED_AT_ONCE },
        z.int()
      )
  }
}
