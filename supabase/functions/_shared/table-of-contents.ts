// Writes the table of contents of a session's instructions: slug and title of the restaurant's sections by category,
// within a token limit. Managers write titles and categories, so each is one line of data between two fences.
import { z } from 'zod'
import { estimateTokens } from './estimate-tokens.ts'
import { dataPart, oneLine } from './fenced-data.ts'
import { isSlug } from './slug.ts'

/** Longest title or category, in characters: enough to tell sections apart. */
const NAME_LENGTH_LIMIT = 120
/** For sections without a category, and for categories that do not fit. */
const OTHER_CATEGORIES = '…'
/** Reserves room for a category's count. */
const LONGEST_COUNT = ' (+99999)'
/** The share of tokens for categories: with one category per section, no section would fit otherwise. */
const CATEGORY_SHARE = 0.5

/** As `get_voice_access` returns it, in the handbook's order. */
export const contentsSchema = z.object({
  sections: z.array(
    z.object({
      slug: z.string(),
      title: z.string(),
      category: z.string(),
      /** Recent answers from this section; the most used sections come first where not all fit. */
      asked: z.int().min(0).default(0)
    })
  ),
  /** Sections that the database left out. */
  omitted: z.array(z.object({ category: z.string(), sections: z.int().min(0) }))
})
export type Contents = z.output<typeof contentsSchema>

export const NO_CONTENTS: Contents = { sections: [], omitted: [] }

type ContentsPhrases = {
  heading: string
  /** Explains a line, and that lines are data. */
  note: string
  /** Explains the count after a category. */
  omitted: string
}

/** May be empty. */
const nameOf = (text: string): string =>
  [...oneLine(text)].slice(0, NAME_LENGTH_LIMIT).join('').trimEnd()

const categoryOf = (category: string): string => nameOf(category) || OTHER_CATEGORIES

type Entry = { category: string; line: string; asked: number; placeInCategory: number }

/** Leaves out sections without a valid slug: the model could not name them. */
const entriesOf = ({ sections }: Contents): Entry[] => {
  const places = new Map<string, number>()
  return sections
    .filter(({ slug }) => isSlug(slug))
    .map(({ slug, title, category: written, asked }) => {
      const category = categoryOf(written)
      const placeInCategory = places.get(category) ?? 0
      places.set(category, placeInCategory + 1)
      const name = nameOf(title)
      return { category, line: name === '' ? slug : `${slug}: ${name}`, asked, placeInCategory }
    })
}

/** The most used first; among equals the first of every category, then the second of every category. */
const byUse = (one: Entry, other: Entry): number =>
  other.asked - one.asked || one.placeInCategory - other.placeInCategory

type Group = { lines: string[]; left: number }

const linesOf = (groups: ReadonlyMap<string, Group>): string[] =>
  [...groups].flatMap(([category, { lines, left }]) =>
    lines.length === 0 && left === 0
      ? []
      : [`[${category}]${left === 0 ? '' : ` (+${left})`}`, ...lines]
  )

/**
 * The part with its heading, at most `tokenLimit` estimated tokens long. Null for a handbook without sections, or where
 * not even the heading fits. Equal contents give equal bytes.
 */
export const tableOfContentsText = (
  contents: Contents,
  { heading, note, omitted }: ContentsPhrases,
  tokenLimit: number
): string | null => {
  const entries = entriesOf(contents)
  const missing = contents.omitted.map(({ category, sections }) => ({
    category: categoryOf(category),
    sections
  }))
  if (entries.length === 0 && missing.every(({ sections }) => sections === 0)) return null

  const costOfCategory = (category: string): number =>
    estimateTokens(`[${category}]${LONGEST_COUNT}\n`)
  const costOfFrame = estimateTokens(dataPart(heading, [note, omitted], []))
  let tokensLeft = tokenLimit - costOfFrame - costOfCategory(OTHER_CATEGORIES)
  if (tokensLeft < 0) return null

  const groups = new Map<string, Group>()
  const other: Group = { lines: [], left: 0 }
  let categoryTokensLeft = tokensLeft * CATEGORY_SHARE
  for (const { category } of [...entries, ...missing]) {
    const tokens = costOfCategory(category)
    if (category === OTHER_CATEGORIES || groups.has(category)) continue
    if (tokens > categoryTokensLeft) continue
    groups.set(category, { lines: [], left: 0 })
    categoryTokensLeft -= tokens
    tokensLeft -= tokens
  }
  groups.set(OTHER_CATEGORIES, other)
  const groupOf = (category: string): Group => groups.get(category) ?? other

  const listed = new Set<Entry>()
  for (const entry of entries.toSorted(byUse)) {
    const tokens = estimateTokens(`${entry.line}\n`)
    if (tokens > tokensLeft) continue
    tokensLeft -= tokens
    listed.add(entry)
  }
  for (const entry of entries) {
    if (listed.has(entry)) groupOf(entry.category).lines.push(entry.line)
    else groupOf(entry.category).left += 1
  }
  for (const { category, sections } of missing) groupOf(category).left += sections
  const isWhole = [...groups.values()].every(({ left }) => left === 0)
  return dataPart(heading, isWhole ? [note] : [note, omitted], linesOf(groups))
}
