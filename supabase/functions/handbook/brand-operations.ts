// Carries out the operations on a brand: usage, retention, caution topics and embedding models.
import { z } from 'zod'
import { EMBEDDING_MODELS } from '../_shared/embedding.ts'
import { textsToEmbedSchema } from '../_shared/texts-to-embed.ts'
import { PUBLISH_TIMEOUT_MS, scopeArguments } from './database.ts'
import { embedMissing } from './embed-missing.ts'
import { done, NOT_A_MEMBER, type OperationTable, outcomeOf } from './operation-table.ts'
import { modelChangeSchema, usageSchema } from './row-schemas.ts'

/** Unused vectors that one operation deletes; it takes about a second. */
const DELETED_AT_ONCE = 10_000

type BrandOperation =
  | 'usage'
  | 'retention'
  | 'set_retention'
  | 'caution_topics'
  | 'set_caution_topics'
  | 'models'
  | 'embed'
  | 'start_model_change'
  | 'finish_model_change'
  | 'cancel_model_change'
  | 'delete_unused_vectors'

export const BRAND_OPERATIONS: OperationTable<BrandOperation> = {
  usage: async ({ database }, { days, ...scope }) =>
    outcomeOf(
      await database.call('get_usage', { ...scopeArguments(scope), _days: days }, usageSchema),
      (usage) => usage,
      (usage) => ({ days: usage.days.length })
    ),

  retention: async ({ database }, { organisationId }) => {
    const days = (await database.brand(organisationId))?.retentionDays
    return days === undefined ? NOT_A_MEMBER : { ok: true, body: { days }, log: { days } }
  },

  set_retention: async ({ database }, { organisationId, days }) =>
    outcomeOf(
      await database.call(
        'set_question_retention',
        { _organisation_id: organisationId, _days: days },
        z.unknown()
      ),
      () => ({ days }),
      () => ({ days })
    ),

  caution_topics: async ({ database }, { organisationId }) => {
    const topics = (await database.brand(organisationId))?.cautionTopics
    return topics === undefined
      ? NOT_A_MEMBER
      : { ok: true, body: { topics }, log: { topics: topics.length } }
  },

  set_caution_topics: async ({ database }, { organisationId, ...given }) => {
    const topics = [...new Set(given.topics)]
    return outcomeOf(
      await database.call(
        'set_caution_topics',
        { _organisation_id: organisationId, _topics: topics },
        z.unknown()
      ),
      () => ({ topics }),
      () => ({ topics: topics.length })
    )
  },

  models: async ({ database }, scope) => {
    const brand = await database.brand(scope.organisationId)
    if (brand === undefined) return NOT_A_MEMBER
    const { embeddingModel: answering, nextEmbeddingModel: next } = brand
    return outcomeOf(
      await database.call(
        'list_missing_embeddings',
        { ...scopeArguments(scope), _model: next ?? answering, _limit: 1 },
        textsToEmbedSchema
      ),
      ([first]) => ({ answering, next, lacking: first?.lacking ?? 0, known: EMBEDDING_MODELS })
    )
  },

  embed: embedMissing,

  start_model_change: async ({ database, embedTexts }, { organisationId, model }) =>
    // Without a key the change could get no vectors.
    embedTexts === undefined
      ? { ok: false, refusal: { code: 'bad_request', problem: 'the project has no OpenAI key' } }
      : done(
          await database.call(
            'start_model_change',
            { _organisation_id: organisationId, _model: model },
            z.unknown()
          )
        ),

  finish_model_change: async ({ database }, { organisationId }) =>
    outcomeOf(
      await database.call(
        'finish_model_change',
        { _organisation_id: organisationId },
        modelChangeSchema,
        PUBLISH_TIMEOUT_MS
      ),
      (value) => value,
      ({ model, golden }) => ({ embeddingModel: model, golden: golden.total })
    ),

  cancel_model_change: async ({ database }, { organisationId }) =>
    outcomeOf(
      await database.call(
        'cancel_model_change',
        { _organisation_id: organisationId },
        z.string().nullable()
      ),
      // Null without a change under way.
      (cancelled) => ({ cancelled })
    ),

  delete_unused_vectors: async ({ database }, { organisationId }) =>
    outcomeOf(
      await database.call(
        'delete_unused_embeddings',
        { _organisation_id: organisationId, _at_most: DELETED_AT_ONCE },
        z.int()
      ),
      (removed) => ({ removed }),
      (removed) => ({ removed })
    )
}
