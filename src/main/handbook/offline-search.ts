// Searches the copy of the handbook on this machine: no network, no vectors, words only. It decides by how much
// of the question a passage holds, never by the order alone: the best of a bad lot is always first.
import MiniSearch from 'minisearch'
import type { Passage, SearchAnswer } from '../../shared/handbook.ts'
import { LANGUAGES, type Language } from '../../shared/language.ts'
import { splitSection } from './offline-passages.ts'
import type { OfflineSection } from './offline-section.ts'
import { termOf, wordsIn } from './offline-words.ts'

/** What a spoken answer is made from: a second passage may hold the exception, a fourth never helped. */
const PASSAGES_LIMIT = 3

/**
 * Share of the question, weighted by how rare its words are in this handbook, that a passage must hold to be an
 * answer. Measured on the sample handbook (`tests/unit/main/handbook/offline-search.test.ts`).
 */
const COVERAGE_NEEDED = 0.5
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

const searchLanguage = (
  { engine, entries }: LanguageIndex,
  query: string,
  asked: Language,
  searched: Language
): Passage[] => {
  const terms = [...new Set(wordsIn(query).flatMap((word) => termOf(word, asked) ?? []))].slice(
    0,
    TERMS_LIMIT
  )
  if (terms.length === 0) return []
  const hits = engine.search(
    { combineWith: 'OR', queries: terms },
    {
      boost: BOOST,
      tokenize: (term) => [term],
      processTerm: (term) => term,
      fuzzy: (term) => (/^\p{L}{5,}$/u.test(term) ? 1 : false)
    }
  )
  const passagesWith = (term: string) =>
    hits.filter(({ queryTerms }) => queryTerms.includes(term)).length
  const weights = new Map(terms.map((term) => [term, rarity(passagesWith(term), entries.length)]))
  const weightOf = (some: readonly string[]) =>
    [...new Set(some)].reduce((sum, term) => sum + (weights.get(term) ?? 0), 0)
  const whole = weightOf(terms)
  const covered = hits.map((hit) => ({ ...hit, coverage: weightOf(hit.queryTerms) / whole }))
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

/** Inverse document frequency as BM25 has it: a word that no passage has weighs most and speaks against all. */
const rarity = (passagesWith: number, passages: number): number =>
  Math.log(1 + (passages - passagesWith + 0.5) / (passagesWith + 0.5))

const answerOf = (passages: Passage[]): SearchAnswer => {
  const sections = new Map(passages.toReversed().map((passage) => [passage.slug, passage]))
  return {
    found: true,
    passages,
    citations: [...sections.values()]
      .toReversed()
      .map(({ slug, title, language }) => ({ slug, title, language })),
    method: 'offline'
  }
}
