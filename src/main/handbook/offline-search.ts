// Searches the copy of the handbook on this machine: no network, no vectors, words only. It decides by how much
// of the question a passage holds, never by the order alone: the best of a bad lot is always first.
import MiniSearch, { type SearchResult } from 'minisearch'
import type { Passage, SearchAnswer } from '../../shared/handbook.ts'
import { LANGUAGES, type Language } from '../../shared/language.ts'
import { otherTermsFor } from './offline-glossary.ts'
import { splitSection } from './offline-passages.ts'
import type { OfflineSection } from './offline-section.ts'
import { termOf, wordsIn } from './offline-words.ts'

/** What a spoken answer is made from: a second passage may hold the exception, a fourth never helped. */
const PASSAGES_LIMIT = 3

/**
 * Share of the question, weighted by how rare its words are in this handbook, that a passage must hold to be an
 * answer. Measured on the sample handbook (`tests/unit/main/handbook/offline-search.test.ts`).
 */
const COVERAGE_NEEDED = 0.55
/** What a word counts that only resembles one of the question's: a recogniser's slip, or another word. */
const LIKENESS_SHARE = 0.5
/** A shorter word has too many neighbours one letter away. */
const LONG_WORD = /^\p{L}{5,}$/u
/** Beside a passage that has all of the question, one that has much less of it is no answer. */
const COVERAGE_BESIDE_BEST = 0.8

/** A title says what a section is for, a heading what the passage is for. */
const BOOST = { title: 2.5, heading: 2, text: 1 } as const

/** Passages indexed before other work gets its turn: main has calls to answer meanwhile. */
const CHUNK_SIZE = 100

/** A spoken question has a handful of words that count; a pasted page must not cost a search per word. */
const TERMS_LIMIT = 24

export type OfflineIndex = {
  /** Best first; the asker's language, and the other one only when nothing is found in it. */
  search(query: string, language: Language): SearchAnswer
}

type Entry = Passage & { id: number }
type LanguageIndex = { engine: MiniSearch<Entry>; entries: Entry[] }

/** Builds the index of a copy, in pieces, so that nothing else in the process has to wait for it. */
export const buildOfflineIndex = async (
  sections: readonly OfflineSection[]
): Promise<OfflineIndex> => {
  const en = await buildLanguage(sections, 'en')
  const es = await buildLanguage(sections, 'es')
  const indexes: Record<Language, LanguageIndex> = { en, es }
  return {
    search: (query, language) => {
      const other = LANGUAGES.filter((one) => one !== language)
      for (const searched of [language, ...other]) {
        const passages = searchLanguage(indexes[searched], query, language, searched)
        if (passages.length > 0) return answerOf(passages)
      }
      return { found: false, passages: [], citations: [], method: 'offline' }
    }
  }
}

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
        language
      }))
    })
    .map((passage, id) => ({ ...passage, id }))
  const engine = new MiniSearch<Entry>({
    fields: ['title', 'heading', 'text'],
    tokenize: wordsIn,
    processTerm: (word) => termOf(word, language)
  })
  await engine.addAllAsync(entries, { chunkSize: CHUNK_SIZE })
  return { engine, entries }
}

/** A word of the question as it may be written in a passage: itself first, then the kitchen's other words. */
type Spellings = readonly [string, ...string[]]

const wordsToFind = (query: string, asked: Language, searched: Language): Spellings[] => {
  const terms = new Set(wordsIn(query).flatMap((word) => termOf(word, asked) ?? []))
  return [...terms]
    .slice(0, TERMS_LIMIT)
    .map((term) => [term, ...otherTermsFor(term, asked, searched)])
}

const searchLanguage = (
  { engine, entries }: LanguageIndex,
  query: string,
  asked: Language,
  searched: Language
): Passage[] => {
  const words = wordsToFind(query, asked, searched)
  if (words.length === 0) return []
  const askedTerms = new Set(words.map(([term]) => term))
  const hits = engine.search(
    { combineWith: 'OR', queries: [...new Set(words.flat())] },
    {
      boost: BOOST,
      // Terms already.
      tokenize: (term) => [term],
      processTerm: (term) => term,
      fuzzy: (term) => (LONG_WORD.test(term) && askedTerms.has(term) ? 1 : false)
    }
  )
  const covered = withCoverage(hits, words, entries.length)
  const best = Math.max(0, ...covered.map(({ coverage }) => coverage))
  const needed = Math.max(COVERAGE_NEEDED, best * COVERAGE_BESIDE_BEST)
  return covered
    .filter(({ coverage }) => coverage >= needed)
    .slice(0, PASSAGES_LIMIT)
    .flatMap(({ id }) => {
      const entry = entries[id]
      if (entry === undefined) return []
      const { id: _place, ...passage } = entry
      return [passage]
    })
}

/** What share of the question each hit holds, in the order of the hits. */
const withCoverage = (
  hits: readonly SearchResult[],
  words: readonly Spellings[],
  passages: number
): { id: number; coverage: number }[] => {
  const holds = ({ queryTerms }: SearchResult, word: Spellings) =>
    word.some((spelling) => queryTerms.includes(spelling))
  const weighed = words.map((word) => {
    const passagesWith = hits.filter((hit) => holds(hit, word)).length
    return { word, weight: rarity(passagesWith, passages) }
  })
  const whole = weighed.reduce((sum, { weight }) => sum + weight, 0)
  return hits.map((hit) => {
    const held = weighed.reduce((sum, { word, weight }) => {
      if (!holds(hit, word)) return sum
      const asWritten = word.some((spelling) => Object.hasOwn(hit.match, spelling))
      return sum + weight * (asWritten ? 1 : LIKENESS_SHARE)
    }, 0)
    return { id: hit.id, coverage: held / whole }
  })
}

/** Inverse document frequency as BM25 has it: a word that no passage has weighs most and speaks against all. */
const rarity = (passagesWith: number, passages: number): number =>
  Math.log(1 + (passages - passagesWith + 0.5) / (passagesWith + 0.5))

const answerOf = (passages: Passage[]): SearchAnswer => ({
  found: true,
  passages,
  citations: passages
    .filter(({ slug }, at) => passages.findIndex((one) => one.slug === slug) === at)
    .map(({ slug, title, language }) => ({ slug, title, language })),
  method: 'offline'
})
