// The two languages a question can be asked and answered in.
import { z } from 'zod'

export const LANGUAGES = ['en', 'es'] as const
export const languageSchema = z.enum(LANGUAGES)
export type Language = z.infer<typeof languageSchema>
