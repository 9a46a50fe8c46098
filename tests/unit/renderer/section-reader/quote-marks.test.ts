// Quotes of an answer, marked in the text that they come from.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Block, blocksOf } from '../../../../src/renderer/section-reader/markdown.ts'
import { withQuotes } from '../../../../src/renderer/section-reader/quote-marks.ts'

const partsOf = (block: Block) => {
  switch (block.kind) {
    case 'list':
      return block.items.flatMap(({ content }) => content)
    case 'table':
      return [block.head, ...block.rows].flat(2)
    case 'code':
      return []
    default:
      return block.content
  }
}
const markedIn = (text: string, ...quotes: string[]): string[] =>
  withQuotes(blocksOf(text), quotes)
    .flatMap(partsOf)
    .flatMap((part) => (part.isQuoted === true ? [part.text] : []))

test.each<[string, string, string, string[]]>([
  ['a sentence', 'Wash hands. Dry them. Go on.', 'Dry them.', ['Dry them']],
  [
    'other case, accents and marks',
    'El **Jamón** va frío.',
    'el jamon va FRÍO',
    ['El ', 'Jamón', ' va frío']
  ],
  ['a broken line', 'Keep it\ncold: 41 °F.', 'Keep it cold: 41 °F.', ['Keep it cold: 41 °F']],
  [
    'a row of a table',
    '| Food | Heat |\n|---|---|\n| Fish | 145 °F |\n| Beef | 155 °F |',
    '| Fish | 145 °F |',
    ['Fish', '145 °F']
  ],
  ['an item of a list', '- Wash.\n- Rinse well.', '- Rinse well.', ['Rinse well']],
  ['no other text', 'Wash hands.', 'Wash the floor.', []],
  ['an empty quote', 'Wash hands.', '…', []]
])('marks %s', (_, text, quote, marked) => {
  expect(markedIn(text, quote)).toEqual(marked)
})

test('marks two quotes that overlap', () => {
  expect(markedIn('One two three four', 'one two three', 'three four').join('')).toBe(
    'One two three four'
  )
})

test('changes no word of any text', () => {
  const words = fc.lorem({ maxCount: 12 })
  fc.assert(
    fc.property(words, words, words, (before, quote, after) => {
      const text = `${before}\n\n${quote} ${after}`
      const plain = blocksOf(text).flatMap(partsOf)
      const marked = withQuotes(blocksOf(text), [quote]).flatMap(partsOf)
      const joined = (parts: readonly { text: string }[]) => parts.map((one) => one.text).join('')
      expect(joined(marked)).toBe(joined(plain))
      expect(marked.some(({ isQuoted }) => isQuoted)).toBe(true)
    })
  )
})
