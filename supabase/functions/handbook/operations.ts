// Checks the body of a request: one operation of a manager.
import { z } from 'zod'
import { embeddingWidth } from '../_shared/embedding.ts'
import { conversationLanguageSchema, languageSchema } from '../_shared/language.ts'
import { RETENTION_DAYS } from '../_shared/retention.ts'
import { slugSchema } from '../_shared/slug.ts'

/** As the database's own limits. */
const TITLE_LIMIT = 200
const CONTENT_LIMIT = 300_000
const QUESTION_LIMIT = 1_000
const EXAMPLES_LIMIT = 50
const MUST_SAY_LIMIT = 20
const MUST_SAY_LENGTH_LIMIT = 100
const CATEGORY_LIMIT = 200
/** A handbook of a thousand sections is published in one piece, or taken out. */
const VERSIONS_LIMIT = 2_000
const PAGE_LIMIT = 200
const CAUTION_TOPICS_LIMIT = 100

/** Refusals are in it; what is written is in the languages of its own fields. */
const spoken = { language: conversationLanguageSchema.default('en') }

/** A restaurant's own, or the brand's (`groupId` null). */
const place = { organisationId: z.uuid(), groupId: z.uuid().nullable() }

const textSchema = z.strictObject({
  title: z.string().trim().min(1).max(TITLE_LIMIT),
  /** Markdown, without the title. */
  content: z.string().trim().min(1).max(CONTENT_LIMIT),
  questions: z.array(z.string().trim().min(1).max(QUESTION_LIMIT)).max(EXAMPLES_LIMIT).default([])
})

const draftSchema = z.strictObject({
  operation: z.literal('draft'),
  ...spoken,
  ...place,
  section: z.strictObject({
    slug: slugSchema,
    category: z.string().trim().max(CATEGORY_LIMIT),
    order: z.int(),
    /** A language that is left out is not in the section any more. */
    texts: z
      .strictObject({ en: textSchema.optional(), es: textSchema.optional() })
      .refine(({ en, es }) => en !== undefined || es !== undefined),
    /** The original, for a reviewer. */
    source: z
      .strictObject({ file: z.string().max(500).optional(), page: z.int().positive().optional() })
      .default({})
  }),
  /** The version that the writer had before them; null: whatever is there. */
  basedOn: z.uuid().nullable().default(null)
})

const publishSchema = z.strictObject({
  operation: z.literal('publish'),
  ...spoken,
  versionIds: z.array(z.uuid()).min(1).max(VERSIONS_LIMIT),
  /** Asks the golden questions and changes nothing. */
  dryRun: z.boolean().default(false)
})

const retireSchema = z.strictObject({
  operation: z.literal('retire'),
  ...spoken,
  sectionIds: z.array(z.uuid()).min(1).max(VERSIONS_LIMIT),
  /** As for publishing. */
  dryRun: z.boolean().default(false)
})

const sectionsSchema = z.strictObject({
  operation: z.literal('sections'),
  ...spoken,
  ...place,
  status: z.enum(['published', 'draft']).default('published'),
  /** The last slug of the page before. */
  after: slugSchema.nullable().default(null),
  limit: z.int().min(1).max(PAGE_LIMIT).default(50)
})

const daysSchema = z.int().min(RETENTION_DAYS.least).max(RETENTION_DAYS.most)

const gapsSchema = z.strictObject({
  operation: z.literal('gaps'),
  ...spoken,
  ...place,
  days: daysSchema.default(30),
  /** Null: all. */
  status: z.enum(['open', 'answered', 'dismissed']).nullable().default('open')
})

const resolveGapSchema = z.strictObject({
  operation: z.literal('resolve_gap'),
  ...spoken,
  gapId: z.uuid(),
  status: z.enum(['open', 'answered', 'dismissed']),
  sectionId: z.uuid().nullable().default(null)
})

const runGoldenSchema = z.strictObject({
  operation: z.literal('run_golden'),
  ...spoken,
  ...place
})

const saveGoldenSchema = z.strictObject({
  operation: z.literal('save_golden'),
  ...spoken,
  ...place,
  question: z.string().trim().min(1).max(QUESTION_LIMIT),
  questionLanguage: languageSchema,
  /** The section that it must find. */
  sectionSlug: slugSchema,
  /** Words that the passages given from the section must have: "165", "poultry 165". */
  mustSay: z
    .array(z.string().trim().min(1).max(MUST_SAY_LENGTH_LIMIT))
    .max(MUST_SAY_LIMIT)
    .default([])
})

const forgetGoldenSchema = z.strictObject({
  operation: z.literal('delete_golden'),
  ...spoken,
  goldenId: z.uuid()
})

const retentionSchema = z.strictObject({
  operation: z.literal('retention'),
  ...spoken,
  organisationId: z.uuid()
})

const setRetentionSchema = z.strictObject({
  operation: z.literal('set_retention'),
  ...spoken,
  organisationId: z.uuid(),
  days: daysSchema
})

const cautionTopicsSchema = z.strictObject({
  operation: z.literal('caution_topics'),
  ...spoken,
  organisationId: z.uuid()
})

const setCautionTopicsSchema = z.strictObject({
  operation: z.literal('set_caution_topics'),
  ...spoken,
  organisationId: z.uuid(),
  /** Categories and slugs of sections; they replace the ones before. */
  topics: z.array(slugSchema).max(CAUTION_TOPICS_LIMIT)
})

/** One that a brand can answer with. */
const modelSchema = z.string().refine((model) => embeddingWidth(model) !== undefined)

const modelsSchema = z.strictObject({
  operation: z.literal('models'),
  ...spoken,
  ...place
})

const embedSchema = z.strictObject({
  operation: z.literal('embed'),
  ...spoken,
  ...place,
  /** Null: the one that answers. Besides that only the one that the brand changes to. */
  model: modelSchema.nullable().default(null)
})

const startModelChangeSchema = z.strictObject({
  operation: z.literal('start_model_change'),
  ...spoken,
  organisationId: z.uuid(),
  model: modelSchema
})

const finishModelChangeSchema = z.strictObject({
  operation: z.literal('finish_model_change'),
  ...spoken,
  organisationId: z.uuid()
})

const cancelModelChangeSchema = z.strictObject({
  operation: z.literal('cancel_model_change'),
  ...spoken,
  organisationId: z.uuid()
})

const removeSpareVectorsSchema = z.strictObject({
  operation: z.literal('delete_unused_vectors'),
  ...spoken,
  organisationId: z.uuid()
})

export const operationSchema = z.discriminatedUnion('operation', [
  draftSchema,
  publishSchema,
  retireSchema,
  sectionsSchema,
  gapsSchema,
  resolveGapSchema,
  runGoldenSchema,
  saveGoldenSchema,
  forgetGoldenSchema,
  retentionSchema,
  setRetentionSchema,
  cautionTopicsSchema,
  setCautionTopicsSchema,
  modelsSchema,
  embedSchema,
  startModelChangeSchema,
  finishModelChangeSchema,
  cancelModelChangeSchema,
  removeSpareVectorsSchema
])
export type Operation = z.output<typeof operationSchema>
export type OperationOf<Name extends Operation['operation']> = Extract<
  Operation,
  { operation: Name }
>
