// The way a question takes when there is no call, or the call is lost under it: it waits for the next call and
// is asked again there, and at last the copy of the handbook is asked. Whatever is said about the call is here.
import { concludeAnswer, newAnswering, requestResponse } from './answer.ts'
import type { Question } from './turn-events.ts'
import { beginTurn, endTurn, stopPlayback, withPendingClear } from './turn-lifecycle.ts'
import { CALL_WAIT_MS, MAX_ASKS, WATCHDOG_MS } from './turn-limits.ts'
import {
  ANSWER_TIMERS,
  andThen,
  isGateOpen,
  isListeningHold,
  type Step,
  same,
  start,
  stop,
  type TurnState,
  withHint
} from './turn-state.ts'

/** A question on its way down the ladder, its turn's number included. */
type Asked = { id: number; question: Question; asks: number }

const askNow = (state: TurnState, asked: Asked): Step => {
  const { id, question } = asked
  const asks = asked.asks + 1
  switch (question.kind) {
    case 'typed': {
      const requested = requestResponse(newAnswering(id, question, asks), 'search')
      return {
        state: { ...state, turn: requested.turn },
        effects: [{ type: 'send_text', turnId: id, text: question.text }, ...requested.effects]
      }
    }
    case 'spoken':
      return {
        state: {
          ...state,
          turn: { phase: 'committing', id, question, asks, carrier: 'recorded' },
          unconfirmedCommits: [...state.unconfirmedCommits, id]
        },
        effects: [
          { type: 'send_recording', turnId: id, recordingId: question.recordingId },
          start('committed', id, WATCHDOG_MS.committedRecording)
        ]
      }
    default:
      return question satisfies never
  }
}

/** Done waiting for a call. */
const stopWaiting = (state: TurnState): Step => ({ state, effects: stop(['call']) })

const waitForCall = (state: TurnState, { id, question, asks }: Asked): Step => ({
  state: { ...state, turn: { phase: 'waiting', id, question, asks } },
  effects: [{ type: 'wake_call' }, start('call', id, CALL_WAIT_MS[question.kind])]
})

/** The last rung. The call is wanted all the same: for the next question, or for asking this one again. */
const askOffline = (state: TurnState, { id, question, asks }: Asked): Step => ({
  state: { ...state, turn: { phase: 'offline', id, question, asks } },
  effects: [
    { type: 'wake_call' },
    { type: 'search_offline', turnId: id },
    // The copy is on this machine: what bounds it is the watchdog of an answer.
    start('response', id, WATCHDOG_MS.offline)
  ]
})

/** Asks a question on the rung that the call allows. */
export const routeQuestion = (state: TurnState, asked: Asked): Step => {
  if (asked.asks >= MAX_ASKS) return askOffline(state, asked)
  switch (state.call) {
    case 'up':
      return askNow(state, asked)
    case 'expected':
      return waitForCall(state, asked)
    case 'blocked':
      return askOffline(state, asked)
    default:
      return state.call satisfies never
  }
}

/** A typed question; it needs no microphone. */
export const onAsk = (state: TurnState, text: string): Step => {
  const hint = isGateOpen(state)
    ? 'started_over'
    : state.turn?.phase === 'tapped'
      ? 'too_short'
      : null
  const question: Question = { kind: 'typed', text }
  const begun = andThen(
    beginTurn(state, (id) => ({
      turn: { phase: 'waiting', id, question, asks: 0 },
      effects: [{ type: 'turn_started', turnId: id, kind: 'typed', carrier: 'live' }]
    })),
    (next) => routeQuestion(next, { id: next.lastTurnId, question, asks: 0 })
  )
  return hint === null ? begun : withHint(begun, hint)
}

/** Asks the last question, which failed, in a new turn. */
export const onAskAgain = (state: TurnState): Step => {
  const question = state.retryable
  if (question === null) return same(state)
  // Taken out of the state first: its recording goes on to the new turn.
  const begun = beginTurn({ ...state, retryable: null }, (id) => ({
    turn: { phase: 'waiting', id, question, asks: 0 },
    effects: [
      {
        type: 'turn_started',
        turnId: id,
        kind: question.kind,
        carrier: question.kind === 'spoken' ? 'recorded' : 'live'
      }
    ]
  }))
  return andThen(begun, (next) => {
    const asked: Asked = { id: next.lastTurnId, question, asks: 0 }
    // A person has just asked for it: even a call that was given up is tried once more before the copy is.
    return next.call === 'up' ? askNow(next, asked) : waitForCall(next, asked)
  })
}

/**
 * The service says that it has heard nothing. What was said live is still in its recording, and that cannot get
 * lost on the way: it is sent, once. What was sent from the recording is no question.
 */
export const onCommitRefused = (state: TurnState, turnId: number, empty: boolean): Step => {
  const { turn } = state
  const next: TurnState = {
    ...state,
    unconfirmedCommits: state.unconfirmedCommits.filter((id) => id !== turnId)
  }
  if (turn?.phase !== 'committing' || turn.id !== turnId) return same(next)
  if (!empty) return endTurn(next, 'failed', 'answer_failed')
  const { id, question, asks, carrier } = turn
  return carrier === 'live' && question?.kind === 'spoken'
    ? routeQuestion(next, { id, question, asks })
    : withHint(endTurn(next, 'cancelled', null), 'nothing_heard')
}

/**
 * Too much of what was said live never arrived. It has been recorded since the press: from here on it only is, and the
 * pieces that did arrive are cleared away, here and once more before the recording is sent, for those still on their
 * way. When it is committed already, its item is taken out as soon as it is confirmed.
 */
export const onAudioLost = (state: TurnState, turnId: number): Step => {
  const { turn } = state
  if (turn === null || turn.id !== turnId) return same(state)
  if (isListeningHold(turn) && turn.carrier === 'live') {
    return {
      state: withPendingClear(turn, { ...state, turn: { ...turn, carrier: 'recorded' } }),
      effects: [{ type: 'close_gate' }, { type: 'clear_input' }]
    }
  }
  return turn.phase === 'committing' && turn.carrier === 'live' && turn.question !== null
    ? same({ ...state, turn: { ...turn, isDamaged: true } })
    : same(state)
}

/** Whether the commit that is confirmed next is of a question that was damaged on the way. */
export const isCommitDamaged = ({ turn, unconfirmedCommits }: TurnState): boolean =>
  turn?.phase === 'committing' && turn.isDamaged === true && turn.id === unconfirmedCommits[0]

export const onDamagedCommitted = (state: TurnState, itemId: string): Step => {
  const { turn } = state
  if (turn?.phase !== 'committing' || turn.question === null) return same(state)
  const { id, question, asks } = turn
  const confirmed: Step = {
    state: { ...state, unconfirmedCommits: state.unconfirmedCommits.slice(1) },
    effects: [{ type: 'delete_item', itemId }]
  }
  return andThen(confirmed, (next) => routeQuestion(next, { id, question, asks }))
}

/** The call is gone: the turn goes on without it wherever it can. */
export const onCallLost = (state: TurnState, call: 'expected' | 'blocked'): Step => {
  const { turn } = state
  const down: TurnState = { ...state, call, unconfirmedCommits: [], isInputSettled: true }
  switch (turn?.phase) {
    case 'held':
    case 'releasing':
    case 'latched': {
      const hint = call === 'blocked' ? 'not_connected' : 'recording'
      // It has been recorded since the press: from here on it only is.
      if (turn.carrier === 'live') {
        return {
          state: { ...down, playing: null, turn: { ...turn, carrier: 'recorded' } },
          effects: [{ type: 'close_gate' }, { type: 'wake_call' }, { type: 'hint', hint }]
        }
      }
      return call === 'blocked' && state.call !== 'blocked'
        ? withHint(same(down), 'not_connected')
        : same(down)
    }
    case 'speech_detected':
      return endTurn({ ...down, playing: null }, 'failed', 'call_dropped')
    case 'waiting':
      return call === 'blocked'
        ? andThen(stopWaiting(down), (next) => askOffline(next, turn))
        : same(down)
    case 'committing':
    case 'answering': {
      // Every word of the answer is on the screen; only its sound was cut short.
      if (turn.phase === 'answering' && turn.final) {
        return andThen(concludeAnswer(down, turn), (next) => same({ ...next, playing: null }))
      }
      const { id, question, asks } = turn
      const quiet: Step = {
        state: { ...down, playing: null },
        effects: [
          ...(state.playing === null ? [] : [{ type: 'cut_speaker' } as const]),
          ...stop(ANSWER_TIMERS),
          { type: 'drop_requests' }
        ]
      }
      return andThen(quiet, (next) =>
        question === null
          ? endTurn(
              // Nothing of it is left on the call that is gone.
              { ...next, turn: { phase: 'committing', id, question, asks, carrier: 'live' } },
              'failed',
              'call_dropped'
            )
          : routeQuestion(next, { id, question, asks })
      )
    }
    case 'tapped':
    case 'offline':
    case undefined:
      return same({ ...down, playing: null })
    default:
      return turn satisfies never
  }
}

/** A new call: the old one's debts are gone with it. */
export const onCallOpened = (state: TurnState): Step => {
  const opened: Step = {
    state: { ...state, call: 'up', playing: null, unconfirmedCommits: [], isInputSettled: true },
    effects: [{ type: 'restore_speaker' }]
  }
  return andThen(opened, (next) => {
    const { turn } = next
    return turn?.phase === 'waiting'
      ? andThen(stopWaiting(next), (asking) => routeQuestion(asking, turn))
      : same(next)
  })
}

/**
 * The call is silent where it must not be: it is given up for another one, and until that one opens there is
 * none to press on.
 */
export const replaceCall = (state: TurnState): Step =>
  andThen(andThen({ state, effects: [{ type: 'replace_call' }] }, stopPlayback), (next) =>
    onCallLost(next, 'expected')
  )

/** The time for a call is over: the copy of the handbook is asked. */
export const onCallTimeout = (state: TurnState): Step => {
  const { turn } = state
  return turn?.phase === 'waiting' ? askOffline(state, turn) : same(state)
}

export const onSearchedOffline = (state: TurnState, turnId: number, found: boolean): Step => {
  const { turn } = state
  if (turn?.phase !== 'offline' || turn.id !== turnId) return same(state)
  return found ? endTurn(state, 'answered', null) : endTurn(state, 'failed', 'no_call')
}
