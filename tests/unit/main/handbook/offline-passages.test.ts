import fc from 'fast-check'
import { expect, it } from 'vitest'
import {
  PASSAGE_LIMIT_CHARACTERS,
  splitSection
} from '../../../../src/main/handbook/offline-passages.ts'

const squeezed = (text: string) => text.replaceAll(/\s+/g, '')

it('cuts at headings and names the path to each', () => {
  const markdown =
    'Before.\n\n# Title\n\nTop.\n\n## One\n\nFirst.\n\n### Deep ##\n\nDeeper.\n\n## Two\n\nLast.'
  expect(splitSection(markdown)).toEqual([
    { heading: '', anchor: '', text: 'Before.' },
    { heading: '', anchor: '', text: 'Top.' },
    { heading: 'One', anchor: 'one', text: 'First.' },
    { heading: 'One › Deep', anchor: 'one/deep', text: 'Deeper.' },
    { heading: 'Two', anchor: 'two', text: 'Last.' }
  ])
})

it.each([
  ['nothing for a heading without text', '## Empty\n\n## Full\n\nText.', 1],
  ['Windows line endings', '## Full\r\n\r\nText.\r\n', 1],
  ['nothing for an empty section', ' \n\n', 0]
])('reads %s', (_what, markdown, count) => {
  const full = { heading: 'Full', anchor: 'full', text: 'Text.' }
  expect(splitSection(markdown)).toEqual(Array(count).fill(full))
})

it('reads a # inside a fence as text', () => {
  const passages = splitSection('## Code\n\n```\n## not a heading\n```\n\nAfter.')
  expect(passages).toHaveLength(1)
  expect(passages[0]?.text).toContain('## not a heading')
})

it('joins paragraphs up to the limit, and cuts between them', () => {
  const paragraph = 'A sentence of a paragraph that goes on for a while. '.repeat(10).trim()
  const passages = splitSection(`## Long\n\n${[paragraph, paragraph, paragraph].join('\n\n')}`)
  expect(passages.map(({ text }) => text)).toEqual([`${paragraph}\n\n${paragraph}`, paragraph])
  expect(new Set(passages.map(({ heading }) => heading))).toEqual(new Set(['Long']))
})

it('cuts one long paragraph between sentences', () => {
  const sentences = Array.from({ length: 60 }, (_, at) => `Sentence ${at} says something of note.`)
  const passages = splitSection(sentences.join(' '))
  expect(passages.length).toBeGreaterThan(1)
  expect(passages.every(({ text }) => text.endsWith('.'))).toBe(true)
})

it('reads a heading with a hundred thousand spaces', () => {
  const [passage] = splitSection(`## A${' '.repeat(100_000)}b ##\n\nText.\n`)
  expect([passage?.heading.replace(/\s+/g, ' '), passage?.text]).toEqual(['A b', 'Text.'])
})

it('loses no letter of any text, and keeps every passage within the limit', () => {
  const line = fc.oneof(
    fc.constantFrom('', '## Heading', '### Deep', '- item', '| a | b |', '```'),
    fc.lorem({ maxCount: 40 }),
    fc.string({ maxLength: 3_000, unit: fc.constantFrom('x', ' ', '.', 'é') })
  )
  fc.assert(
    fc.property(fc.array(line, { maxLength: 30 }), (lines) => {
      const passages = splitSection(lines.join('\n'))
      for (const { text } of passages) {
        expect(text.length).toBeLessThanOrEqual(PASSAGE_LIMIT_CHARACTERS)
        expect(text.trim()).not.toBe('')
      }
      const headings = /^ {0,3}#{1,6}\s+.+$/
      let fenced = false
      const body = lines
        .join('\n')
        .split('\n')
        .filter((one) => {
          if (/^ {0,3}```/.test(one)) fenced = !fenced
          return fenced || !headings.test(one)
        })
      expect(squeezed(passages.map(({ text }) => text).join(''))).toBe(squeezed(body.join('')))
    }),
    { numRuns: 300 }
  )
})
