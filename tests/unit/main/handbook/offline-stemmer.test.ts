import { expect, it } from 'vitest'
import { toSearchTerm, wordsOfText } from '../../../../src/main/handbook/offline-stemmer.ts'
import type { Language } from '../../../../src/shared/language.ts'

const terms = (text: string, language: Language) =>
  wordsOfText(text).flatMap((word) => toSearchTerm(word, language) ?? [])

it.each([
  ['en', 'oyster oysters'],
  ['en', 'allergy allergies'],
  ['en', 'dish dishes'],
  ['en', 'glass glasses'],
  ['en', 'glove gloves'],
  ['en', 'wash washes washing washed'],
  ['es', 'guante guantes'],
  ['es', 'estación estaciones estacion'],
  ['es', 'crudo cruda crudos crudas'],
  ['es', 'lavar lavo lava lavan lavamos lavado lavarse lavarme lávese lávense lavarlos'],
  ['es', 'vez veces'],
  ['es', 'año ano'],
  ['en', 'Café CAFE café']
] as const)('maps the forms of a word in %s to one term: %s', (language, text) => {
  expect(new Set(terms(text, language)).size).toBeLessThanOrEqual(1)
})

it.each([
  ['en', 'chicken kitchen'],
  ['en', 'glass gloves'],
  ['en', 'bus bin'],
  ['es', 'pollo polvo'],
  ['es', 'mesa mesero'],
  ['es', 'carne carnitas']
] as const)('keeps different words in %s apart: %s', (language, text) => {
  expect(new Set(terms(text, language)).size).toBe(text.split(' ').length)
})

it('keeps numbers in digits and words, and splits units off', () => {
  expect(terms('165 °F', 'en')).toEqual(['165', 'f'])
  expect(terms('165°F', 'en')).toEqual(['165', 'f'])
  expect(terms('down to seventy', 'en')).toContain('70')
  expect(terms('quince segundos', 'es')).toEqual(['15', 'segund'])
})

it.each([
  ['en', 'How do I get to know what this is, please?'],
  ['es', '¿Qué es lo que tengo que hacer, por favor?']
] as const)('returns no terms for a question of filler words in %s', (language, text) => {
  expect(terms(text, language)).toEqual([])
})
