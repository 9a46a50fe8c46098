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
  hint: ''
}

const screen = (atMs: number, patch: Partial<ScreenObservation>): ScreenObservation => ({
  ...IDLE,
  atMs,
  ...patch
})

const action = (
  atMs: number,
  kind: ActionObservation['kind'],
  [turnBefore, turnAfter]: readonly [number, number]
): ActionObservation => ({ scenario: 7, atMs, kind, source: 'key', turnBefore, turnAfter })

const timed = (
  turnId: number,
  outcome: TimedTurn['outcome'],
  endMs: number,
  kind: TimedTurn['kind'] = 'spoken'
): TimedTurn => ({
  turnId,
  kind,
  outcome,
  asks: 1,
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

/** Turn 1, held from 1000 to 1400 and on the screen as `after` says. */
const oneHold = (after: Partial<ScreenObservation>, atMs = 2_000): BatchObservation =>
  seen({
    actions: [action(1_000, 'press', [0, 1]), action(1_400, 'release', [1, 1])],
    screens: [
      IDLE,
      screen(1_001, { state: 'listening', turn: 1 }),
      screen(atMs, { turn: 1, ...after })
    ]
  })

const verdict = (batch: BatchObservation, lines: readonly TimedTurn[], lastTurn = 1) =>
  judge(batch, lines, { afterTurn: 0, lastTurn })

const reasons = (
  batch: BatchObservation,
  lines: readonly TimedTurn[],
  lastTurn = 1
): LossReason[] => verdict(batch, lines, lastTurn).losses.map(({ reason }) => reason)

describe('judge, of a question', () => {
  test('counts an answered question and a refused one', () => {
    expect(
      verdict(oneHold({ outcome: 'answered' }), [timed(1, 'answered', 1_000)]).resultCounts.answered
    ).toBe(1)
    expect(
      verdict(oneHold({ outcome: 'not_found' }), [timed(1, 'not_found', 1_000)]).resultCounts
        .refused
    ).toBe(1)
  })

  test('counts a failure with a message, and a loss without one', () => {
    const line = timed(1, 'failed', 1_000)
    expect(
      verdict(oneHold({ outcome: 'failed', failure: 'answer_failed' }), [line]).resultCounts.failed
    ).toBe(1)
    expect(reasons(oneHold({ outcome: 'failed' }), [line])).toEqual([
      'failed without a message on the screen'
    ])
  })

  test('reports a loss without an end in the log, and with two ends', () => {
    const batch = oneHold({ outcome: 'answered' })
    expect(reasons(batch, [])).toEqual(['no end-of-turn line in the log'])
    expect(reasons(batch, [timed(1, 'answered', 1_000), timed(1, 'failed', 1_200)])).toEqual([
      'ended more than once'
    ])
  })

  test('reports a loss for an end after the limit', () => {
    const batch = {
      ...oneHold({ state: 'processing' }),
      scenarios: [{ index: 7, name: 'hold', startedAtMs: 0, endedAtMs: 5_000, unfinishedTurn: 1 }]
    }
    expect(reasons(batch, [timed(1, 'cancelled', 60_000)])).toEqual(['no end within the limit'])
  })

  test('counts a cancelled question only with a press at that moment', () => {
    const batch = oneHold({ outcome: 'cancelled' })
    expect(reasons(batch, [timed(1, 'cancelled', 1_000)])).toEqual([
      'cancelled without a user action'
    ])
    const replaced: BatchObservation = {
      ...batch,
      actions: [...batch.actions, action(2_005, 'press', [1, 2]), action(2_400, 'release', [2, 2])],
      screens: [...batch.screens, screen(2_006, { state: 'listening', turn: 2 })]
    }
    const lines = [timed(1, 'cancelled', 1_000), timed(2, 'answered', 900)]
    expect(verdict(replaced, lines, 2)).toMatchObject({
      losses: [],
      resultCounts: { cancelled: 1, answered: 1 }
    })
    const tooEarly = [timed(1, 'cancelled', 400), timed(2, 'answered', 900)]
    expect(reasons(replaced, tooEarly, 2)).toEqual(['cancelled without a user action'])
  })

  test('counts a question without audio as unheard when the screen has a message', () => {
    const batch = oneHold({ hint: 'nothing_heard' }, 2_010)
    expect(verdict(batch, [timed(1, 'cancelled', 1_000)])).toMatchObject({
      losses: [],
      resultCounts: { unheard: 1 }
    })
  })
})

describe('judge, of a discarded hold', () => {
  const short = (hint: string): BatchObservation =>
    seen({
      actions: [action(1_000, 'press', [0, 1]), action(1_100, 'release', [1, 1])],
      screens: [
        IDLE,
        screen(1_001, { state: 'listening', turn: 1 }),
        screen(1_150, { turn: 1, hint })
      ]
    })

  test('counts a short hold with a hint, and a loss without it', () => {
    const line = timed(1, 'discarded', 140)
    expect(verdict(short('too_short'), [line])).toMatchObject({
      losses: [],
      resultCounts: { discarded: 1 }
    })
    expect(reasons(short(''), [line])).toEqual(['discarded without a message on the screen'])
  })

  test('reports a loss when the hold is long enough for a question', () => {
    const line = timed(1, 'discarded', 440)
    expect(reasons(oneHold({ hint: 'too_short' }, 1_445), [line])).toEqual([
      'valid hold rejected as too short'
    ])
    expect(reasons(oneHold({}, 1_445), [line])).toEqual([
      'discarded without a message on the screen'
    ])
    expect(reasons(oneHold({ hint: 'no_microphone' }, 1_445), [line])).toEqual([])
  })

  test('needs a hint when a lost release starts the question over', () => {
    const again = (hint: string) =>
      seen({
        actions: [
          action(1_000, 'press', [0, 1]),
          action(1_500, 'press', [1, 2]),
          action(1_900, 'release', [2, 2])
        ],
        screens: [
          IDLE,
          screen(1_001, { state: 'listening', turn: 1 }),
          screen(1_501, { state: 'listening', turn: 2, hint })
        ]
      })
    const lines = [timed(1, 'discarded', 500), timed(2, 'answered', 1_000)]
    expect(reasons(again('started_over'), lines, 2)).toEqual([])
    expect(reasons(again(''), lines, 2)).toEqual(['discarded without a message on the screen'])
  })

  test('needs no hint for a tap that a second tap continues', () => {
    const batch = seen({
      actions: [
        action(1_000, 'press', [0, 1]),
        action(1_080, 'release', [1, 1]),
        action(1_200, 'press', [1, 2]),
        action(1_280, 'release', [2, 2]),
        action(1_900, 'press', [2, 2]),
        action(1_980, 'release', [2, 2])
      ],
      screens: [IDLE, screen(1_001, { state: 'listening', turn: 1 })]
    })
    const judged = verdict(batch, [timed(1, 'discarded', 200), timed(2, 'answered', 2_000)], 2)
    expect(judged).toMatchObject({ losses: [], tooShortQuestions: [] })
  })
})

describe('judge, of an action', () => {
  test('reports a loss for an ignored press without a message', () => {
    const deaf = (after: Partial<ScreenObservation>) =>
      seen({
        actions: [action(1_000, 'press', [0, 0]), action(1_400, 'release', [0, 0])],
        screens: [IDLE, screen(1_002, after)]
      })
    expect(reasons(deaf({}), [], 0)).toEqual(['press ignored without a message on the screen'])
    expect(reasons(deaf({ hint: 'no_microphone' }), [], 0)).toEqual([])
    expect(reasons(deaf({ state: 'listening' }), [], 0)).toEqual([])
  })

  test('reports a loss for a typed question without a turn', () => {
    expect(reasons(seen({ actions: [action(1_000, 'ask', [0, 0])] }), [], 0)).toEqual([
      'typed question not sent'
    ])
  })

  test('reports a question that is asked after too short a hold', () => {
    const batch = seen({
      actions: [action(1_000, 'press', [0, 1]), action(1_100, 'release', [1, 1])],
      screens: [IDLE, screen(1_001, { state: 'listening', turn: 1 })]
    })
    expect(verdict(batch, [timed(1, 'answered', 900)]).tooShortQuestions).toEqual([
      { turn: 1, scenario: 7, heldMs: 100 }
    ])
  })
})

describe('heldMs', () => {
  test('measures from the first press to the last release, bounces included', () => {
    expect(
      heldMs([
        action(1_000, 'press', [0, 1]),
        action(1_300, 'release', [1, 1]),
        action(1_320, 'press', [1, 1]),
        action(1_500, 'release', [1, 1]),
        action(1_650, 'release', [1, 1])
      ])
    ).toEqual({ leastMs: 320, mostMs: 500 })
  })

  test('allows for a press that ends a latched hold', () => {
    const latched = [
      action(1_000, 'press', [0, 1]),
      action(1_080, 'release', [1, 1]),
      action(1_160, 'press', [1, 1]),
      action(1_330, 'release', [1, 1])
    ]
    const batch = seen({
      actions: latched,
      screens: [
        IDLE,
        screen(1_001, { state: 'listening', turn: 1 }),
        screen(1_200, { turn: 1, hint: 'too_short' })
      ]
    })
    expect(heldMs(latched)).toEqual({ leastMs: 160, mostMs: 330 })
    expect(reasons(batch, [timed(1, 'discarded', 200)])).toEqual([])
  })

  test('includes a release before the screen shows the turn', () => {
    const batch = seen({
      actions: [
        action(1_000, 'press', [0, 1]),
        // The press is not on the screen yet.
        action(1_074, 'release', [0, 1]),
        action(1_187, 'press', [1, 1]),
        action(1_259, 'release', [1, 1])
      ],
      screens: [
        IDLE,
        screen(1_105, { state: 'listening', turn: 1, hint: 'latched' }),
        screen(1_250, { turn: 1, hint: 'too_short' })
      ]
    })
    expect(reasons(batch, [timed(1, 'discarded', 230)])).toEqual([])
  })

  test('returns null while the key is held', () => {
    expect(heldMs([action(1_000, 'press', [0, 1])])).toBeNull()
  })
})
