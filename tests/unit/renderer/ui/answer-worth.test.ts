// What is said of an answer on the screen: from the search's word to the report, without taking anything back.
import { expect, test } from 'vitest'
import { emptyTurn, type TurnView } from '../../../../src/renderer/call/conversation.ts'
import { isPlaceKept, shownCitations, worthOf } from '../../../../src/renderer/ui/answer-worth.ts'

const CITED = ['a', 'b', 'c', 'd'].map((slug) => ({ slug, title: slug, language: 'en' as const }))
const view = (patch: Partial<TurnView>): TurnView => ({ ...emptyTurn(1), ...patch })
/** Label, sections, and whether their place is kept free without them. */
const seen = (patch: Partial<TurnView>) => {
  const shown = view(patch)
  return [worthOf(shown), shownCitations(shown).map(({ slug }) => slug), isPlaceKept(shown)]
}

const SEARCHED = { found: true, citations: CITED }
test.each<[string, Partial<TurnView>, ReturnType<typeof seen>]>([
  ['before the search', {}, ['pending', [], false]],
  [
    'near, while it is given: neither a label nor a section',
    { ...SEARCHED, isOnlyNear: true, verdict: 'awaited' },
    ['pending', [], true]
  ],
  [
    'there, while it is given: the best section',
    { ...SEARCHED, verdict: 'awaited' },
    ['handbook', ['a'], true]
  ],
  [
    'reported: the sections of the report',
    { found: true, citations: CITED.slice(1, 3), verdict: 'reported' },
    ['handbook', ['b', 'c'], false]
  ],
  [
    'reported as none: no section, and their place stays',
    { found: false, verdict: 'reported' },
    ['not_found', [], true]
  ],
  [
    'near, and not reported: said to be near, with all that is shown',
    { ...SEARCHED, isOnlyNear: true, outcome: 'answered' },
    ['near', ['a', 'b', 'c'], false]
  ],
  [
    'there, and not reported',
    { ...SEARCHED, outcome: 'answered' },
    ['handbook', ['a', 'b', 'c'], false]
  ],
  ['not found by the search', { found: false, outcome: 'not_found' }, ['not_found', [], false]],
  [
    'reported as none, and heard out',
    { found: false, verdict: 'reported', outcome: 'not_found' },
    ['not_found', [], true]
  ],
  ['failed', { ...SEARCHED, outcome: 'failed' }, ['failed', ['a', 'b', 'c'], false]]
])('an answer %s', (_name, patch, expected) => {
  expect(seen(patch)).toEqual(expected)
})
