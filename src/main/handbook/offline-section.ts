// A section of the handbook as the copy on this machine keeps it.
import { z } from 'zod'

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
