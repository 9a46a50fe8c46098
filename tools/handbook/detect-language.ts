// Which of the handbook's languages a text is written in, told by its smallest words: half of any sentence is made of
// them, and the two languages share few.
import type { Language } from '../../src/shared/language.ts'

/** Words that are frequent in one language and no words of the other ("a", "no", "me", "he", "son" are of both). */
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

/** Below this many telling words a text is a list of names or numbers, in whichever language its file is. */
const LEAST_TELLING_WORDS = 3
/** Of the telling words; a menu's "el", "de" and "con" do not make an English text Spanish. */
const CLEAR_SHARE = 0.7

export type DetectedLanguage = {
  /** Null where the text does not say clearly. */
  language: Language | null
  /** Share of the telling words that are English ones, 0 to 1; null where there are none. */
  englishShare: number | null
}

export const detectLanguage = (text: string): DetectedLanguage => {
  let english = 0
  let spanish = 0
  for (const word of text.toLowerCase().match(/\p{L}+/gu) ?? []) {
    if (WORDS.en.has(word)) english += 1
    if (WORDS.es.has(word)) spanish += 1
  }
  const telling = english + spanish
  if (telling === 0) return { language: null, englishShare: null }
  const englishShare = english / telling
  if (telling < LEAST_TELLING_WORDS) return { language: null, englishShare }
  if (englishShare >= CLEAR_SHARE) return { language: 'en', englishShare }
  return { language: englishShare <= 1 - CLEAR_SHARE ? 'es' : null, englishShare }
}
