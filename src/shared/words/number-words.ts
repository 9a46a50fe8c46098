// Number words in English and Spanish, lower case, without accents: a recogniser writes words where a handbook has digits.
// The answer check and the offline search use them.
import type { Language } from '../language.ts'

/** The words of `text`, each with its number: `from`, and `step` more for every next word. */
export const numberWordPairs = (text: string, from: number, step: number): [string, number][] =>
  text.split(/\s+/).map((word, at) => [word, from + at * step])

/** Up to 99 without those of two words, and Spanish hundreds. */
export const NUMBER_WORDS: Record<Language, ReadonlyMap<string, number>> = {
  en: new Map([
    ...numberWordPairs(
      `zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
       seventeen eighteen nineteen`,
      0,
      1
    ),
    ...numberWordPairs('twenty thirty forty fifty sixty seventy eighty ninety', 20, 10)
  ]),
  es: new Map([
    ...numberWordPairs(
      `cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciseis
       diecisiete dieciocho diecinueve veinte veintiuno veintidos veintitres veinticuatro veinticinco veintiseis
       veintisiete veintiocho veintinueve`,
      0,
      1
    ),
    ['un', 1],
    ['una', 1],
    ['veintiun', 21],
    ['veintiuna', 21],
    ...numberWordPairs('treinta cuarenta cincuenta sesenta setenta ochenta noventa', 30, 10),
    ['cien', 100],
    ['ciento', 100],
    ...numberWordPairs(
      'doscientos trescientos cuatrocientos quinientos seiscientos setecientos ochocientos novecientos',
      200,
      100
    ),
    ...numberWordPairs(
      'doscientas trescientas cuatrocientas quinientas seiscientas setecientas ochocientas novecientas',
      200,
      100
    )
  ])
}
