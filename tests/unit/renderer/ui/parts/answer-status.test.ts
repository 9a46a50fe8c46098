// The label and the sources of an answer, from the search to the report.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { emptyTurn, type TurnView } from '../../../../../src/renderer/call/turn-view.ts'
import {
  answerParts,
  answerStatusOf,
  isPlaceKept,
  shownCitations,
  shownNearest
} from '../../../../../src/renderer/ui/parts/answer-status.ts'

const place = (slug: string) => ({ slug, title: slug, language: 'en' as const, anchor: '' })
const CITED = ['a', 'b', 'c', 'd'].map((slug) => ({
  ...place(slug),
  needsManager: false,
  hasUnverifiedQuote: false,
  text: slug,
  quotes: []
}))
const NEAREST = [place('e'), place('f')]
/** Label, sources, nearest sections, and whether their place is reserved. */
const seen = (patch: Partial<TurnView>) => {
  const view = { ...emptyTurn(1), ...patch }
  return [
    answerStatusOf(view),
    shownCitations(view).map(({ slug }) => slug),
    shownNearest(view).map(({ slug }) => slug),
    isPlaceKept(view)
  ]
}

const SEARCHED = { found: true, citations: CITED, nearest: NEAREST }
test.each<[string, Partial<TurnView>, ReturnType<typeof seen>]>([
  ['before the search', {}, ['pending', [], [], false]],
  ['during the answer', { ...SEARCHED, verdict: 'awaited' }, ['pending', [], [], true]],
  [
    'reported: the sections of the report',
    { ...SEARCHED, citations: CITED.slice(1, 3), verdict: 'reported' },
    ['handbook', ['b', 'c'], [], false]
  ],
  [
    'reported from more sections than fit',
    { ...SEARCHED, verdict: 'reported' },
    ['handbook', ['a', 'b'], [], false]
  ],
  [
    'reported as none: no source, and what is nearest',
    { found: false, verdict: 'reported', nearest: NEAREST },
    ['not_found', [], ['e', 'f'], false]
  ],
  [
    'complete, and not reported',
    { ...SEARCHED, citations: CITED.slice(0, 1), outcome: null },
    ['handbook', ['a'], [], false]
  ],
  [
    'played, and not reported',
    { ...SEARCHED, citations: CITED.slice(0, 1), outcome: 'answered' },
    ['handbook', ['a'], [], false]
  ],
  [
    'not found by the search, during the answer',
    { found: false, nearest: NEAREST },
    ['not_found', [], ['e', 'f'], false]
  ],
  [
    'not found by the search, and played',
    { found: false, nearest: NEAREST, outcome: 'not_found' },
    ['not_found', [], ['e', 'f'], false]
  ],
  [
    'reported as none, and played',
    { found: false, verdict: 'reported', nearest: NEAREST, outcome: 'not_found' },
    ['not_found', [], ['e', 'f'], false]
  ],
  ['failed', { ...SEARCHED, outcome: 'failed' }, ['failed', ['a', 'b'], [], false]]
])('shows an answer %s', (_name, patch, expected) => {
  expect(seen(patch)).toEqual(expected)
})

describe('answerParts', () => {
  test('splits an answer at its unverified figures', () => {
    expect(
      answerParts('To 150 °F, or 4 days.', [
        { start: 3, end: 9 },
        { start: 14, end: 20 }
      ])
    ).toEqual([
      { text: 'To ', start: 0, isUnverified: false },
      { text: '150 °F', start: 3, isUnverified: true },
      { text: ', or ', start: 9, isUnverified: false },
      { text: '4 days', start: 14, isUnverified: true },
      { text: '.', start: 20, isUnverified: false }
    ])
  })

  test('loses no part of the answer', () => {
    const cuts = fc.uniqueArray(fc.nat(40), { maxLength: 8 })
    fc.assert(
      fc.property(fc.string({ maxLength: 30 }), cuts, (answer, places) => {
        const sorted = places.toSorted((one, other) => one - other)
        const figures = sorted.flatMap((start, at) => {
          const end = sorted[at + 1]
          return at % 2 === 1 || end === undefined ? [] : [{ start, end }]
        })
        const parts = answerParts(answer, figures)
        expect(parts.map(({ text }) => text).join('')).toBe(answer)
        expect(new Set(parts.map(({ start }) => start)).size).toBe(parts.length)
      })
    )
  })
})
