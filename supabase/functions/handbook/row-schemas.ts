// Reads the rows of the database's functions into the types of the port.
import { z } from 'zod'
import { goldenChangeSchema } from '../_shared/database-errors.ts'
import { languageSchema } from '../_shared/language.ts'
import type { Gap, Golden, GoldenCheck, Published, Retired, Section } from './backend.ts'

export const brandSchema = z
  .array(
    z.object({
      embedding_model: z.string(),
      next_embedding_model: z.string().nullable(),
      retention_days: z.int(),
      caution_topics: z.array(z.string())
    })
  )
  .max(1)

export const missingEmbeddingsSchema = z.array(
  z.object({ language: languageSchema, ordinal: z.int() })
)

const goldenCheckSchema = z
  .object({
    total: z.int(),
    kept: z.int(),
    newly_found: z.array(goldenChangeSchema),
    regressions: z.array(goldenChangeSchema)
  })
  .transform(({ newly_found: newlyFound, ...golden }): GoldenCheck => ({ ...golden, newlyFound }))

export const changedSchema = z.object({ model: z.string(), golden: goldenCheckSchema })

export const publishedSchema = z
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

export const retiredSchema = z
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

export const gapsSchema = z.array(
  z
    .object({
      gap_id: z.uuid(),
      group_id: z.uuid(),
      group_slug: z.string(),
      status: z.string(),
      example: z.string(),
      examples: z.array(
        z.object({
          question: z.string(),
          restated: z.string().nullable(),
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
        unverified: row.unverified,
        languages: row.languages,
        firstAsked: row.first_asked,
        lastAsked: row.last_asked,
        sectionId: row.section_id,
        sectionSlug: row.section_slug
      })
    )
)

export const goldenSchema = z.array(
  z
    .object({
      golden_id: z.uuid(),
      group_id: z.uuid().nullable(),
      question: z.string(),
      language: z.string(),
      expected: z.string(),
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

/** For a function that returns nothing. */
export const nothingSchema = z.unknown().transform(() => null)
