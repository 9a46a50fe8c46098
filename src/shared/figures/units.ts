// Reads the unit after a number, spelled, abbreviated or as a sign, in English or Spanish.
import type { Language } from '../language.ts'
import type { Token } from './tokens.ts'

export type Unit = {
  /** Figures of one kind can be compared: `time`, `F`, `percent`. */
  kind: string
  /** In the kind's smallest unit. */
  scale: number
}
/** Several units for an ambiguous word: an ounce is a weight and a volume. */
export type UnitRead = { units: readonly Unit[]; next: number }

/** Kind, scale, words. Seconds, grams, millilitres, millimetres and cents are 1. */
const UNIT_WORDS = `
time 1 second seconds sec secs segundo segundos seg segs
time 60 minute minutes min mins minuto minutos
time 3600 hour hours hr hrs h hora horas
time 86400 day days dia dias
time 604800 week weeks wk wks semana semanas
months 1 month months mes meses
months 12 year years yr yrs ano anos
percent 1 % percent pct porciento
ppm 1 ppm
dollars 1 cent cents ¢ centavo centavos
dollars 100 dollar dollars buck bucks usd $ dolar dolares
pesos 100 peso pesos
euros 100 euro euros eur €
pounds-sterling 100 £
weight 1 g gr gram grams gramo gramos
weight 0.001 mg milligram milligrams miligramo miligramos
weight 1000 kg kilo kilos kilogram kilograms kilogramo kilogramos
weight 453.59237 pound pounds lb lbs libra libras
weight 28.349523125 ounce ounces oz onza onzas
volume 29.5735295625 ounce ounces oz onza onzas
volume 1 ml cc milliliter milliliters millilitre millilitres mililitro mililitros
volume 1000 l liter liters litre litres litro litros
volume 3785.411784 gallon gallons gal galon galones
volume 946.352946 quart quarts qt qts
volume 473.176473 pint pints pt pinta pintas
volume 236.5882365 cup cups taza tazas
volume 14.78676478125 tablespoon tablespoons tbsp cucharada cucharadas
volume 4.92892159375 teaspoon teaspoons tsp cucharadita cucharaditas
length 1 mm millimeter millimeters millimetre millimetres milimetro milimetros
length 10 cm centimeter centimeters centimetre centimetres centimetro centimetros
length 1000 meter meters metre metres metro metros
length 25.4 inch inches pulgada pulgadas pulg
length 304.8 foot feet ft pie pies
length 914.4 yard yards yd yds yarda yardas
`
const UNITS = new Map<string, Unit[]>()
for (const line of UNIT_WORDS.trim().split('\n')) {
  const [kind = '', scale, ...words] = line.split(' ')
  for (const word of words) {
    UNITS.set(word, [...(UNITS.get(word) ?? []), { kind, scale: Number(scale) }])
  }
}

const FAHRENHEIT: Unit = { kind: 'F', scale: 1 }
const CELSIUS: Unit = { kind: 'C', scale: 1 }
/** Of either scale. */
const DEGREE: Unit = { kind: 'degree', scale: 1 }
const PERCENT: Unit = { kind: 'percent', scale: 1 }
const PPM: Unit = { kind: 'ppm', scale: 1 }
const FLUID_OUNCE: Unit = { kind: 'volume', scale: 29.5735295625 }

const DEGREES = /^(?:°|deg|degrees?|grados?)$/
const SCALES: readonly (readonly [RegExp, Unit])[] = [
  [/^(?:f|fahrenheit|℉)$/, FAHRENHEIT],
  [/^(?:c|celsius|centigrades?|centigrados?|℃)$/, CELSIUS]
]
/** Units of several words. */
const PHRASES: readonly (readonly [string, Unit])[] = [
  ['per cent', PERCENT],
  ['por ciento', PERCENT],
  ['parts per million', PPM],
  ['partes por millon', PPM],
  ['fluid ounce', FLUID_OUNCE],
  ['fluid ounces', FLUID_OUNCE],
  ['fl oz', FLUID_OUNCE],
  ['fl . oz', FLUID_OUNCE],
  ['onza liquida', FLUID_OUNCE],
  ['onzas liquidas', FLUID_OUNCE]
]

/** Index after the words of `phrase` from `at`; null when they do not match. */
export const afterPhrase = (
  tokens: readonly Token[],
  at: number,
  phrase: string
): number | null => {
  const words = phrase.split(' ')
  return words.every((word, step) => tokens[at + step]?.text === word) ? at + words.length : null
}

const temperatureAt = (tokens: readonly Token[], at: number): UnitRead | null => {
  const isDegree = DEGREES.test(tokens[at]?.text ?? '')
  const scale = tokens[isDegree ? at + 1 : at]
  for (const [pattern, unit] of SCALES) {
    if (scale === undefined || !pattern.test(scale.text)) continue
    // "165 F" is a temperature, the article of "165 f..." is not; after a degree any letter is the scale.
    const isLetter = /^[fc]$/.test(scale.text)
    if (!isLetter || isDegree || scale.raw !== scale.text) {
      return { units: [unit], next: isDegree ? at + 2 : at + 1 }
    }
  }
  return isDegree ? { units: [DEGREE], next: at + 1 } : null
}

/** The unit that begins at a token, after the hyphen of "2-hour" where there is one. */
export const unitAt = (
  tokens: readonly Token[],
  at: number,
  language: Language | null
): UnitRead | null => {
  const isHyphen = tokens[at]?.text === '-' && tokens[at + 1]?.isAdjacent === true
  const first = isHyphen ? at + 1 : at
  const temperature = temperatureAt(tokens, first)
  if (temperature !== null) return temperature
  for (const [phrase, unit] of PHRASES) {
    const next = afterPhrase(tokens, first, phrase)
    if (next !== null) return { units: [unit], next }
  }
  const word = tokens[first]?.text ?? ''
  // A pie is no foot in English.
  const units = language === 'en' && /^pies?$/.test(word) ? undefined : UNITS.get(word)
  return units === undefined ? null : { units, next: first + 1 }
}

/** A currency before its number: "$15". */
export const currencyAt = (tokens: readonly Token[], at: number): readonly Unit[] | null =>
  /^[$€£]$/.test(tokens[at]?.text ?? '') ? (UNITS.get(tokens[at]?.text ?? '') ?? null) : null
