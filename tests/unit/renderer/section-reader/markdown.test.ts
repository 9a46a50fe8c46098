// A section's Markdown as blocks.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { HANDBOOK_FOLDER, readHandbookFolder } from '../../../../dev/supabase/handbook-files.ts'
import {
  type Block,
  blocksOf,
  type Inline
} from '../../../../src/renderer/section-reader/markdown.ts'
import { splitIntoPassages } from '../../../../supabase/functions/_shared/passages.ts'

const plain = (text: string): Inline[] => [{ style: 'plain', text }]
const inline = (text: string) => {
  const [block] = blocksOf(text)
  return block?.kind === 'paragraph' ? block.content : null
}

test('parses headings with anchors, paragraphs, lists, tables and code', () => {
  const markdown = [
    '# Storage',
    'In the',
    'walk-in.',
    '',
    '## Walk-in ##',
    '1. Date it.',
    '2. Put it',
    '   away.',
    '   - On the left.',
    '',
    '### Raw meat',
    '| Food | Shelf |',
    '| :--- | ---: |',
    '| **Chicken** | bottom |',
    '',
    '```',
    '# no heading',
    '```',
    '> Ask the manager.',
    '---',
    '## Freezer',
    'At 0 °F.'
  ].join('\r\n')
  const heading = (level: number, anchor: string, text: string): Block => ({
    kind: 'heading',
    level,
    anchor,
    content: plain(text)
  })
  expect(blocksOf(markdown)).toEqual([
    heading(1, '', 'Storage'),
    { kind: 'paragraph', content: plain('In the walk-in.') },
    heading(2, 'walk-in', 'Walk-in'),
    {
      kind: 'list',
      items: [
        { depth: 0, number: 1, content: plain('Date it.') },
        { depth: 0, number: 2, content: plain('Put it away.') },
        { depth: 1, number: null, content: plain('On the left.') }
      ]
    },
    heading(3, 'walk-in/raw-meat', 'Raw meat'),
    {
      kind: 'table',
      head: [plain('Food'), plain('Shelf')],
      rows: [[[{ style: 'strong', text: 'Chicken' }], plain('bottom')]]
    },
    { kind: 'code', text: '# no heading' },
    { kind: 'paragraph', content: plain('Ask the manager.') },
    heading(2, 'freezer', 'Freezer'),
    { kind: 'paragraph', content: plain('At 0 °F.') }
  ])
})

test.each<[string, Inline[]]>([
  [
    'Cook **chicken** to *165 °F* with the `probe`.',
    [
      { style: 'plain', text: 'Cook ' },
      { style: 'strong', text: 'chicken' },
      { style: 'plain', text: ' to ' },
      { style: 'emphasis', text: '165 °F' },
      { style: 'plain', text: ' with the ' },
      { style: 'code', text: 'probe' },
      { style: 'plain', text: '.' }
    ]
  ],
  [
    '__Never__ raw',
    [
      { style: 'strong', text: 'Never' },
      { style: 'plain', text: ' raw' }
    ]
  ],
  ['See [the chart](https://example.com/a) and ![it](x.png).', plain('See the chart and it.')],
  ['2 * 3 * 4, snake_case_name, a_b', plain('2 * 3 * 4, snake_case_name, a_b')],
  ['\\*not\\* this', plain('*not* this')],
  ['<img src=x onerror=alert(1)>', plain('<img src=x onerror=alert(1)>')],
  ['**open, and [no link](', plain('**open, and [no link](')]
])('%s', (text, expected) => {
  expect(inline(text)).toEqual(expected)
})

test('continues a list over empty lines, and ends it at a paragraph', () => {
  expect(blocksOf('- One\n\n- Two\n\n  still two\n\nAfter.').map(({ kind }) => kind)).toEqual([
    'list',
    'paragraph'
  ])
})

test('parses a table without a head', () => {
  expect(blocksOf('| a | b |\n| c \\| d |')).toEqual([
    { kind: 'table', head: [], rows: [[plain('a'), plain('b')], [plain('c | d')]] }
  ])
})

test('has a heading, or the top, for every passage of the sample handbook', async () => {
  const { groups } = await readHandbookFolder(HANDBOOK_FOLDER)
  for (const { sections } of groups) {
    for (const { slug, texts } of sections) {
      for (const { content } of Object.values(texts)) {
        const anchors = blocksOf(content).flatMap((block) =>
          block.kind === 'heading' ? [block.anchor] : []
        )
        for (const { anchor } of splitIntoPassages(content)) {
          expect([slug, ['', ...anchors]]).toEqual([
            slug,
            expect.arrayContaining([anchor.replace(/~\d+$/, '')])
          ])
        }
      }
    }
  }
})

const textIn = (blocks: readonly Block[]): string => {
  const words = (content: readonly Inline[]) => content.map(({ text }) => text).join('')
  return blocks
    .map((block) => {
      switch (block.kind) {
        case 'list':
          return block.items.map(({ content }) => words(content)).join(' ')
        case 'table':
          return [block.head, ...block.rows].flat().map(words).join(' ')
        case 'code':
          return block.text
        default:
          return words(block.content)
      }
    })
    .join(' ')
}

test('loses no word of any text', () => {
  const line = fc.oneof(
    fc.constantFrom(
      '',
      '## Heading',
      '- item',
      '  - deep',
      '1. one',
      '| a | b |',
      '|---|---|',
      '```'
    ),
    fc.constantFrom('> quote', '---', '**bold', '*', '[x](y)', '\t- tab', '   indented'),
    fc.lorem({ maxCount: 5 }),
    fc.string()
  )
  fc.assert(
    fc.property(fc.array(line, { maxLength: 30 }), (lines) => {
      const text = textIn(blocksOf(lines.join('\n')))
      for (const word of lines.join('\n').match(/\b[a-z]{4,}\b/g) ?? []) {
        expect(text).toContain(word)
      }
    }),
    { numRuns: 500 }
  )
})

test('parses long input in bounded time', () => {
  const startedMs = performance.now()
  for (const piece of ['*', '**a', '`', '[', '[a](', '| ', '- \n', '# ', '  ', '\\', '_', '> ']) {
    blocksOf(piece.repeat(50_000))
  }
  expect(performance.now() - startedMs).toBeLessThan(10_000)
})
