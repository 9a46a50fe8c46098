// Reads the rows of the database's functions.
import { z } from 'zod'
import { camelCased } from '../_shared/camel-case.ts'
import { goldenChangeSchema } from '../_shared/database-errors.ts'

/** The effect of a change of the handbook on the golden questions. */
const goldenCheckSchema = z
  .object({
    total: z.int(),
    kept: z.int(),
    newly_found: z.array(goldenChangeSchema),
    regressions: z.array(goldenChangeSchema),
    /** Lost in a restaurant by a change of the brand, which they do not stop. */
    warnings: z.array(goldenChangeSchema)
  })
  .transform(camelCased)

export const modelChangeSchema = z.object({ model: z.string(), golden: goldenCheckSchema })

export const publishedSchema = z.object({
  published: z.array(
    z
      .object({ version_id: z.uuid(), section_id: z.uuid(), slug: z.string(), number: z.int() })
      .transform(camelCased)
  ),
  golden: goldenCheckSchema
})

export const retiredSchema = z.object({
  retired: z.array(z.object({ section_id: z.uuid(), slug: z.string() }).transform(camelCased)),
  golden: goldenCheckSchema
})

const textOf = (title: string | null, content: string | null, questions: string[]) =>
  title === null || content === null ? undefined : { title, content, questions }

export const sectionsSchema = z.array(
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
    .transform((row) => ({
      sectionId: row.section_id,
      versionId: row.version_id,
      slug: row.slug,
      category: row.category,
      order: row.sort_order,
      texts: {
        en: textOf(row.title_en, row.content_en, row.questions_en),
        es: textOf(row.title_es, row.content_es, row.questions_es)
      },
      source: row.source,
      writtenAt: row.written_at,
      publishedAt: row.published_at
    }))
)

/** Counts are of questions; a question with two reasons counts in both. */
export const gapsSchema = z.array(
  z
    .object({
      gap_id: z.uuid(),
      group_id: z.uuid(),
      group_slug: z.string(),
      status: z.string(),
      /** The gap's first question. */
      example: z.string(),
      /** The last questions with different words, newest first, at most five. */
      examples: z.array(
        z.object({
          question: z.string(),
          restated: z.string().nullable(),
          /** `unverified`: no given passage holds a quote or figure of the answer. */
          reasons: z.array(z.enum(['not_found', 'rated_down', 'unverified']))
        })
      ),
      questions: z.int(),
      not_found: z.int(),
      rated_down: z.int(),
      unverified: z.int(),
      languages: z.array(z.string()),
      first_asked: z.string(),
      last_asked: z.string(),
      section_id: z.uuid().nullable(),
      section_slug: z.string().nullable()
    })
    .transform(camelCased)
)

export const goldenSchema = z.array(
  z
    .object({
      golden_id: z.uuid(),
      group_id: z.uuid().nullable(),
      question: z.string(),
      language: z.string(),
      expected: z.string(),
      /** The section of the first passage; null without one. */
      got: z.string().nullable(),
      must_say: z.array(z.string()),
      missing: z.array(z.string()),
      is_kept: z.boolean(),
      /** Null: asked at each publishing. */
      set_aside_reason: z.string().nullable(),
      set_aside_at: z.string().nullable(),
      /** The address of the account that set it aside. */
      set_aside_by: z.string().nullable()
    })
    .transform(camelCased)
)

export const usageSchema = z
  .object({
    currency: z.string(),
    days: z.array(
      z
        .object({
          group: z.string(),
          day: z.string(),
          questions: z.int(),
          turns: z.int(),
          keys: z.int(),
          calls: z.int(),
          call_seconds: z.int(),
          /** By the reported tokens. */
          cost: z.number()
        })
        .transform(camelCased)
    ),
    limits: z.array(
      z.object({
        group: z.string(),
        measure: z.string(),
        period: z.string(),
        counted: z.number(),
        most: z.number()
      })
    ),
    /** They count with the dearest price. */
    unpriced_models: z.array(z.string())
  })
  .transform(camelCased)
