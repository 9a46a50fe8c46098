// Reads a kitchen's own words for a session: "86'd" is out of stock, the "hot box" is a cabinet.
import { z } from 'zod'
import { oneLine } from './fenced-data.ts'

/** The instructions are sent with each answer, so a longer list costs more than it explains. */
export const KITCHEN_WORD_LIMIT = 100

const line = (longest: number) => z.string().transform(oneLine).pipe(z.string().min(1).max(longest))

export const kitchenWordSchema = z.object({ term: line(60), means: line(200) })
export type KitchenWord = z.output<typeof kitchenWordSchema>

/**
 * The words by term, each term once, at most {@link KITCHEN_WORD_LIMIT}: the same bytes for any order.
 * Compares code units, because a locale's order depends on the machine.
 */
export const inOrder = (words: readonly KitchenWord[]): KitchenWord[] => {
  const byTerm = new Map<string, string>()
  const sorted = words.toSorted((a, b) =>
    a.term === b.term ? (a.means < b.means ? -1 : 1) : a.term < b.term ? -1 : 1
  )
  for (const { term, means } of sorted) if (!byTerm.has(term)) byTerm.set(term, means)
  return [...byTerm].slice(0, KITCHEN_WORD_LIMIT).map(([term, means]) => ({ term, means }))
}
