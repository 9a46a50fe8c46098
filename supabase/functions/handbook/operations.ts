// Declares the operations of a manager: the bodies that the function accepts.
import { z } from 'zod'
import { embeddingWidth } from '../_shared/embedding.ts'
import { conversationLanguageSchema, languageSchema } from '../_shared/language.ts'
import { RETENTION_DAYS } from '../_shared/retention.ts'
import { slugSchema } from '../_shared/slug.ts'

/** The database has the same limits. */
const TITLE_LIMIT = 200
const CONTENT_LIMIT = 300_000
const QUESTION_LIMIT = 1_000
const EXAMPLES_LIMIT = 50
const MUST_SAY_LIMIT = 20
const MUST_SAY_LENGTH_LIMIT = 100
const CATEGORY_LIMIT = 200
const REASON_LIMIT = 1_000
/** A handbook of a thousand sections is published, or retired, in one piece. */
const VERSIONS_LIMIT = 2_000
const PAGE_LIMIT = 200
const CAUTION_TOPICS_LIMIT = 100

/** `language` is that of refusals; the texts name their own languages. */
const operation = <Name extends string, Shape extends z.ZodRawShape>(name: Name, shape: Shape) =>
  z.strictObject({
    operation: z.literal(name),
    language: conversationLanguageSchema.default('en'),
    ...shape
  })

const brand = { organisationId: z.uuid() }
/** A restaurant's own handbook, or the brand's (`groupId` null). */
const scope = { ...brand, groupId: z.uuid().nullable() }

const textSchema = z.strictObject({
  title: z.string().trim().min(1).max(TITLE_LIMIT),
  /** Markdown, without the title. */
  content: z.string().trim().min(1).max(CONTENT_LIMIT),
  questions: z.array(z.string().trim().min(1).max(QUESTION_LIMIT)).max(EXAMPLES_LIMIT).default([])
})

const daysSchema = z.int().min(RETENTION_DAYS.least).max(RETENTION_DAYS.most)
const modelSchema = z.string().refine((model) => embeddingWidth(model) !== undefined)
const gapStatusSchema = z.enum(['open', 'answered', 'dismissed'])
/** Checks the golden questions and changes nothing. */
const dryRun = z.boolean().default(false)

export const operationSchema = z.discriminatedUnion('operation', [
  operation('draft', {
    ...scope,
    section: z.strictObject({
      slug: slugSchema,
      category: z.string().trim().max(CATEGORY_LIMIT),
      order: z.int(),
      /** A missing language is removed from the section. */
      texts: z
        .strictObject({ en: textSchema.optional(), es: textSchema.optional() })
        .refine(({ en, es }) => en !== undefined || es !== undefined),
      /** The original, for a reviewer. */
      source: z
        .strictObject({ file: z.string().max(500).optional(), page: z.int().positive().optional() })
        .default({})
    }),
    /** The version that the writer changed; null overwrites any version. */
    basedOn: z.uuid().nullable().default(null)
  }),
  operation('publish', { versionIds: z.array(z.uuid()).min(1).max(VERSIONS_LIMIT), dryRun }),
  operation('retire', { sectionIds: z.array(z.uuid()).min(1).max(VERSIONS_LIMIT), dryRun }),
  operation('sections', {
    ...scope,
    status: z.enum(['published', 'draft']).default('published'),
    /** The last slug of the previous page. */
    after: slugSchema.nullable().default(null),
    limit: z.int().min(1).max(PAGE_LIMIT).default(50)
  }),
  operation('gaps', {
    ...scope,
    days: daysSchema.default(30),
    /** Null: all. */
    status: gapStatusSchema.nullable().default('open')
  }),
  operation('resolve_gap', {
    gapId: z.uuid(),
    status: gapStatusSchema,
    sectionId: z.uuid().nullable().default(null)
  }),
  operation('usage', { ...scope, days: daysSchema.default(30) }),
  operation('run_golden', scope),
  operation('save_golden', {
    ...scope,
    question: z.string().trim().min(1).max(QUESTION_LIMIT),
    questionLanguage: languageSchema,
    /** The section that the question must find. */
    sectionSlug: slugSchema,
    /** Words that the found passages of the section must contain: "165", "poultry 165". */
    mustSay: z
      .array(z.string().trim().min(1).max(MUST_SAY_LENGTH_LIMIT))
      .max(MUST_SAY_LIMIT)
      .default([])
  }),
  operation('delete_golden', { goldenId: z.uuid() }),
  /** `reason` null: the question is asked again. */
  operation('set_golden_aside', {
    goldenId: z.uuid(),
    reason: z.string().trim().min(1).max(REASON_LIMIT).nullable()
  }),
  operation('retention', brand),
  operation('set_retention', { ...brand, days: daysSchema }),
  operation('caution_topics', brand),
  /** Categories and slugs of sections; they replace the previous ones. */
  operation('set_caution_topics', {
    ...brand,
    topics: z.array(slugSchema).max(CAUTION_TOPICS_LIMIT)
  }),
  operation('models', scope),
  /** `model`: the brand's (null), or the one that the brand changes to. */
  operation('embed', { ...scope, model: modelSchema.nullable().default(null) }),
  operation('start_model_change', { ...brand, model: modelSchema }),
  operation('finish_model_change', brand),
  operation('cancel_model_change', brand),
  operation('delete_unused_vectors', brand)
])
export type Operation = z.output<typeof operationSchema>
export type OperationOf<Name extends Operation['operation']> = Extract<
  Operation,
  { operation: Name }
>
