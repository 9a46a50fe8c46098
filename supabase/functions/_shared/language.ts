// Lists the languages of handbooks and of conversations. A test compares them with `src/shared/language.ts`.
import { z } from 'zod'

export const languageSchema = z.enum(['en', 'es'])
export type Language = z.infer<typeof languageSchema>

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

/** The language of a search: the instructions of the other languages ask the model for English queries. */
export const searchLanguageOf = (language: ConversationLanguage): Language =>
  language === 'es' ? 'es' : 'en'
