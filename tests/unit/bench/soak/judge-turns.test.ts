import { describe, expect, test } from 'vitest'
import {
  heldMs,
  judge,
  type LossReason,
  type TimedTurn
} from '../../../../bench/soak/judge-turns.ts'
import type {
  ActionObservation,
  BatchObservation,
  ScreenObservation
} from '../../../../bench/soak/observations.ts'

const IDLE: ScreenObservation = {
  atMs: 0,
  state: 'connected',
  turn: 0,
  outcome: '',
  failure: '',
  hint: '',
  citations: 0
}

const screen = (atMs: number, patch: Partial<ScreenObservation>): ScreenObservation => ({
  ...IDLE,
  atMs,
  ...patch
})

/** A press, a release, a press and so on: the time of each, and the turn before and after it. */
const actions = (...times: readonly [atMs: number, before: number, after: number][]) =>
  times.map(
    ([atMs, turnBefore, turnAfter], at): ActionObservation => ({
      scenario: 7,
      atMs,
      kind: at % 2 === 0 ? 'press' : 'release',
      source: 'key',
      turnBefore,
      turnAfter
    })
  )

const timed = (turnId: number, outcome: TimedTurn['outcome'], endMs: number): TimedTurn => ({
  turnId,
  kind: 'spoken',
  outcome,
  asks: 1,
  passes: 1,
  path: 'webrtc',
  carrier: 'live',
  endMs
})

const seen = (patch: Partial<BatchObservation>): BatchObservation => ({
  screens: [IDLE],
  actions: [],
  holds: [],
  stuck: [],
  scenarios: [{ index: 7, name: 'hold', startedAtMs: 0, endedAtMs: 5_000, unfinishedTurn: null }],
  ...patch
})
const listening = (atMs: number, turn = 1, hint = '') =>
  screen(atMs, { state: 'listening', turn, hint })

const answeredTurn = (turn: number) => screen(2_900, { turn, outcome: 'answered', citations: 1 })

/** Turn 1, held from 1000 to `upMs` and on the screen as `after` says. */
const oneHold = (after: Partial<ScreenObservation>, atMs = 2_000, upMs = 1_400): BatchObservation =>
  seen({
    actions: actions([1_000, 0, 1], [upMs, 1, 1]),
    screens: [IDLE, listening(1_001), screen(atMs, { turn: 1, ...after })]
  })

const verdict = (batch: BatchObservation, lines: readonly TimedTurn[], lastTurn = 1) =>
  judge(batch, lines, { afterTurn: 0, lastTurn })

const reasons = (
  batch: BatchObservation,
  lines: readonly TimedTurn[],
  lastTurn = 1
): LossReason[] => verdict(batch, lines, lastTurn).losses.map(({ reason }) => reason)

const UNSAID = 'discarded without a message on the screen'

describe('judge, of a question', () => {
  const answered = timed(1, 'answered', 1_000)
  const failed = timed(1, 'failed', 1_000)
  const cancelled = timed(1, 'cancelled', 1_000)

  test.each([
    ['answered', oneHold({ outcome: 'answered', citations: 1 }), answered],
    ['refused', oneHold({ outcome: 'not_found' }), timed(1, 'not_found', 1_000)],
    ['failed', oneHold({ outcome: 'failed', failure: 'answer_failed' }), failed],
    // Without audio, and the screen has a message.
    ['unheard', oneHold({ hint: 'nothing_heard' }, 2_010), cancelled]
  ] as const)('counts a question that was %s', (result, batch, line) => {
    expect(verdict(batch, [line])).toMatchObject({ losses: [], resultCounts: { [result]: 1 } })
  })

  test.each<[LossReason, BatchObservation, TimedTurn[]]>([
    ['answered without a section on the screen', oneHold({ outcome: 'answered' }), [answered]],
    ['failed without a message on the screen', oneHold({ outcome: 'failed' }), [failed]],
    ['no end-of-turn line in the log', oneHold({ outcome: 'answered' }), []],
    [
      'ended more than once',
      oneHold({ outcome: 'answered' }),
      [answered, timed(1, 'failed', 1_200)]
    ],
    [
      'no end within the limit',
      {
        ...oneHold({ state: 'processing' }),
        scenarios: [{ index: 7, name: 'hold', startedAtMs: 0, endedAtMs: 5_000, unfinishedTurn: 1 }]
      },
      [timed(1, 'cancelled', 60_000)]
    ],
    ['cancelled without a user action', oneHold({ outcome: 'cancelled' }), [cancelled]]
  ])('reports the loss: %s', (reason, batch, lines) => {
    expect(reasons(batch, lines)).toEqual([reason])
  })

  test('counts a cancelled question only with a press at that moment', () => {
    const batch = oneHold({ outcome: 'cancelled' })
    const replaced: BatchObservation = {
      ...batch,
      actions: [...batch.actions, ...actions([2_005, 1, 2], [2_400, 2, 2])],
      screens: [...batch.screens, listening(2_006, 2), answeredTurn(2)]
    }
    const next = timed(2, 'answered', 900)
    expect(verdict(replaced, [cancelled, next], 2)).toMatchObject({
      losses: [],
      resultCounts: { cancelled: 1, answered: 1 }
    })
    expect(reasons(replaced, [timed(1, 'cancelled', 400), next], 2)).toEqual([
      'cancelled without a user action'
    ])
  })
})

describe('judge, of a discarded hold', () => {
  test('counts a short hold with a hint, and a loss without it', () => {
    const line = timed(1, 'discarded', 140)
    const short = (hint: string) => oneHold({ hint }, 1_150, 1_100)
    expect(verdict(short('too_short'), [line])).toMatchObject({
      losses: [],
      resultCounts: { discarded: 1 }
    })
    expect(reasons(short(''), [line])).toEqual([UNSAID])
  })

  test.each([
    ['too_short', ['valid hold rejected as too short']],
    ['', [UNSAID]],
    ['no_microphone', []]
  ])(
    'of a hold that is long enough for a question, with the hint "%s", reports %j',
    (hint, losses) => {
      expect(reasons(oneHold({ hint }, 1_445), [timed(1, 'discarded', 440)])).toEqual(losses)
    }
  )

  test('needs a hint when a lost release starts the question over', () => {
    const [first, second] = [actions([1_000, 0, 1]), actions([1_500, 1, 2], [1_900, 2, 2])]
    const again = (hint: string) =>
      seen({
        actions: [...first, ...second],
        screens: [IDLE, listening(1_001), listening(1_501, 2, hint), answeredTurn(2)]
      })
    const lines = [timed(1, 'discarded', 500), timed(2, 'answered', 1_000)]
    expect(reasons(again('started_over'), lines, 2)).toEqual([])
    expect(reasons(again(''), lines, 2)).toEqual([UNSAID])
  })

  test('needs no hint for a tap that a second tap continues', () => {
    const batch = seen({
      actions: actions(
        [1_000, 0, 1],
        [1_080, 1, 1],
        [1_200, 1, 2],
        [1_280, 2, 2],
        [1_900, 2, 2],
        [1_980, 2, 2]
      ),
      screens: [IDLE, listening(1_001), answeredTurn(2)]
    })
    const judged = verdict(batch, [timed(1, 'discarded', 200), timed(2, 'answered', 2_000)], 2)
    expect(judged).toMatchObject({ losses: [], tooShortQuestions: [] })
  })
})

describe('judge, of an action', () => {
  test('reports a loss for an ignored press without a message', () => {
    const deaf = (after: Partial<ScreenObservation>) =>
      seen({
        actions: actions([1_000, 0, 0], [1_400, 0, 0]),
        screens: [IDLE, screen(1_002, after)]
      })
    expect(reasons(deaf({}), [], 0)).toEqual(['press ignored without a message on the screen'])
    expect(reasons(deaf({ hint: 'no_microphone' }), [], 0)).toEqual([])
    expect(reasons(deaf({ state: 'listening' }), [], 0)).toEqual([])
  })

  test('reports a loss for a typed question without a turn', () => {
    const typed = actions([1_000, 0, 0]).map((press) => ({ ...press, kind: 'ask' as const }))
    expect(reasons(seen({ actions: typed }), [], 0)).toEqual(['typed question not sent'])
  })

  test('reports a question that is asked after too short a hold', () => {
    const batch = seen({
      actions: actions([1_000, 0, 1], [1_100, 1, 1]),
      screens: [IDLE, listening(1_001)]
    })
    expect(verdict(batch, [timed(1, 'answered', 900)]).tooShortQuestions).toEqual([
      { turn: 1, scenario: 7, heldMs: 100 }
    ])
  })
})

describe('heldMs', () => {
  test('measures from the first press to the last release, bounces included', () => {
    const [last] = actions([1_650, 1, 1])
    expect(
      heldMs([
        ...actions([1_000, 0, 1], [1_300, 1, 1], [1_320, 1, 1], [1_500, 1, 1]),
        { ...last, kind: 'release' } as ActionObservation
      ])
    ).toEqual({ leastMs: 320, mostMs: 500 })
  })

  test('allows for a press that ends a latched hold', () => {
    const latched = actions([1_000, 0, 1], [1_080, 1, 1], [1_160, 1, 1], [1_330, 1, 1])
    const batch = seen({
      actions: latched,
      screens: [IDLE, listening(1_001), screen(1_200, { turn: 1, hint: 'too_short' })]
    })
    expect(heldMs(latched)).toEqual({ leastMs: 160, mostMs: 330 })
    expect(reasons(batch, [timed(1, 'discarded', 200)])).toEqual([])
  })

  test('includes a release before the screen shows the turn', () => {
    const batch = seen({
      // The first press is not on the screen at its release.
      actions: actions([1_000, 0, 1], [1_074, 0, 1], [1_187, 1, 1], [1_259, 1, 1]),
      screens: [IDLE, listening(1_105, 1, 'latched'), screen(1_250, { turn: 1, hint: 'too_short' })]
    })
    expect(reasons(batch, [timed(1, 'discarded', 230)])).toEqual([])
  })

  test('returns null while the key is held', () => {
    expect(heldMs(actions([1_000, 0, 1]))).toBeNull()
  })
})
