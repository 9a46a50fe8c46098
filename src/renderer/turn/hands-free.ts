// Hands-free: the service detects the turns, and the gate follows from the state.

import { holdTimers } from './hold.ts'
import type { TurnEffect } from './turn-events.ts'
import { beginTurn, endTurn, stopPlayback } from './turn-lifecycle.ts'
import { WATCHDOG_MS } from './turn-limits.ts'
import {
  andThen,
  HOLD_TIMERS,
  isHandsFreeListening,
  isHold,
  type Step,
  same,
  start,
  stop,
  type TurnState,
  withHint
} from './turn-state.ts'

export const onHandsFreeChanged = (state: TurnState, isOn: boolean): Step => {
  const next: TurnState = { ...state, handsFree: isOn, handsFreeSuspended: false }
  const isOver = isOn ? isHold(state.turn) : state.turn?.phase === 'speech_detected'
  return isOver ? withHint(endTurn(next, 'cancelled', null), 'interrupted') : same(next)
}

/** Speech behind a closed gate is late: its item is deleted once it is committed. */
export const onSpeechStarted = (state: TurnState, itemId: string, atMs: number): Step =>
  isHandsFreeListening(state) && state.turn === null
    ? beginTurn(state, (id) => ({
        turn: { phase: 'speech_detected', id, itemId, startedAtMs: atMs },
        effects: [
          { type: 'turn_started', turnId: id, kind: 'spoken', carrier: 'live' },
          ...holdTimers(id, 0)
        ]
      }))
    : same(state)

/** A press stops the answer and begins nothing: two ways to begin a turn would cut each other's words. */
export const onHandsFreePress = (state: TurnState): Step => {
  // A press shows that a person is present.
  const awake: TurnState = { ...state, handsFreeSuspended: false }
  return state.turn?.phase === 'speech_detected'
    ? same(awake)
    : andThen(endTurn(awake, 'cancelled', null), stopPlayback)
}

/** Commits speech whose end the service does not detect. */
export const commitDetectedSpeech = (state: TurnState): Step => {
  const { turn } = state
  if (turn?.phase !== 'speech_detected') return same(state)
  return {
    state: {
      ...state,
      turn: { phase: 'committing', id: turn.id, question: null, asks: 1, carrier: 'live' },
      unconfirmedCommits: [...state.unconfirmedCommits, turn.id]
    },
    effects: [
      { type: 'commit', turnId: turn.id },
      ...stop(HOLD_TIMERS),
      start('committed', turn.id, WATCHDOG_MS.committed)
    ]
  }
}

const CLOSE: readonly TurnEffect[] = [{ type: 'close_gate' }]
const OPEN: readonly TurnEffect[] = [{ type: 'open_gate' }]

/** Closes the gate before a step's effects, or opens it after them. */
export const followHandsFree = (before: TurnState, step: Step): Step => {
  const was = isHandsFreeListening(before)
  const is = isHandsFreeListening(step.state)
  if (was === is) return step
  return {
    state: step.state,
    effects: was ? [...CLOSE, ...step.effects] : [...step.effects, ...OPEN]
  }
}
