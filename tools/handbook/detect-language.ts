// Detects a text's language by its function words: half of a sentence is function words, and English and Spanish share few.
import type { Language } from '../../src/shared/language.ts'

/** Frequent words of one language that the other lacks. "a", "no", "me", "he" and "son" are in both. */
const WORDS: Record<Language, ReadonlySet<string>> = {
  en: new Set(
    (
      'the and of to in is are was be it this that these those for on with at by from or not you your we our they ' +
      'their his her them there when what which who how if then than as an has have had will can must should would ' +
      'do does before after each every any all into out off up down over under until while because only never ' +
      'always keep use put call check wash'
    ).split(' ')
  ),
  es: new Set(
    (
      'el la los las un una unos unas y o u de del al en es son está están ser fue lo que se su sus con por para ' +
      'como más pero si sin sobre entre hasta desde cuando donde cada todo toda todos todas este esta estos estas ' +
      'ese esa eso nunca siempre antes después también hay debe deben puede pueden tiene tienen le les te tu usted ' +
      'ustedes nos muy ya qué cómo cuándo cuánto quién dónde'
    ).split(' ')
  )
}

/** A text with fewer function words is a list of names or numbers. */
const LEAST_WORDS = 3
/** A menu's "el", "de" and "con" do not make an English text Spanish. */
const CLEAR_SHARE = 0.7

/** Null for a mixture and for too few function words. */
export const detectLanguage = (text: string): Language | null => {
  const words = text.toLowerCase().match(/\p{L}+/gu) ?? []
  const english = words.filter((word) => WORDS.en.has(word)).length
  const spanish = words.filter((word) => WORDS.es.has(word)).length
  const total = english + spanish
  if (total < LEAST_WORDS) return null
  if (english / total >= CLEAR_SHARE) return 'en'
  return english / total <= 1 - CLEAR_SHARE ? 'es' : null
}
