// The screen's two languages, with keys that the compiler knows.
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

/** Everything is in the bundle, so it is ready when this returns. */
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
