// The reducer's invariants in thousands of random action sequences, and whether a lost release would show in them.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CHATTER_MS } from '../../../../src/renderer/turn/turn-limits.ts'
import {
  reduceTurn,
  type Step,
  type TurnState
} from '../../../../src/renderer/turn/turn-reducer.ts'
import { KEY } from './reduce-events.ts'
import { actionSequences } from './turn-actions.ts'
import { type Reduce, runActions, TurnHarness } from './turn-harness.ts'

/** HEARD_LONG_TESTS=1 is for the nightly run, and after a change of the reducer. */
const isLong = process.env.HEARD_LONG_TESTS === '1'
const SEQUENCES = isLong ? 200_000 : 20_000
const LIMIT_MS = isLong ? 600_000 : 60_000
/** A second's work, counted in sequences and not on a clock. */
const FOUND_WITHIN_SEQUENCES = 2_000

test(
  `keeps the invariants of gates, recordings, questions and outcomes in ${SEQUENCES} sequences`,
  () => {
    fc.assert(
      fc.property(actionSequences, (actions) => runActions(actions)),
      { numRuns: SEQUENCES }
    )
  },
  LIMIT_MS
)

test('leaves no gate open and loses no turn in 10,000 presses with chatter, repeats and lost releases', () => {
  const random = fc.sample(fc.nat({ max: 9 }), { numRuns: 10_000, seed: 7 })
  const harness = new TurnHarness()
  const act = (kind: 'press' | 'release', afterMs: number) =>
    harness.act({ kind, source: KEY, afterMs, late: false })
  for (const dice of random) {
    act('press', dice === 0 ? CHATTER_MS - 1 : 500)
    if (dice === 1) continue
    act('release', dice === 2 ? 100 : 800)
    if (dice === 3) act('release', 1)
    if (dice !== 4) harness.fireNextTimer()
    while (dice > 5 && harness.server.owes()) harness.deliver(0, dice)
  }
  harness.finish()
  const { started, ended } = harness.questionChecks
  expect(harness.holdChecks.gate).toBe('closed')
  expect(started.length).toBeGreaterThan(5_000)
  expect(ended.size).toBe(started.length)
})

describe(`finds a broken reducer within ${FOUND_WITHIN_SEQUENCES} sequences`, () => {
  const ignored = (state: TurnState): Step => ({ state, effects: [] })
  const mutants: Record<string, () => Reduce> = {
    'every seventh release': () => {
      let releases = 0
      return (state, event) => {
        if (event.type === 'release') releases += 1
        return event.type === 'release' && releases % 7 === 0
          ? ignored(state)
          : reduceTurn(state, event)
      }
    },
    'a window that loses the focus': () => (state, event) =>
      event.type === 'hold_lost' && event.reason === 'blur'
        ? ignored(state)
        : reduceTurn(state, event),
    'an answer to words that are not certain': () => (state, event) => {
      const { turn } = state
      if (event.type !== 'audio_started' || turn?.phase !== 'answering') {
        return reduceTurn(state, event)
      }
      const way = turn.way.kind === 'early' ? { ...turn.way, isConfirmed: true } : turn.way
      return reduceTurn({ ...state, turn: { ...turn, way } }, event)
    },
    'a second press of the same source': () => (state, event) =>
      event.type === 'press' &&
      state.turn?.phase === 'held' &&
      state.turn.sources.includes(event.source)
        ? ignored(state)
        : reduceTurn(state, event)
  }

  test.each(Object.entries(mutants))('%s', (_name, mutant) => {
    const found = fc.check(
      fc.property(actionSequences, (actions) => runActions(actions, mutant())),
      // Shrinking would take longer than finding.
      { numRuns: FOUND_WITHIN_SEQUENCES, endOnFailure: true }
    )
    expect(found.failed).toBe(true)
    expect(String(found.errorInstance)).toContain('broken: ')
  })
})
