// What holds for a turn whatever happens, in whatever order: thousands of random lives of a kiosk, and whether they
// would show it if a release were lost.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { TurnEvent } from '../../../../src/renderer/turn/turn-events.ts'
import { CHATTER_MS } from '../../../../src/renderer/turn/turn-limits.ts'
import {
  reduceTurn,
  type Step,
  type TurnState
} from '../../../../src/renderer/turn/turn-reducer.ts'
import { KEY } from './reduce-events.ts'
import { live, lives, TurnHarness } from './turn-harness.ts'

/** HEARD_LONG_TESTS=1 is for the nightly run, and for whoever has changed the reducer. */
const isLong = process.env.HEARD_LONG_TESTS === '1'
const SEQUENCES = isLong ? 200_000 : 20_000
const LIMIT_MS = isLong ? 600_000 : 60_000
/** How soon a lost release has to be found: a second's work, counted in lives and not on a clock. */
const FOUND_WITHIN_LIVES = 2_000

test(
  `gates, recordings, questions and outcomes hold in ${SEQUENCES} random lives`,
  () => {
    fc.assert(
      fc.property(lives, (life) => void live(life)),
      { numRuns: SEQUENCES }
    )
  },
  LIMIT_MS
)

test('10,000 presses with chatter, repeats and lost releases leave no gate open and lose no turn', () => {
  const random = fc.sample(fc.nat({ max: 9 }), { numRuns: 10_000, seed: 7 })
  const world = new TurnHarness()
  world.step({ type: 'call_opened' })
  world.step({ type: 'microphone', available: true })
  const happen = (kind: 'press' | 'release', afterMs: number) =>
    world.happen({ kind, source: KEY, afterMs, late: false })
  for (const dice of random) {
    happen('press', dice === 0 ? CHATTER_MS - 1 : 500)
    if (dice === 1) continue
    happen('release', dice === 2 ? 100 : 800)
    if (dice === 3) happen('release', 1)
    if (dice !== 4) world.fireNextTimer()
    while (dice > 5 && world.owes()) world.deliver(0, dice)
  }
  world.goHome()
  expect(world.gate).toBe('closed')
  expect(world.started.length).toBeGreaterThan(5_000)
  expect(world.ended.size).toBe(world.started.length)
})

describe('a reducer that loses a release is found within two thousand lives', () => {
  type Reduce = (state: TurnState, event: TurnEvent) => Step
  const unheard = (state: TurnState): Step => ({ state, effects: [] })
  const losing: Record<string, () => Reduce> = {
    'every seventh release': () => {
      let releases = 0
      return (state, event) => {
        if (event.type === 'release') releases += 1
        return event.type === 'release' && releases % 7 === 0
          ? unheard(state)
          : reduceTurn(state, event)
      }
    },
    'the window that loses focus': () => (state, event) =>
      event.type === 'hold_lost' && event.reason === 'blur'
        ? unheard(state)
        : reduceTurn(state, event),
    'a second press of the same hand': () => (state, event) =>
      event.type === 'press' &&
      state.turn?.phase === 'held' &&
      state.turn.sources.includes(event.source)
        ? unheard(state)
        : reduceTurn(state, event)
  }

  test.each(Object.entries(losing))('%s', (_what, mutant) => {
    const found = fc.check(
      fc.property(lives, (life) => void live(life, mutant())),
      {
        numRuns: FOUND_WITHIN_LIVES,
        // The first life that shows it is enough: making it small takes longer than finding it.
        endOnFailure: true
      }
    )
    expect(found.failed).toBe(true)
    expect(String(found.errorInstance)).toContain('broken: ')
  })
})
