// The content of an offline copy: the sections of a handbook and the terms of its organisation.
import { z } from 'zod'
import { languageSchema } from '../../shared/language.ts'

const textSchema = z.strictObject({ title: z.string().min(1), content: z.string() })

export const offlineSectionSchema = z.strictObject({
  slug: z.string().min(1),
  category: z.string(),
  /** Postgres' timestamp of the last write. */
  updatedAt: z.string(),
  /** null where the section has no text in that language. */
  en: textSchema.nullable(),
  es: textSchema.nullable()
})
export type OfflineSection = z.infer<typeof offlineSectionSchema>

/** A section's text from the backend's columns; null without content. The slug replaces a missing title. */
export const titledText = (
  slug: string,
  title: string | null,
  content: string | null
): z.infer<typeof textSchema> | null =>
  content === null ? null : { title: title === null || title.trim() === '' ? slug : title, content }

/** The caution topics: a manager confirms the answer. */
const MANAGER_CATEGORIES = new Set(['allergens', 'illness', 'injury', 'chemicals'])
export const needsManager = ({ category }: Pick<OfflineSection, 'category'>): boolean =>
  MANAGER_CATEGORIES.has(category)

/** A word or a phrase. The search treats the terms of one `concept` as equal. */
export const offlineTermSchema = z.strictObject({
  concept: z.string().min(1),
  language: languageSchema,
  term: z.string().min(1)
})
export type OfflineTerm = z.infer<typeof offlineTermSchema>

export type OfflineHandbook = {
  sections: readonly OfflineSection[]
  terms: readonly OfflineTerm[]
}
