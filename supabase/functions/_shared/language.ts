// The languages a question can be asked in.
import { z } from 'zod'

export const languageSchema = z.enum(['en', 'es'])
export type Language = z.infer<typeof languageSchema>
