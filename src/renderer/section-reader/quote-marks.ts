// Marks quotes in the blocks of a text. Letters and digits are compared: case, accents, punctuation, Markdown and the
// borders of table cells may differ, as in the answer check.
import { type Block, blocksOf, type Inline } from './markdown.ts'

type Content = readonly Inline[]

/** The blocks with every run of words mapped, in the order of the text. */
const mapContents = (blocks: readonly Block[], map: (content: Content) => Content): Block[] =>
  blocks.map((block) => {
    switch (block.kind) {
      case 'heading':
      case 'paragraph':
        return { ...block, content: map(block.content) }
      case 'list':
        return {
          ...block,
          items: block.items.map((item) => ({ ...item, content: map(item.content) }))
        }
      case 'table':
        return { ...block, head: block.head.map(map), rows: block.rows.map((row) => row.map(map)) }
      case 'code':
        return block
      default:
        return block satisfies never
    }
  })

const contentsOf = (blocks: readonly Block[]): Inline[] => {
  const parts: Inline[] = []
  mapContents(blocks, (content) => {
    parts.push(...content)
    return content
  })
  return parts
}

/** Letters and digits without case and accents, each with its place in the text. */
const lettersOf = (text: string): { letter: string; at: number; end: number }[] => {
  const letters: { letter: string; at: number; end: number }[] = []
  let at = 0
  for (const character of text) {
    const end = at + character.length
    const folded = character
      .normalize('NFD')
      .replace(/[^\p{L}\p{N}]/gu, '')
      .toLowerCase()
    for (const letter of folded) letters.push({ letter, at, end })
    at = end
  }
  return letters
}

const foldedText = (text: string): string =>
  lettersOf(text)
    .map(({ letter }) => letter)
    .join('')

/** From the first to after the last character of each quote, in the joined text. */
const spansOf = (text: string, quotes: readonly string[]) => {
  const letters = lettersOf(text)
  const folded = letters.map(({ letter }) => letter).join('')
  return quotes.flatMap((quote) => {
    const sought = foldedText(textOf(blocksOf(quote)))
    const from = sought === '' ? -1 : folded.indexOf(sought)
    const first = letters[from]
    const last = letters[from + sought.length - 1]
    return first === undefined || last === undefined ? [] : [{ start: first.at, end: last.end }]
  })
}

const textOf = (blocks: readonly Block[]): string =>
  contentsOf(blocks)
    .map(({ text }) => text)
    .join('')

/** The blocks, with the parts of the quotes that they contain marked as `isQuoted`. */
export const withQuotes = (blocks: readonly Block[], quotes: readonly string[]): Block[] => {
  const spans = spansOf(textOf(blocks), quotes)
  let from = 0
  return mapContents(blocks, (content) =>
    content.flatMap((part) => {
      const start = from
      from += part.text.length
      return splitAt(part, start, spans)
    })
  )
}

const splitAt = (
  part: Inline,
  start: number,
  spans: readonly { start: number; end: number }[]
): Inline[] => {
  const within = (at: number) => Math.min(Math.max(at - start, 0), part.text.length)
  const cuts = new Set([
    0,
    part.text.length,
    ...spans.flatMap((one) => [one.start, one.end]).map(within)
  ])
  const places = [...cuts].sort((one, other) => one - other)
  return places.slice(1).map((end, index) => {
    const at = places[index] ?? 0
    const isQuoted = spans.some((span) => span.start <= start + at && start + end <= span.end)
    const text = part.text.slice(at, end)
    return isQuoted ? { ...part, text, isQuoted } : { ...part, text }
  })
}
