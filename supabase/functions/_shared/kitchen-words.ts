// Words that a kitchen has for itself, as a session is told them: "86'd" is out of stock, the "hot box" is a cabinet.
import { z } from 'zod'

/** Longer lists cost every session more than they explain: the instructions are sent with each answer. */
export const KITCHEN_WORD_LIMIT = 100

// One line each: a term that could begin a new line could begin a new rule.
const line = (longest: number) =>
  z
    .string()
    .transform((text) => text.normalize('NFC').replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' '))
    .pipe(z.string().trim().min(1).max(longest))

export const kitchenWordSchema = z.object({ term: line(60), means: line(200) })
export type KitchenWord = z.output<typeof kitchenWordSchema>

/**
 * The same bytes for the same words, whatever their order: by term, each term once, at most
 * {@link KITCHEN_WORD_LIMIT}. Code units are compared, since a locale's order is the machine's.
 */
export const inOrder = (words: readonly KitchenWord[]): KitchenWord[] => {
  const byTerm = new Map<string, string>()
  const sorted = words.toSorted((a, b) =>
    a.term === b.term ? (a.means < b.means ? -1 : 1) : a.term < b.term ? -1 : 1
  )
  for (const { term, means } of sorted) if (!byTerm.has(term)) byTerm.set(term, means)
  return [...byTerm].slice(0, KITCHEN_WORD_LIMIT).map(([term, means]) => ({ term, means }))
}
