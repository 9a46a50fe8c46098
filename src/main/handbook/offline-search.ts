// Searches the copy of the handbook on this machine: no network, no vectors, words only. Whether it answers is decided by
// what the best passage has of the question, never by the order alone: the best of a bad lot is always first.
import MiniSearch, { type SearchResult } from 'minisearch'
import { citationsOf, type Passage, type SearchAnswer } from '../../shared/handbook.ts'
import { LANGUAGES, type Language } from '../../shared/language.ts'
import { createGlossary, type Spelling } from './offline-glossary.ts'
import { needsManager, type OfflineSection, type OfflineTerm } from './offline-handbook.ts'
import { splitSection } from './offline-passages.ts'
import { toSearchTerm, wordsOfText } from './offline-stemmer.ts'

/** As the backend gives at most, and about as much text: 1,200 tokens of 4 characters. */
const PASSAGES_LIMIT = 6
const CHARACTERS_LIMIT = 4_800
/** Sections that are named to a person whose question was not found. */
const NEAREST_LIMIT = 3

/**
 * The best passage answers when it has the whole question, or when what it says about it (in words that only one passage
 * has) and a little for every word that it holds come to this much. Fitted to the development half of
 * `bench/evaluation/sets`; docs/decisions/0043-offline-search.md has what other limits would do.
 */
const WHOLE_QUESTION = 0.95
const CERTAINTY_NEEDED = 2.5
const CERTAINTY_PER_WORD = 0.3
/** What a word counts that only resembles one of the question's: a recogniser's slip, or another word. */
const LIKENESS_SHARE = 0.5
/** A shorter word has too many neighbours one letter away. */
const LONG_WORD = /^\p{L}{5,}$/u
/** Numbers are often what was read off a thermometer, not what is in the text. */
const NUMBER_SHARE = 0.4
/** Beside the best passage, one that is worth much less is no answer. */
const EVIDENCE_BESIDE_BEST = 0.6

/** A title says what a section is for, a heading what the passage is for. */
const BOOST = { title: 2.5, heading: 2, text: 1 } as const
/** BM25's k1 and b: how soon a word stops counting, and how much a long passage pays for its length. */
const SATURATION = 1.2
const LENGTH_SHARE = 0.3

/** Passages indexed before other work gets its turn: main has calls to answer meanwhile. */
const CHUNK_SIZE = 100

/** A spoken question has a handful of words that count; a pasted page must not cost a search per word. */
const TERMS_LIMIT = 24

export type OfflineIndex = {
  /** Best first; a section that is written in both languages is quoted in the asker's. */
  search(query: string, language: Language): SearchAnswer
}

/** `length`: in words that count. */
type Entry = Passage & { id: number; length: number }
type LanguageIndex = {
  engine: MiniSearch<Entry>
  entries: Entry[]
  meanLength: number
  /** Every term of the passages. */
  vocabulary: ReadonlySet<string>
}

/**
 * Builds the index of a copy, in pieces, so that nothing else in the process has to wait for it.
 * @param terms the organisation's words for things
 */
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

/** The answer that `scored` passages make, or the nearest sections when the best says too little. */
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

/** The first passages that fit; the best one whatever its length. */
const withinLimits = (passages: readonly Passage[]): Passage[] => {
  let characters = 0
  return passages.slice(0, PASSAGES_LIMIT).filter(({ text }, at) => {
    characters += text.length
    return at === 0 || characters <= CHARACTERS_LIMIT
  })
}

/**
 * Where a section has something in both languages it is quoted in the asker's, and its best passage is worth what either
 * language says; a section that has it in the other language only is quoted in that.
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
 * What a question turns on. A recogniser breaks words that it does not know ("gar ganta", "etique ta"): two that make a
 * word of the handbook, and of which one is none, are that word.
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

/** A word of the question: its spellings, and what it says when a passage has one of them. */
type Word = { spellings: readonly Spelling[]; weight: number }

/** A passage that has something of the question. */
type Scored = {
  passage: Passage
  /** What the passage says about the question, in words that only one passage has: see {@link rarity}. */
  evidence: number
  /** Share of the question, weighted by how rare its words are here, that it holds. */
  coverage: number
  /** How many of the question's words it holds. */
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

/** What counts of a word in a passage: where its best spelling stands, added up; 0: none is there. */
const strengthOf = (hit: SearchResult, spellings: readonly Spelling[]): number =>
  Math.max(...spellings.map((spelling) => Math.min(...spelling.map((term) => placesOf(hit, term)))))

const placesOf = ({ match, queryTerms }: SearchResult, term: string): number => {
  const fields = Object.hasOwn(match, term) ? match[term] : undefined
  if (fields === undefined) return queryTerms.includes(term) ? LIKENESS_SHARE : 0
  return fields.reduce((sum, field) => sum + (BOOST[field as keyof typeof BOOST] ?? 0), 0)
}

/** BM25: a word that stands everywhere in a passage says less than twice what it says standing once. */
const saturated = (strength: number, relativeLength: number): number =>
  (strength * (SATURATION + 1)) /
  (strength + SATURATION * (1 - LENGTH_SHARE + LENGTH_SHARE * relativeLength))

/** Inverse document frequency as BM25 has it: a word that no passage has weighs most and speaks against all. */
const rarity = (passagesWith: number, passages: number): number =>
  Math.log(1 + (passages - passagesWith + 0.5) / (passagesWith + 0.5))
