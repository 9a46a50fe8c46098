// The function's port on supabase-js, with the caller's own token on every call.
import type { SupabaseClient } from '@supabase/supabase-js'
import { z } from 'zod'
import type { Caller } from '../_shared/backend.ts'
import {
  type DatabaseError,
  failureOf,
  goldenChangeSchema,
  refusalOf
} from '../_shared/database-refusals.ts'
import { lackingTextsSchema } from '../_shared/lacking-vectors.ts'
import { languageSchema } from '../_shared/language.ts'
import type { RpcArguments, RpcName } from '../_shared/rpc-arguments.ts'
import { callerClients } from '../_shared/supabase-backend.ts'
import type {
  Gap,
  Golden,
  GoldenCheck,
  HandbookBackend,
  Place,
  Published,
  Result,
  Retired,
  Section
} from './backend.ts'

/** A manager waits in front of a screen; a handbook that is published whole is some seconds' work. */
const TIMEOUT_MS = 20_000
const PUBLISH_TIMEOUT_MS = 90_000
/** Vectors of another model that one operation removes: a second's work. */
const REMOVED_AT_ONCE = 10_000

const brandSchema = z
  .array(
    z.object({
      embedding_model: z.string(),
      next_embedding_model: z.string().nullable(),
      retention_days: z.int()
    })
  )
  .max(1)

const lackingSchema = z.array(z.object({ language: languageSchema, ordinal: z.int() }))

const goldenCheckSchema = z
  .object({
    total: z.int(),
    kept: z.int(),
    newly_found: z.array(goldenChangeSchema),
    regressions: z.array(goldenChangeSchema)
  })
  .transform(({ newly_found: newlyFound, ...golden }): GoldenCheck => ({ ...golden, newlyFound }))

const changedSchema = z.object({ model: z.string(), golden: goldenCheckSchema })

const publishedSchema = z
  .object({
    published: z.array(
      z.object({ version_id: z.uuid(), section_id: z.uuid(), slug: z.string(), number: z.int() })
    ),
    golden: goldenCheckSchema
  })
  .transform(
    ({ published, golden }): Published => ({
      published: published.map(
        ({ version_id: versionId, section_id: sectionId, slug, number }) => ({
          versionId,
          sectionId,
          slug,
          number
        })
      ),
      golden
    })
  )

const retiredSchema = z
  .object({
    retired: z.array(z.object({ section_id: z.uuid(), slug: z.string() })),
    golden: goldenCheckSchema
  })
  .transform(
    ({ retired, golden }): Retired => ({
      retired: retired.map(({ section_id: sectionId, slug }) => ({ sectionId, slug })),
      golden
    })
  )

const textOf = (title: string | null, content: string | null, questions: string[]) =>
  title === null || content === null ? undefined : { title, content, questions }

const sectionsSchema = z.array(
  z
    .object({
      section_id: z.uuid(),
      version_id: z.uuid(),
      slug: z.string(),
      category: z.string(),
      sort_order: z.int(),
      title_en: z.string().nullable(),
      content_en: z.string().nullable(),
      questions_en: z.array(z.string()),
      title_es: z.string().nullable(),
      content_es: z.string().nullable(),
      questions_es: z.array(z.string()),
      source: z.unknown(),
      written_at: z.string(),
      published_at: z.string().nullable()
    })
    .transform((row): Section => {
      const en = textOf(row.title_en, row.content_en, row.questions_en)
      const es = textOf(row.title_es, row.content_es, row.questions_es)
      return {
        sectionId: row.section_id,
        versionId: row.version_id,
        slug: row.slug,
        category: row.category,
        order: row.sort_order,
        texts: { ...(en === undefined ? {} : { en }), ...(es === undefined ? {} : { es }) },
        source: row.source,
        writtenAt: row.written_at,
        publishedAt: row.published_at
      }
    })
)

const gapsSchema = z.array(
  z
    .object({
      gap_id: z.uuid(),
      group_id: z.uuid(),
      group_slug: z.string(),
      status: z.string(),
      example: z.string(),
      examples: z.array(z.string()),
      questions: z.int(),
      not_found: z.int(),
      rated_down: z.int(),
      languages: z.array(z.string()),
      first_asked: z.string(),
      last_asked: z.string(),
      section_id: z.uuid().nullable(),
      section_slug: z.string().nullable()
    })
    .transform(
      (row): Gap => ({
        gapId: row.gap_id,
        groupId: row.group_id,
        groupSlug: row.group_slug,
        status: row.status,
        example: row.example,
        examples: row.examples,
        questions: row.questions,
        notFound: row.not_found,
        ratedDown: row.rated_down,
        languages: row.languages,
        firstAsked: row.first_asked,
        lastAsked: row.last_asked,
        sectionId: row.section_id,
        sectionSlug: row.section_slug
      })
    )
)

const goldenSchema = z.array(
  z
    .object({
      golden_id: z.uuid(),
      group_id: z.uuid().nullable(),
      question: z.string(),
      language: z.string(),
      expected: z.string().nullable(),
      got: z.string().nullable(),
      must_say: z.array(z.string()),
      missing: z.array(z.string()),
      is_kept: z.boolean()
    })
    .transform(
      (row): Golden => ({
        goldenId: row.golden_id,
        groupId: row.group_id,
        question: row.question,
        language: row.language,
        expected: row.expected,
        got: row.got,
        mustSay: row.must_say,
        missing: row.missing,
        isKept: row.is_kept
      })
    )
)

/** What a function that answers nothing answers. */
const nothingSchema = z.unknown().transform(() => null)

/** pgvector reads its text form; as a JSON array PostgREST would make a Postgres array of it. */
const vectorText = (vector: readonly number[] | null): string | null =>
  vector === null ? null : JSON.stringify(vector)

const placeArguments = ({ organisationId, groupId }: Place) => ({
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
    // A manager can put right what the database's rules say; they name columns and limits,
    // and what they sent themselves, never a text.
    return refusal.code === 'bad_request' && error.details !== null && error.details !== ''
      ? { ok: false, refusal: { code: 'bad_request', problem: error.details } }
      : { ok: false, refusal }
  }

  /** Undefined for who cannot see it. */
  const brandOf = async (caller: Caller, organisationId: string) => {
    const client: SupabaseClient = as(caller)
    const { data, error }: { data: unknown; error: DatabaseError | null } = await client
      .from('organisations')
      .select('embedding_model, next_embedding_model, retention_days')
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

    lackingVectors: async (caller, { slug, texts, passages, embeddingModel, ...place }) => {
      const lacking = await call(
        caller,
        'passages_to_embed',
        {
          ...placeArguments(place),
          _embedding_model: embeddingModel,
          _sections: [{ slug, title_en: texts.title_en, title_es: texts.title_es, passages }]
        },
        lackingSchema
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

    forgetGolden: (caller, goldenId) =>
      call(caller, 'forget_golden', { _golden_id: goldenId }, nothingSchema),

    lackingTexts: (caller, place, model, limit) =>
      call(
        caller,
        'lacking_embeddings',
        { ...placeArguments(place), _model: model, _limit: limit },
        lackingTextsSchema
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
        'remove_spare_embeddings',
        { _organisation_id: organisationId, _at_most: REMOVED_AT_ONCE },
        z.int()
      )
  }
}
