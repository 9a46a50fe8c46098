// Embeds text without a model: hashes words, letter trigrams and kitchen concepts into a vector. Texts are near when
// they share words, apart from endings, or known word pairs of English and Spanish. Unlike a trained model it finds no
// paraphrase.
import { FILLER_WORDS } from '../../src/shared/words/filler-words.ts'
import { conceptOf } from './synonyms.ts'
import { foldAccents, languageOf, stem, tokens } from './text-normalisation.ts'

/** A meaning, which both languages share, weighs most; a word weighs more than a piece of one. */
const WEIGHTS = { meaning: 1.4, word: 1, trigram: 0.25 } as const

/** Positions per feature: one collision must not make two texts alike. */
const PLACES = 2

/** FNV-1a, 32 bits: small, even enough, the same everywhere. */
const hash = (text: string, seed: number): number => {
  let value = (2_166_136_261 ^ seed) >>> 0
  for (let index = 0; index < text.length; index += 1) {
    value ^= text.charCodeAt(index)
    value = Math.imul(value, 16_777_619) >>> 0
  }
  // Without this last mix the low bits of similar words stay similar.
  value ^= value >>> 16
  value = Math.imul(value, 0x45d9f3b) >>> 0
  return (value ^ (value >>> 16)) >>> 0
}

const features = (text: string): Map<string, number> => {
  const language = languageOf(text)
  const other = language === 'en' ? 'es' : 'en'
  const counts = new Map<string, number>()
  const add = (feature: string, weight: number): void => {
    counts.set(feature, (counts.get(feature) ?? 0) + weight)
  }
  for (const token of tokens(text)) {
    if (FILLER_WORDS[language].has(token)) continue
    const stemmed = stem(token, language)
    // A borrowed word ("¿dónde está el walk-in?") is looked up in the other language too.
    const meaning = conceptOf(stemmed, language) ?? conceptOf(stem(token, other), other)
    if (meaning !== undefined) add(meaning, WEIGHTS.meaning)
    add(`word ${stemmed}`, WEIGHTS.word)
    const padded = ` ${foldAccents(token)} `
    for (let at = 0; at + 3 <= padded.length; at += 1)
      add(`trigram ${padded.slice(at, at + 3)}`, WEIGHTS.trigram)
  }
  return counts
}

/** Its features are hashed without the model's name: earlier measurements stay valid. */
const FIRST_MODEL = 'text-embedding-3-small'

/**
 * Returns a unit vector of `dimensions` numbers, the same one for the same text. Each model has its own space, as real
 * models have: vectors of two models do not compare.
 */
export const embed = (text: string, dimensions: number, model = FIRST_MODEL): Float32Array => {
  const vector = new Float32Array(dimensions)
  const space = model === FIRST_MODEL ? '' : `${model} `
  for (const [feature, weight] of features(text)) {
    // The square root limits the weight of a repeated word.
    const strength = weight > 1 ? Math.sqrt(weight) : weight
    for (let place = 0; place < PLACES; place += 1) {
      const hashed = hash(space + feature, place)
      const at = hashed % dimensions
      vector[at] = (vector[at] ?? 0) + (hashed & 0x80000000 ? -strength : strength)
    }
  }
  const length = Math.hypot(...vector)
  if (length === 0) {
    // A text without features gets a direction of its own: a zero vector has no cosine.
    vector[hash(space + text, 1) % dimensions] = 1
    return vector
  }
  return vector.map((value) => value / length)
}
