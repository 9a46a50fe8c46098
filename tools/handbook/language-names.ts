import type { Language } from '../../src/shared/language.ts'

export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = { en: 'English', es: 'Spanish' }
