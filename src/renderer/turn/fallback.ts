// The fallback of a question without a call: it waits for the next call, is asked again there, and at last
// asks the offline copy.
import { concludeAnswer, isPartlyHeard } from './answer.ts'
import { newAnswering, requestResponse } from './response-requests.ts'
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

/** A question in the fallback, with its turn's number. */
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

const stopWaiting = (state: TurnState): Step => ({ state, effects: stop(['call']) })

const waitForCall = (state: TurnState, { id, question, asks }: Asked): Step => ({
  state: { ...state, turn: { phase: 'waiting', id, question, asks } },
  effects: [{ type: 'wake_call' }, start('call', id, CALL_WAIT_MS[question.kind])]
})

/** Still wakes the call: for the next question, or for asking this one again. */
const askOffline = (state: TurnState, { id, question, asks }: Asked): Step => ({
  state: { ...state, turn: { phase: 'offline', id, question, asks } },
  effects: [
    { type: 'wake_call' },
    { type: 'search_offline', turnId: id },
    // The copy is local: only the watchdog bounds it.
    start('response', id, WATCHDOG_MS.offline)
  ]
})

/** Asks by the best way that the call's state allows. */
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

/** Asks the failed question again, in a new turn. */
export const onAskAgain = (state: TurnState): Step => {
  const question = state.retryable
  if (question === null) return same(state)
  // Removed from the state first: its recording belongs to the new turn.
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
    // A person asks now: even an abandoned call is tried again before the copy.
    return next.call === 'up' ? askNow(next, asked) : waitForCall(next, asked)
  })
}

/**
 * The service heard nothing. A live question is sent once from its recording, which cannot get lost on the
 * way. A recorded one was no question.
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
 * Too many packets of a live hold were lost. From here on the hold is only recorded, and the received pieces
 * are cleared now and again before the recording is sent. A committed item is deleted once it is confirmed.
 */
export const onAudioLost = (state: TurnState, turnId: number): Step => {
  const { turn } = state
  if (turn === null || turn.id !== turnId) return same(state)
  if (isListeningHold(turn) && turn.carrier === 'live') {
    return {
      state: withPendingClear(turn, {
        ...state,
        early: null,
        turn: { ...turn, carrier: 'recorded' }
      }),
      effects: [{ type: 'close_gate' }, { type: 'clear_input' }]
    }
  }
  return turn.phase === 'committing' && turn.carrier === 'live' && turn.question !== null
    ? same({ ...state, turn: { ...turn, isDamaged: true } })
    : same(state)
}

/** Whether the next confirmed commit is of a damaged question. */
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

/** The turn goes on without a call where it can. */
export const onCallLost = (state: TurnState, call: 'expected' | 'blocked'): Step => {
  const { turn } = state
  const down: TurnState = {
    ...state,
    call,
    unconfirmedCommits: [],
    isInputSettled: true,
    early: null,
    streamsWords: false,
    lateTranscripts: 0
  }
  switch (turn?.phase) {
    case 'held':
    case 'releasing':
    case 'latched': {
      const hint = call === 'blocked' ? 'not_connected' : 'recording'
      // The hold has been recorded since its press: from here on it is only recorded.
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
      // The answer's words are complete; only its sound is cut short.
      if (turn.phase === 'answering' && turn.final) {
        return andThen(concludeAnswer(down, turn), (next) => same({ ...next, playing: null }))
      }
      const { id, question, asks } = turn
      const isCutOff = turn.phase === 'answering' && isPartlyHeard(state, turn)
      const quiet: Step = {
        state: { ...down, playing: null },
        effects: [
          ...(state.playing === null ? [] : [{ type: 'cut_speaker' } as const]),
          ...stop(ANSWER_TIMERS),
          { type: 'drop_requests' }
        ]
      }
      return andThen(quiet, (next) =>
        question === null || isCutOff
          ? endTurn(
              // The lost call keeps nothing of it.
              { ...next, turn: { phase: 'committing', id, question, asks, carrier: 'live' } },
              'failed',
              isCutOff ? 'answer_cut_off' : 'call_dropped'
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

/** A new call starts without pending clears and commits. */
export const onCallOpened = (state: TurnState): Step => {
  const opened: Step = {
    state: {
      ...state,
      call: 'up',
      playing: null,
      unconfirmedCommits: [],
      isInputSettled: true,
      streamsWords: false,
      lateTranscripts: 0
    },
    effects: [{ type: 'restore_speaker' }]
  }
  return andThen(opened, (next) => {
    const { turn } = next
    return turn?.phase === 'waiting'
      ? andThen(stopWaiting(next), (asking) => routeQuestion(asking, turn))
      : same(next)
  })
}

/** Replaces a silent call. Until the next one opens, a press is recorded. */
export const replaceCall = (state: TurnState): Step =>
  andThen(andThen({ state, effects: [{ type: 'replace_call' }] }, stopPlayback), (next) =>
    onCallLost(next, 'expected')
  )

/** The wait for a call is over: the offline copy answers. */
export const onCallTimeout = (state: TurnState): Step => {
  const { turn } = state
  return turn?.phase === 'waiting' ? askOffline(state, turn) : same(state)
}

export const onSearchedOffline = (state: TurnState, turnId: number, found: boolean): Step => {
  const { turn } = state
  if (turn?.phase !== 'offline' || turn.id !== turnId) return same(state)
  return found ? endTurn(state, 'answered', null) : endTurn(state, 'failed', 'no_call')
}
