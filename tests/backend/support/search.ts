// Calls search_handbook with named parameters and defaults.
import { randomUUID } from 'node:crypto'
import type { Viewer } from '../../../dev/supabase/database.ts'
import { HARBOR, type Restaurants } from './restaurants.ts'

export const MODEL = 'text-embedding-3-small'
/** Length of the vectors of {@link MODEL}. */
export const DIMENSIONS = 1_536

export const SEARCH = 'select * from public.search_handbook($1, $2, $3, $4, $5, $6, $7, $8, $9)'

export type Question = {
  /** Default: Harbor. */
  groupId?: string
  /** Default: a new one. */
  questionId?: string
  question: string
  restated?: string
  /** Slugs. */
  sections?: readonly string[]
  /** Of both texts. Default: English. */
  language?: 'en' | 'es'
  /** Default: none, which searches by words only. */
  vector?: readonly number[]
  model?: string
}

/** The parameters of {@link SEARCH}. */
export const searchArguments = (asked: Question): unknown[] => [
  asked.groupId ?? HARBOR,
  asked.questionId ?? randomUUID(),
  asked.question,
  asked.restated ?? null,
  asked.sections ?? [],
  asked.language ?? 'en',
  asked.vector === undefined ? null : JSON.stringify(asked.vector),
  asked.model ?? MODEL,
  asked.language ?? 'en'
]

/** A row of search_handbook. */
export type FoundPassage = {
  rank: number
  slug: string
  title: string
  heading: string
  language: 'en' | 'es'
  anchor: string
  content: string
  is_given: boolean
  is_named: boolean
  needs_manager: boolean
  method: 'hybrid' | 'keyword'
  embedding_model: string
}

export const searchAs = (
  { as }: Restaurants,
  viewer: Viewer,
  asked: Question
): Promise<FoundPassage[]> => as<FoundPassage>(viewer, SEARCH, searchArguments(asked))

/** Slugs of the given passages, each once, best first. */
export const givenSlugs = (rows: readonly FoundPassage[]): string[] => [
  ...new Set(rows.filter((row) => row.is_given).map(({ slug }) => slug))
]
