// The beginning and the end of a turn: what stops, what happens to its recording, and its one outcome.
import { failedToolOutput } from '../../shared/handbook.ts'
import type { Outcome, Question, TurnEffect } from './turn-events.ts'
import {
  ANSWER_TIMERS,
  type Answering,
  andThen,
  HOLD_TIMERS,
  type Hold,
  type Step,
  same,
  stop,
  type Turn,
  type TurnState
} from './turn-state.ts'

export const currentResponse = (turn: Answering): string | null => turn.responses.at(-1) ?? null

/** Cuts locally first: the server's clear takes a round trip. */
export const stopPlayback = (state: TurnState): Step =>
  state.playing === null
    ? same(state)
    : {
        state: { ...state, playing: null },
        effects: [{ type: 'cut_speaker' }, { type: 'clear_output' }]
      }

/** Cancels the current or requested response, and its sound. */
const interrupt = (state: TurnState, turn: Answering): Step => {
  if (!turn.active && turn.requestId === null) return stopPlayback(state)
  const responseId = turn.active ? currentResponse(turn) : null
  return {
    state: { ...state, playing: null },
    effects: [
      { type: 'cut_speaker' },
      { type: 'drop_requests' },
      ...(responseId === null ? [] : [{ type: 'cancel_response', responseId } as const]),
      { type: 'clear_output' }
    ]
  }
}

/** Answers the calls of a turn that does not go on: without an output they would stay open into the next question. */
export const closeCalls = ({ calls }: Answering): TurnEffect[] =>
  calls.map(({ callId, output }) => ({
    type: 'resolve_tool_call',
    callId,
    output: output ?? failedToolOutput('cancelled')
  }))

const dropRecording = (question: Question | null): TurnEffect[] =>
  question?.kind === 'spoken' ? [{ type: 'drop_recording', recordingId: question.recordingId }] : []

/** Drops the question that could be asked again. */
export const dropRetryable = (state: TurnState): Step =>
  state.retryable === null
    ? same(state)
    : { state: { ...state, retryable: null }, effects: dropRecording(state.retryable) }

/** Keeps a failed question; drops the recording of every other one. */
const keepOrDrop = (state: TurnState, question: Question | null, outcome: Outcome): Step =>
  outcome === 'failed'
    ? same({ ...state, retryable: question })
    : { state, effects: dropRecording(question) }

/** A dropped live hold is cleared: until that is confirmed, the input is not settled. */
export const withPendingClear = ({ carrier }: Hold, state: TurnState): TurnState =>
  carrier === 'live' ? { ...state, isInputSettled: false } : state

/** Ends the current turn in any phase. A hold is not a question yet and has no outcome. */
export const endTurn = (state: TurnState, outcome: Outcome, failure: string | null): Step => {
  const { turn } = state
  if (turn === null) return same(state)
  const turnId = turn.id
  const idle: TurnState = { ...state, turn: null, early: null }
  switch (turn.phase) {
    case 'held':
    case 'releasing':
    case 'latched':
      return {
        state: withPendingClear(turn, idle),
        effects: [
          ...(turn.carrier === 'live'
            ? [{ type: 'close_gate' } as const, { type: 'clear_input' } as const]
            : []),
          { type: 'stop_recording', turnId },
          { type: 'drop_recording', recordingId: turnId },
          ...stop(HOLD_TIMERS),
          { type: 'turn_discarded', turnId }
        ]
      }
    case 'tapped':
      return {
        state: idle,
        effects: [
          { type: 'drop_recording', recordingId: turnId },
          ...stop(HOLD_TIMERS),
          { type: 'turn_discarded', turnId }
        ]
      }
    case 'speech_detected':
      return {
        state: idle,
        effects: [
          ...stop(HOLD_TIMERS),
          ...(outcome === 'failed'
            ? [{ type: 'turn_ended', turnId, outcome, failure, asks: 0, passes: 0 } as const]
            : [{ type: 'clear_input' } as const, { type: 'turn_discarded', turnId } as const])
        ]
      }
    case 'committing':
    case 'waiting':
    case 'offline': {
      const { question, asks } = turn
      return andThen(keepOrDrop(idle, question, outcome), (kept) => ({
        state: kept,
        effects: [
          ...stop(ANSWER_TIMERS),
          { type: 'turn_ended', turnId, outcome, failure, asks, passes: 0 }
        ]
      }))
    }
    case 'answering': {
      const { question, asks } = turn
      const quiet =
        outcome === 'cancelled' || outcome === 'failed' ? interrupt(idle, turn) : same(idle)
      const hung: Step = {
        state: quiet.state,
        effects: [
          ...quiet.effects,
          // The end of an active response lists its calls itself.
          ...(turn.active ? [] : closeCalls(turn))
        ]
      }
      return andThen(
        andThen(hung, (next) => keepOrDrop(next, question, outcome)),
        (kept) => ({
          state: kept,
          effects: [
            ...stop(ANSWER_TIMERS),
            { type: 'turn_ended', turnId, outcome, failure, asks, passes: turn.responses.length }
          ]
        })
      )
    }
    default:
      return turn satisfies never
  }
}

/** Ends the current turn, numbers the next one and lets `begin` describe it. */
export const beginTurn = (
  state: TurnState,
  begin: (id: number, state: TurnState) => { turn: Turn; effects: readonly TurnEffect[] }
): Step => {
  const quiet = andThen(andThen(endTurn(state, 'cancelled', null), stopPlayback), dropRetryable)
  const id = quiet.state.lastTurnId + 1
  const begun = begin(id, quiet.state)
  return {
    state: { ...quiet.state, lastTurnId: id, turn: begun.turn },
    effects: [...quiet.effects, ...begun.effects]
  }
}
