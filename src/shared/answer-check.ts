// Checks a spoken answer against the passages that it was given from: whether its quotes stand there, and its figures.
import { type Quantity, quantitiesAgree } from './figures/figure.ts'
import { readFigures } from './figures/read-figures.ts'
import { fold, plain } from './figures/tokens.ts'
import type { Passage } from './handbook.ts'

/** A part of a text, in UTF-16 units; `end` is exclusive. */
export type Span = { start: number; end: number }

/** What a check reads of a passage. */
export type CheckedPassage = Pick<Passage, 'text' | 'title' | 'heading' | 'language'>

/** Shorter is no sentence and no table row, and stands everywhere. */
const SHORTEST_QUOTE_WORDS = 2
/** The mark of an item at the start of a line is no part of what the item says. */
const ITEM_MARK = /^[ \t]*(?:[-*+]|\d{1,3}[.)])[ \t]+/gm
const LINK = /\[([^\][]{0,500})\]\([^()\s]{0,500}\)/g

/** Words, numbers and signs, without case, accents, white space, punctuation, quotation marks and Markdown's marks. */
const wordsOf = (text: string): string[] =>
  fold(plain(text).replaceAll(LINK, '$1').replaceAll(ITEM_MARK, ' ')).match(
    /(?:(?<![\p{L}\d])-)?\d+(?:[.,:/]\d+)*|\p{L}+|[%°$€£]/gu
  ) ?? []

/**
 * Whether a quote stands word for word in one of the passages. Case, accents, white space, punctuation, quotation marks,
 * dashes and Markdown's marks may differ. A quote of one word does not check.
 */
export const checkQuote = (quote: string, passages: readonly CheckedPassage[]): boolean => {
  const quoted = wordsOf(quote)
  if (quoted.length < SHORTEST_QUOTE_WORDS) return false
  const sought = ` ${quoted.join(' ')} `
  return passages.some(({ text }) => ` ${wordsOf(text).join(' ')} `.includes(sought))
}

/** The quantities of a passage. They are asked for with every word of an answer that streams in. */
const quantitiesByPassage = new WeakMap<CheckedPassage, readonly Quantity[]>()
const quantitiesOf = (passage: CheckedPassage): readonly Quantity[] => {
  const known = quantitiesByPassage.get(passage)
  if (known !== undefined) return known
  const { title, heading, text, language } = passage
  const stock = [title, heading, text].flatMap((part) =>
    // As its own language has it, and as an answer in unknown words is read.
    [language, null].flatMap((assumed) =>
      readFigures(part, assumed).flatMap(({ readings }) => readings.flat())
    )
  )
  quantitiesByPassage.set(passage, stock)
  return stock
}

/** Words after a figure until which a streaming answer may still change it: "one hour", "and", "thirty", "minutes". */
const SETTLING_WORDS = 3
const isSettled = (after: string): boolean =>
  /[.!?…]["”»)]*\s|[。！？]/u.test(after) ||
  (after.match(/[\p{L}\p{N}]+(?=[^\p{L}\p{N}])/gu) ?? []).length >= SETTLING_WORDS

/**
 * The figures of a spoken answer that stand in no passage: no passage has the same value, with the same unit where both
 * say one. Numbers may be in digits or in English or Spanish words on either side.
 * @param state `streaming`: more of the answer may come, and a figure at its end is not judged yet
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
