// The screen's two languages, with typed keys.
import { createInstance, type i18n } from 'i18next'
import { initReactI18next } from 'react-i18next'
import type { Language } from '../../../shared/language.ts'
import { en } from './en.ts'
import { es } from './es.ts'

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation'
    resources: { translation: typeof en }
  }
}

/** Ready when it returns: the texts are in the bundle. */
export const createI18n = (language: Language): i18n => {
  const instance = createInstance()
  void instance.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    resources: { en: { translation: en }, es: { translation: es } },
    initAsync: false,
    // React escapes already.
    interpolation: { escapeValue: false }
  })
  return instance
}
