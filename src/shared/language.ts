// The two languages of the screens and the handbook, and the languages of a conversation.
import { z } from 'zod'

export const LANGUAGES = ['en', 'es'] as const
export const languageSchema = z.enum(LANGUAGES)
export type Language = z.infer<typeof languageSchema>

/** The edge functions have the same list in `_shared/language.ts`. */
export const CONVERSATION_LANGUAGES = [
  'en',
  'es',
  'fr',
  'pt-BR',
  'zh-CN',
  'zh-HK',
  'vi',
  'ko',
  'tl',
  'ar'
] as const
export const conversationLanguageSchema = z.enum(CONVERSATION_LANGUAGES)
export type ConversationLanguage = z.infer<typeof conversationLanguageSchema>

/** The language of a query: the model translates other conversations to English. */
export const searchLanguageOf = (language: ConversationLanguage): Language =>
  language === 'es' ? 'es' : 'en'

/** The edge function checks the characters of the label (`_shared/station.ts`). */
export const STATION_LENGTH_LIMIT = 32
export const stationSchema = z.string().trim().min(1).max(STATION_LENGTH_LIMIT)
