// The languages a handbook is written and searched in, and those a conversation can be held in. The kiosk has
// the same lists in `src/shared/language.ts`; a test compares them.
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

/**
 * The language whose words a query is matched with: a conversation in another language than these two puts its
 * queries in English, as its instructions say.
 */
export const searchLanguageOf = (language: ConversationLanguage): Language =>
  language === 'es' ? 'es' : 'en'
