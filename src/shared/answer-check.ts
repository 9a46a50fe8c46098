// Checks the quotes and figures of a spoken answer against its passages.
import { type Quantity, quantitiesAgree } from './figures/figure.ts'
import { readFigures } from './figures/read-figures.ts'
import { fold, plain } from './figures/tokens.ts'
import type { Passage } from './handbook.ts'

/** A part of a text, in UTF-16 units; `end` is exclusive. */
export type Span = { start: number; end: number }

export type CheckedPassage = Pick<Passage, 'text' | 'title' | 'heading' | 'language'>

/** A shorter quote is in every passage. */
const SHORTEST_QUOTE_WORDS = 2
/** A list marker at the start of a line. */
const ITEM_MARK = /^[ \t]*(?:[-*+]|\d{1,3}[.)])[ \t]+/gm
const LINK = /\[([^\][]{0,500})\]\([^()\s]{0,500}\)/g

/** Words, numbers and signs, without case, accents, white space, punctuation and Markdown. */
const wordsOf = (text: string): string[] =>
  fold(plain(text).replaceAll(LINK, '$1').replaceAll(ITEM_MARK, ' ')).match(
    /(?:(?<![\p{L}\d])-)?\d+(?:[.,:/]\d+)*|\p{L}+|[%°$€£]/gu
  ) ?? []

/**
 * True when a quote is in one of the passages, word for word. Case, accents, white space, punctuation and Markdown may
 * differ. A quote of one word does not check.
 */
export const checkQuote = (quote: string, passages: readonly CheckedPassage[]): boolean => {
  const quoted = wordsOf(quote)
  if (quoted.length < SHORTEST_QUOTE_WORDS) return false
  const sought = ` ${quoted.join(' ')} `
  return passages.some(({ text }) => ` ${wordsOf(text).join(' ')} `.includes(sought))
}

/** A cache: every word of a streaming answer reads the quantities again. */
const quantitiesByPassage = new WeakMap<CheckedPassage, readonly Quantity[]>()
const quantitiesOf = (passage: CheckedPassage): readonly Quantity[] => {
  const known = quantitiesByPassage.get(passage)
  if (known !== undefined) return known
  const { title, heading, text, language } = passage
  const stock = [title, heading, text].flatMap((part) =>
    // In the passage's language, and without a language, as an answer is read.
    [language, null].flatMap((assumed) =>
      readFigures(part, assumed).flatMap(({ readings }) => readings.flat())
    )
  )
  quantitiesByPassage.set(passage, stock)
  return stock
}

/** The next words of a streaming answer may still change a figure: "one hour", "and", "thirty", "minutes". */
const SETTLING_WORDS = 3
const isSettled = (after: string): boolean =>
  /[.!?…]["”»)]*\s|[。！？]/u.test(after) ||
  (after.match(/[\p{L}\p{N}]+(?=[^\p{L}\p{N}])/gu) ?? []).length >= SETTLING_WORDS

/**
 * The figures of a spoken answer that are in no passage: no passage has the same value, with the same unit where both have
 * one. Numbers may be in digits or in English or Spanish words on either side.
 * @param state `streaming`: a figure at the end may still change and is not checked
 */
export const unverifiedFigures = (
  spoken: string,
  passages: readonly CheckedPassage[],
  state: 'complete' | 'streaming' = 'complete'
): Span[] => {
  const stock = passages.flatMap(quantitiesOf)
  return readFigures(spoken, null)
    .filter(({ isClaim, end }) => isClaim && (state === 'complete' || isSettled(spoken.slice(end))))
    .filter(
      ({ readings }) =>
        !readings.some((way) =>
          way.every((claimed) => stock.some((given) => quantitiesAgree(given, claimed)))
        )
    )
    .map(({ start, end }) => ({ start, end }))
}
