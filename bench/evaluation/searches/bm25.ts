// Okapi BM25 over the passages of a restaurant: the plain baseline of information retrieval.
import type { HandbookGroup } from '../../../dev/supabase/handbook-files.ts'
import { LANGUAGES } from '../../../src/shared/language.ts'
import { splitIntoPassages } from '../../../supabase/functions/_shared/passages.ts'
import { firstOf, type GivenPassage, MOST_PASSAGES, type Search } from '../search-result.ts'

/** The usual constants (Robertson and Zaragoza, 2009): saturation and length normalisation. */
const K1 = 1.2
const B = 0.75

const wordsIn = (text: string): string[] =>
  text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .match(/[\p{L}\p{N}]+/gu) ?? []

type Indexed = { passage: GivenPassage; counts: ReadonlyMap<string, number>; length: number }

const indexOf = (passages: readonly (GivenPassage & { indexed: string })[]) => {
  const documents = passages.map(({ indexed, ...passage }): Indexed => {
    const words = wordsIn(indexed)
    const counts = new Map<string, number>()
    for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1)
    return { passage, counts, length: words.length }
  })
  const meanLength = documents.reduce((sum, { length }) => sum + length, 0) / documents.length
  const containing = new Map<string, number>()
  for (const { counts } of documents) {
    for (const word of counts.keys()) containing.set(word, (containing.get(word) ?? 0) + 1)
  }
  const rarity = (word: string): number => {
    const holding = containing.get(word) ?? 0
    return Math.log(1 + (documents.length - holding + 0.5) / (holding + 0.5))
  }
  return (question: string): GivenPassage[] =>
    documents
      .map(({ passage, counts, length }) => ({
        passage,
        score: [...new Set(wordsIn(question))].reduce((sum, word) => {
          const count = counts.get(word) ?? 0
          const saturated = (count * (K1 + 1)) / (count + K1 * (1 - B + (B * length) / meanLength))
          return sum + rarity(word) * saturated
        }, 0)
      }))
      .filter(({ score }) => score > 0)
      .sort((one, other) => other.score - one.score)
      .slice(0, MOST_PASSAGES)
      .map(({ passage }) => passage)
}

export const bm25Search = (groups: readonly HandbookGroup[]): Search => {
  const indexes = new Map(
    groups.map(({ slug: group, sections }) => [
      group,
      indexOf(
        sections.flatMap(({ slug, texts }) =>
          LANGUAGES.flatMap((language) => {
            const written = texts[language]
            return splitIntoPassages(written?.content ?? '').map(({ heading, text }) => ({
              group,
              slug,
              language,
              heading,
              text,
              indexed: `${written?.title ?? ''} ${heading} ${text}`
            }))
          })
        )
      )
    ])
  )
  return {
    name: 'BM25',
    about:
      'k1 1.2, b 0.75, over title, heading and text of every passage, words as written without accents',
    ask: async ({ question: { group, text } }) => ({
      given: firstOf(indexes.get(group)?.(text) ?? []),
      nearest: []
    })
  }
}
