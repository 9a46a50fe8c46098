// Maps each conversation language to its phrases.
import type { ConversationLanguage } from '../language.ts'
import { ARABIC } from './ar.ts'
import { ENGLISH } from './en.ts'
import { SPANISH } from './es.ts'
import { FRENCH } from './fr.ts'
import { KOREAN } from './ko.ts'
import type { Phrases } from './phrases.ts'
import { BRAZILIAN_PORTUGUESE } from './pt-BR.ts'
import { TAGALOG } from './tl.ts'
import { VIETNAMESE } from './vi.ts'
import { MANDARIN } from './zh-CN.ts'
import { CANTONESE } from './zh-HK.ts'

export const PHRASES: Record<ConversationLanguage, Phrases> = {
  en: ENGLISH,
  es: SPANISH,
  fr: FRENCH,
  'pt-BR': BRAZILIAN_PORTUGUESE,
  'zh-CN': MANDARIN,
  'zh-HK': CANTONESE,
  vi: VIETNAMESE,
  ko: KOREAN,
  tl: TAGALOG,
  ar: ARABIC
}
