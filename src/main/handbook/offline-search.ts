// Searches the offline copy by words, without a network and without vectors. It answers only when the best passage holds
// enough of the question.
import MiniSearch, { type SearchResult } from 'minisearch'
import { citationsOf, type Passage, type SearchAnswer } from '../../shared/handbook.ts'
import { LANGUAGES, type Language } from '../../shared/language.ts'
import { createGlossary, type Spelling } from './offline-glossary.ts'
import { needsManager, type OfflineSection, type OfflineTerm } from './offline-handbook.ts'
import { splitSection } from './offline-passages.ts'
import { toSearchTerm, wordsOfText } from './offline-stemmer.ts'

/** The backend's limits: six passages and about 1,200 tokens of 4 characters. */
const PASSAGES_LIMIT = 6
const CHARACTERS_LIMIT = 4_800
/** Sections that the screen names when the question was not found. */
const NEAREST_LIMIT = 3

/**
 * The best passage answers when it covers the question, or when its evidence (in words that only one passage has) and a
 * share for every word that it holds reach the certainty. Fitted to the development half of `bench/evaluation/sets`;
 * docs/decisions/0019-offline-copy.md has the results of other limits.
 */
const WHOLE_QUESTION = 0.95
const CERTAINTY_NEEDED = 2.5
const CERTAINTY_PER_WORD = 0.3
/** Weight of a word that only resembles a word of the question: a recognition error, or another word. */
const LIKENESS_SHARE = 0.5
/** A shorter word has too many neighbours one letter away. */
const LONG_WORD = /^\p{L}{5,}$/u
/** Numbers are often readings of a thermometer that no text contains. */
const NUMBER_SHARE = 0.4
/** A passage with less evidence than this share of the best is left out. */
const EVIDENCE_BESIDE_BEST = 0.6

const BOOST = { title: 2.5, heading: 2, text: 1 } as const
/** BM25's k1 (saturation of repeated words) and b (normalisation by length). */
const SATURATION = 1.2
const LENGTH_SHARE = 0.3

/** Passages indexed before main handles other events. */
const CHUNK_SIZE = 100

/** A spoken question has a handful of terms; this bounds the cost of a pasted page. */
const TERMS_LIMIT = 24

export type OfflineIndex = {
  /** Best first. A section in both languages is quoted in the question's language. */
  search(query: string, language: Language): SearchAnswer
}

/** `length`: in search terms. */
type Entry = Passage & { id: number; length: number }
type LanguageIndex = {
  engine: MiniSearch<Entry>
  entries: Entry[]
  meanLength: number
  /** Every term of the passages. */
  vocabulary: ReadonlySet<string>
}

/** Builds the index of a copy, in pieces, so that other work in the process does not wait. */
export const buildOfflineIndex = async (
  sections: readonly OfflineSection[],
  terms: readonly OfflineTerm[]
): Promise<OfflineIndex> => {
  const glossary = createGlossary(terms)
  const en = await buildLanguage(sections, 'en')
  const es = await buildLanguage(sections, 'es')
  const indexes: Record<Language, LanguageIndex> = { en, es }
  return {
    search: (query, language) => {
      const question = termsOf(query, language, indexes[language].vocabulary)
      const asksTemperature = ASKS_TEMPERATURE.test(query)
      const scored = LANGUAGES.flatMap((searched) =>
        scoreLanguage(
          indexes[searched],
          withFigures(glossary.spellingsOf(question, language, searched), asksTemperature),
          new Set(question)
        )
      )
      return answerOf(inOwnLanguage(scored, language))
    }
  }
}

/** The answer of the scored passages, or the nearest sections when the best passage is no answer. */
const answerOf = (scored: readonly Scored[]): SearchAnswer => {
  const ranked = scored.toSorted((one, other) => other.evidence - one.evidence)
  const [best] = ranked
  const found = best !== undefined && isAnswer(best)
  const given = found
    ? ranked.filter(({ evidence }) => evidence >= best.evidence * EVIDENCE_BESIDE_BEST)
    : []
  const passagesOf = (some: readonly Scored[]) => some.map(({ passage }) => passage)
  return {
    found,
    passages: withinLimits(passagesOf(given)),
    nearest: found ? [] : citationsOf(passagesOf(ranked)).slice(0, NEAREST_LIMIT),
    named: 0,
    method: 'offline'
  }
}

/** The first passages within the limits; always the best one. */
const withinLimits = (passages: readonly Passage[]): Passage[] => {
  let characters = 0
  return passages.slice(0, PASSAGES_LIMIT).filter(({ text }, at) => {
    characters += text.length
    return at === 0 || characters <= CHARACTERS_LIMIT
  })
}

/**
 * Quotes a section in the question's language where it has a passage in that language. The best passage then has the
 * higher evidence of the two languages.
 */
const inOwnLanguage = (scored: readonly Scored[], language: Language): Scored[] =>
  [...Map.groupBy(scored, ({ passage }) => passage.slug).values()].flatMap((ofSection) => {
    const own = ofSection.filter(({ passage }) => passage.language === language)
    const foreign = ofSection.filter(({ passage }) => passage.language !== language)
    const [bestOwn, ...others] = own.toSorted((one, other) => other.evidence - one.evidence)
    if (bestOwn === undefined) return foreign
    const [bestForeign] = foreign.toSorted((one, other) => other.evidence - one.evidence)
    if (bestForeign === undefined || bestForeign.evidence <= bestOwn.evidence) return own
    return [{ ...bestForeign, passage: bestOwn.passage }, ...others]
  })

const isAnswer = ({ evidence, coverage, held }: Scored): boolean =>
  coverage >= WHOLE_QUESTION || evidence + CERTAINTY_PER_WORD * held >= CERTAINTY_NEEDED

const buildLanguage = async (
  sections: readonly OfflineSection[],
  language: Language
): Promise<LanguageIndex> => {
  const entries = sections
    .flatMap((section) => {
      const written = section[language]
      if (written === null) return []
      return splitSection(written.content).map((passage) => ({
        ...passage,
        slug: section.slug,
        title: written.title,
        language,
        needsManager: needsManager(section)
      }))
    })
    .map((passage, id) => ({ ...passage, id, length: lengthOf(passage, language) }))
  const vocabulary = new Set<string>()
  const engine = new MiniSearch<Entry>({
    fields: ['title', 'heading', 'text'],
    tokenize: wordsOfText,
    processTerm: (word) => {
      const term = toSearchTerm(word, language)
      if (term !== null) vocabulary.add(term)
      return term
    }
  })
  await engine.addAllAsync(entries, { chunkSize: CHUNK_SIZE })
  const words = entries.reduce((sum, { length }) => sum + length, 0)
  return { engine, entries, meanLength: words / Math.max(1, entries.length), vocabulary }
}

const lengthOf = ({ title, heading, text }: Passage, language: Language): number =>
  wordsOfText(`${title} ${heading} ${text}`).filter((word) => toSearchTerm(word, language) !== null)
    .length

/**
 * The search terms of a question. A recogniser splits unknown words ("gar ganta", "etique ta"). Two words that form a
 * word of the handbook are joined when one of them is not in the handbook.
 */
const termsOf = (query: string, language: Language, vocabulary: ReadonlySet<string>): string[] => {
  const words = wordsOfText(query)
  const isKnown = (word: string): boolean => {
    const term = toSearchTerm(word, language)
    return term === null || vocabulary.has(term)
  }
  const terms = new Set<string>()
  for (let at = 0; at < words.length; at += 1) {
    const [word = '', next] = words.slice(at, at + 2)
    const whole = next === undefined ? null : toSearchTerm(word + next, language)
    const isBroken =
      next !== undefined &&
      whole !== null &&
      LONG_WORD.test(whole) &&
      vocabulary.has(whole) &&
      !(isKnown(word) && isKnown(next))
    const term = isBroken ? whole : toSearchTerm(word, language)
    if (term !== null) terms.add(term)
    if (isBroken) at += 1
  }
  return [...terms].slice(0, TERMS_LIMIT)
}

/** "How hot" asks for a figure: "165 °F". */
const ASKS_TEMPERATURE =
  /(?<!\p{L})(?:how (?:hot|cold|warm)|temp|temperature|degrees?|temperatura|grados?)(?!\p{L})/iu
const TEMPERATURE_WORDS = new Set(
  LANGUAGES.flatMap((language) =>
    wordsOfText('hot cold warm temp temperature degree temperatura grado').flatMap(
      (word) => toSearchTerm(word, language) ?? []
    )
  )
)
const UNITS: readonly Spelling[] = [['f'], ['c']]

const withFigures = (spelled: readonly Spelling[][], asksTemperature: boolean): Spelling[][] =>
  spelled.map((spellings) =>
    asksTemperature && spellings.some(([term = '']) => TEMPERATURE_WORDS.has(term))
      ? [...spellings, ...UNITS]
      : spellings
  )

/** A word of the question: its spellings, and its weight in a passage that has one of them. */
type Word = { spellings: readonly Spelling[]; weight: number }

/** A passage with at least one word of the question. */
type Scored = {
  passage: Passage
  /** In words that only one passage has: see {@link rarity}. */
  evidence: number
  /** Share of the question that it holds, weighted by {@link rarity}. */
  coverage: number
  /** Words of the question that it holds. */
  held: number
}

const scoreLanguage = (
  { engine, entries, meanLength }: LanguageIndex,
  spelled: readonly (readonly Spelling[])[],
  asked: ReadonlySet<string>
): Scored[] => {
  if (spelled.length === 0 || entries.length === 0) return []
  const hits = engine.search(
    { combineWith: 'OR', queries: [...new Set(spelled.flat(2))] },
    {
      // Terms already.
      tokenize: (term) => [term],
      processTerm: (term) => term,
      fuzzy: (term) => (LONG_WORD.test(term) && asked.has(term) ? 1 : false)
    }
  )
  const words = spelled.map((spellings): Word => {
    const passagesWith = hits.filter((hit) => strengthOf(hit, spellings) > 0).length
    const share = spellings.some(([term = '']) => /^\d/.test(term)) ? NUMBER_SHARE : 1
    return { spellings, weight: share * rarity(passagesWith, entries.length) }
  })
  const whole = words.reduce((sum, { weight }) => sum + weight, 0)
  const rarest = rarity(1, entries.length)
  return hits.flatMap((hit): Scored[] => {
    const entry = entries[hit.id]
    if (entry === undefined) return []
    const { id: _place, length, ...passage } = entry
    const scored = { evidence: 0, coverage: 0, held: 0 }
    for (const { spellings, weight } of words) {
      const strength = strengthOf(hit, spellings)
      if (strength === 0) continue
      scored.evidence += (weight / rarest) * saturated(strength, length / meanLength)
      scored.coverage += (weight / whole) * Math.min(1, strength)
      scored.held += 1
    }
    return [{ passage, ...scored }]
  })
}

/** Sum of the boosts of the fields with the best spelling; 0 when the passage has no spelling. */
const strengthOf = (hit: SearchResult, spellings: readonly Spelling[]): number =>
  Math.max(...spellings.map((spelling) => Math.min(...spelling.map((term) => placesOf(hit, term)))))

const placesOf = ({ match, queryTerms }: SearchResult, term: string): number => {
  const fields = Object.hasOwn(match, term) ? match[term] : undefined
  if (fields === undefined) return queryTerms.includes(term) ? LIKENESS_SHARE : 0
  return fields.reduce((sum, field) => sum + (BOOST[field as keyof typeof BOOST] ?? 0), 0)
}

/** BM25's term-frequency saturation. */
const saturated = (strength: number, relativeLength: number): number =>
  (strength * (SATURATION + 1)) /
  (strength + SATURATION * (1 - LENGTH_SHARE + LENGTH_SHARE * relativeLength))

/** BM25's inverse document frequency: a word that no passage has weighs most and lowers every coverage. */
const rarity = (passagesWith: number, passages: number): number =>
  Math.log(1 + (passages - passagesWith + 0.5) / (passagesWith + 0.5))
