// What the languages of a handbook are called in sentences for the person at the terminal.
import type { Language } from '../../src/shared/language.ts'

export type { Language }

export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = { en: 'English', es: 'Spanish' }
