// Searches with public.search_handbook as a member of the restaurant, as the kiosk does.
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { HandbookGroup } from '../../../dev/supabase/handbook-files.ts'
import { languageSchema } from '../../../src/shared/language.ts'
import { meanVector } from '../../../supabase/functions/_shared/embedding.ts'
import { splitIntoPassages } from '../../../supabase/functions/_shared/passages.ts'
import type { HandbookDatabase } from '../handbook-database.ts'
import type { Answer, Asked, GivenPassage, Search } from '../search-result.ts'

export const QUERY_PARTS = ['own words', 'restated', 'named'] as const
export type QueryParts = (typeof QUERY_PARTS)[number]
export type Vectors = ReadonlyMap<string, number[]>

const ABOUT: Readonly<Record<QueryParts, string>> = {
  'own words': 'the words of the question alone',
  restated: 'the words and the restatement',
  named: 'the words, the restatement and the named sections, as a kiosk sends them'
}

const foundSchema = z.array(
  z.object({
    slug: z.string(),
    title: z.string(),
    heading: z.string(),
    language: languageSchema,
    anchor: z.string(),
    content: z.string(),
    is_given: z.boolean()
  })
)
export type Found = z.output<typeof foundSchema>[number]
/** @param rows of public.search_handbook or private.find_passages, by rank */
export const parseSearchRows = (rows: unknown): Found[] => foundSchema.parse(rows)

const vectorIn = (vectors: Vectors, text: string): number[] => {
  const vector = vectors.get(text)
  if (vector === undefined) throw new Error(`"${text}" has no vector.`)
  return vector
}

/**
 * Question, restatement, sections, language, vector and model.
 * @param vectors by text; null: as without an embedding
 */
export const searchParameters = (
  { question, request }: Asked,
  sent: QueryParts,
  vectors: Vectors | null,
  model: string
): unknown[] => {
  // As in realtime-search: a restatement that equals the question is dropped.
  const isRestated = sent !== 'own words' && request.restated !== question.text
  const restated = isRestated ? request.restated : null
  const texts = restated === null ? [question.text] : [question.text, restated]
  const vector = vectors === null ? null : meanVector(texts.map((text) => vectorIn(vectors, text)))
  return [
    question.text,
    restated,
    sent === 'named' ? request.sections : [],
    question.language,
    vector === null ? null : JSON.stringify(vector),
    model
  ]
}

/** The restaurant has this text under this title and anchor. */
const isOf = (group: HandbookGroup, { slug, title, language, anchor, content }: Found): boolean => {
  const written = group.sections.find((section) => section.slug === slug)?.texts[language]
  return (
    written?.title === title &&
    splitIntoPassages(written.content).some(
      (passage) => passage.anchor === anchor && content.includes(passage.text)
    )
  )
}

/**
 * Two restaurants may share a slug, so the text decides the restaurant of a row.
 * @param groups with the asking restaurant first
 */
export const toSearchResult = (
  found: readonly Found[],
  groups: readonly HandbookGroup[]
): Answer => {
  const placed = found.map((row) => {
    const group = groups.find((each) => isOf(each, row))?.slug ?? ''
    const passage: GivenPassage = {
      group,
      slug: row.slug,
      language: row.language,
      heading: row.heading,
      text: row.content
    }
    return { passage, isGiven: row.is_given }
  })
  return {
    given: placed.flatMap(({ passage, isGiven }) => (isGiven ? [passage] : [])),
    nearest: placed.flatMap(({ passage: { group, slug }, isGiven }) =>
      isGiven ? [] : [{ group, slug }]
    )
  }
}

const wordsOnly = (sent: QueryParts): string => `${sent}, no vectors`
/** The names of {@link productSearch}. */
export const PRODUCT_SEARCHES: readonly string[] = [...QUERY_PARTS, ...QUERY_PARTS.map(wordsOnly)]

/** @param vectors as for {@link searchParameters} */
export const productSearch = (
  { database, groups, askerOf, embed }: HandbookDatabase,
  sent: QueryParts,
  vectors: Vectors | null
): Search => ({
  name: vectors === null ? wordsOnly(sent) : sent,
  about: `Heard's search, given ${ABOUT[sent]}${vectors === null ? ', without a vector' : ''}`,
  ask: async (asked) => {
    const { group, language } = asked.question
    const { groupId, viewer } = askerOf(group)
    const found = await database.transaction(async (sql) => {
      const { rows } = await sql.query(
        'select * from public.search_handbook($1, $2, $3, $4, $5, $6, $7, $8, $9) order by rank',
        [groupId, randomUUID(), ...searchParameters(asked, sent, vectors, embed.model), language]
      )
      return parseSearchRows(rows)
    }, viewer)
    const own = groups.filter(({ slug }) => slug === group)
    return toSearchResult(found, [...own, ...groups.filter(({ slug }) => slug !== group)])
  }
})
