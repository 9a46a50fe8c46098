// What the copy on this machine keeps of the handbook: its sections, and the organisation's words for things.
import { z } from 'zod'
import { languageSchema } from '../../shared/language.ts'

const textSchema = z.strictObject({ title: z.string().min(1), content: z.string() })

export const offlineSectionSchema = z.strictObject({
  slug: z.string().min(1),
  category: z.string(),
  /** When the backend last wrote it, as Postgres says it. */
  updatedAt: z.string(),
  /** null where the section is not written in that language. */
  en: textSchema.nullable(),
  es: textSchema.nullable()
})
export type OfflineSection = z.infer<typeof offlineSectionSchema>

/**
 * A section's text as the backend keeps it, null where it is not written in the language. Without a title it goes by its
 * slug.
 */
export const titledText = (
  slug: string,
  title: string | null,
  content: string | null
): z.infer<typeof textSchema> | null =>
  content === null ? null : { title: title === null || title.trim() === '' ? slug : title, content }

/** A manager always confirms what sections of these categories say. */
const MANAGER_CATEGORIES = new Set(['allergens', 'illness', 'injury', 'chemicals'])
export const needsManager = ({ category }: Pick<OfflineSection, 'category'>): boolean =>
  MANAGER_CATEGORIES.has(category)

/** A word or a phrase for a thing; those of one `concept` mean the same to a search. */
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
