// The answer of a committed question: its responses, tool calls, report and sound, up to the outcome.
import { type AnswerReport, type ReportRefusal, reportOutput } from '../../shared/handbook.ts'
import { mayAskAgain, onToolCalls, refuseCalls } from './answer-calls.ts'
import { beginAnswer, onPassagesRefused, onUnconfirmedAudio } from './early-search.ts'
import { newAnswering, requestResponse } from './response-requests.ts'
import type { AnswerFailure, ToolCall, TurnEffect, TurnEvent } from './turn-events.ts'
import { closeCalls, currentResponse, endTurn } from './turn-lifecycle.ts'
import { WATCHDOG_MS } from './turn-limits.ts'
import {
  type Answering,
  andThen,
  type Step,
  same,
  start,
  stop,
  type TurnState
} from './turn-state.ts'

/**
 * Ends a complete answer, by the search results and, where the search found something, by the model's report.
 */
export const concludeAnswer = (state: TurnState, turn: Answering): Step => {
  if (turn.isCutOff) return endTurn(state, 'failed', 'answer_cut_off')
  if (turn.found > 0) {
    return endTurn(state, turn.reported === 'not_found' ? 'not_found' : 'answered', null)
  }
  if (turn.empty > 0) return endTurn(state, 'not_found', null)
  // Words without a search are not from the handbook, and never shown as its answer.
  return endTurn(state, 'failed', turn.failedCode ?? 'answer_failed')
}

export const onCommitted = (state: TurnState, itemId: string): Step => {
  const { turn } = state
  // Hands-free: the service has committed the audio by itself.
  if (turn?.phase === 'speech_detected' && turn.itemId === itemId) {
    const heard: Step = {
      state,
      effects: [
        ...stop(['hold_warning', 'max_hold', 'words_stable']),
        { type: 'turn_committed', turnId: turn.id, itemId }
      ]
    }
    return andThen(heard, (next) => beginAnswer(next, newAnswering(turn.id, null, 1)))
  }
  const [oldest, ...rest] = state.unconfirmedCommits
  const next: TurnState = { ...state, unconfirmedCommits: rest }
  if (oldest === undefined || turn?.phase !== 'committing' || turn.id !== oldest) {
    return { state: next, effects: [{ type: 'delete_item', itemId }] }
  }
  const committed: Step = {
    state: next,
    effects: [...stop(['committed']), { type: 'turn_committed', turnId: oldest, itemId }]
  }
  return andThen(committed, (known) =>
    beginAnswer(known, newAnswering(oldest, turn.question, turn.asks))
  )
}

export const onResponseCreated = (
  state: TurnState,
  responseId: string,
  requestId: string | null
): Step => {
  const { turn } = state
  if (turn?.phase === 'answering' && turn.responses.includes(responseId)) return same(state)
  const isOurs =
    turn?.phase === 'answering' &&
    turn.requestId !== null &&
    (requestId === null || requestId === turn.requestId)
  // Requested by a turn that has ended: it must not talk over the current hold.
  if (!isOurs) return { state, effects: [{ type: 'cancel_response', responseId }] }
  return {
    state: {
      ...state,
      turn: {
        ...turn,
        requestId: null,
        responses: [...turn.responses, responseId],
        active: true
      }
    },
    effects: [start('response', turn.id, WATCHDOG_MS.response)]
  }
}

type ReportCall = Extract<ToolCall, { tool: 'report' }>

const receipt = (callId: string, refusal: ReportRefusal | null): TurnEffect => ({
  type: 'resolve_tool_call',
  callId,
  output: reportOutput(refusal)
})

/** Null where no search worked: there was nothing to report on. */
const reportedResult = (turn: Answering, report: AnswerReport): Answering['reported'] => {
  if (turn.found + turn.empty === 0) return null
  return turn.found > 0 && report.found ? 'found' : 'not_found'
}

/** The first readable report counts. Each is answered, and none causes another response. */
const onReports = (state: TurnState, turn: Answering, calls: readonly ReportCall[]): Step => {
  let reported = turn.reported
  const effects: TurnEffect[] = []
  for (const { callId, report } of calls) {
    if (report === null || reported !== null) {
      effects.push(receipt(callId, report === null ? 'bad_request' : 'reported_already'))
      continue
    }
    reported = reportedResult(turn, report)
    effects.push(receipt(callId, null))
    if (reported === null) continue
    effects.push({
      type: 'answer_reported',
      turnId: turn.id,
      report: reported === 'found' ? report : { found: false, sources: [] }
    })
  }
  return { state: { ...state, turn: { ...turn, reported } }, effects }
}

const isReport = (call: ToolCall): call is ReportCall => call.tool === 'report'

/** The turn's last response is done; its sound remains. */
const onAnswerDone = (
  state: TurnState,
  turn: Answering,
  { responseId, hasAudio }: Extract<TurnEvent, { type: 'response_done' }>
): Step => {
  const final: Answering = { ...turn, final: true }
  const done: Step = {
    state: { ...state, turn: final },
    effects: [{ type: 'answer_complete', turnId: turn.id }]
  }
  if (!hasAudio || turn.playedResponses.includes(responseId)) {
    return andThen(done, (next) => concludeAnswer(next, final))
  }
  return {
    state: done.state,
    effects: [
      ...done.effects,
      ...stop(['response']),
      state.playing === responseId
        ? start('audio_stop', turn.id, WATCHDOG_MS.audioStop)
        : start('audio_start', turn.id, WATCHDOG_MS.audioStart)
    ]
  }
}

export const onResponseDone = (
  state: TurnState,
  event: Extract<TurnEvent, { type: 'response_done' }>
): Step => {
  const { turn } = state
  const { responseId, status, calls } = event
  if (turn?.phase === 'answering' && turn.responses.includes(responseId)) {
    // A repeated event.
    if (!turn.active || currentResponse(turn) !== responseId) return same(state)
  } else return { state, effects: refuseCalls(calls) }
  const settled: Answering = { ...turn, active: false }
  const next: TurnState = { ...state, turn: settled }
  const known = new Set(turn.calls.map(({ callId }) => callId))
  const unknownCalls = calls.filter(({ callId }) => !known.has(callId))
  // Half an answer is said and marked; without a word, or blocked, there is none.
  const isCutOff = status === 'incomplete' && event.hasAudio && event.failure !== 'answer_blocked'
  const isEmpty =
    event.isEmpty === true && turn.wordedResponse !== responseId && turn.calls.length === 0
  if (status !== 'completed' && !isCutOff) {
    const refused: Step = { state: next, effects: refuseCalls(unknownCalls) }
    return andThen(refused, (ending) =>
      status === 'cancelled'
        ? endTurn(ending, 'cancelled', null)
        : endTurn(ending, 'failed', event.failure ?? 'answer_failed')
    )
  }
  if (isEmpty) return endTurn(next, 'failed', event.failure ?? 'answer_failed')
  if (isCutOff) {
    const cut: Answering = { ...settled, isCutOff, calls: [] }
    const effects = [...closeCalls(turn), ...refuseCalls(unknownCalls)]
    return andThen({ state: next, effects }, (left) => onAnswerDone(left, cut, event))
  }
  const mayAsk = mayAskAgain(turn)
  if (turn.calls.length > 0 || !calls.every(isReport)) {
    return mayAsk
      ? onToolCalls(next, settled, calls)
      : andThen({ state: next, effects: refuseCalls(calls) }, (left) =>
          onAnswerDone(left, settled, event)
        )
  }
  return andThen(onReports(next, settled, calls), (reported): Step => {
    const live = reported.turn
    if (live?.phase !== 'answering') return same(reported)
    // A report without words: one more response, without tools, says them.
    if (calls.length > 0 && !event.hasAudio && mayAsk) {
      const requested = requestResponse(live, 'none')
      return { state: { ...reported, turn: requested.turn }, effects: requested.effects }
    }
    return onAnswerDone(reported, live, event)
  })
}

export const onAudioStarted = (state: TurnState, responseId: string): Step => {
  const { turn } = state
  if (turn?.phase !== 'answering' || !turn.responses.includes(responseId)) {
    // The speaker stays cut. A second clear must not cut the right answer.
    return state.playing === null ? { state, effects: [{ type: 'clear_output' }] } : same(state)
  }
  const withdrawn = onUnconfirmedAudio(state, turn)
  if (withdrawn !== null) return withdrawn
  return {
    state: { ...state, playing: responseId },
    effects: [
      { type: 'restore_speaker' },
      ...stop(['audio_start']),
      turn.final
        ? start('audio_stop', turn.id, WATCHDOG_MS.audioStop)
        : start('response', turn.id, WATCHDOG_MS.response)
    ]
  }
}

export const onAudioEnded = (state: TurnState, responseId: string): Step => {
  const next: TurnState = state.playing === responseId ? { ...state, playing: null } : state
  const { turn } = next
  if (turn?.phase !== 'answering' || !turn.responses.includes(responseId)) return same(next)
  const played: Answering = { ...turn, playedResponses: [...turn.playedResponses, responseId] }
  return turn.final && currentResponse(turn) === responseId
    ? concludeAnswer({ ...next, turn: played }, played)
    : same({ ...next, turn: played })
}

export const onResponseProgress = (state: TurnState, responseId: string): Step => {
  const { turn } = state
  const isOurs = turn?.phase === 'answering' && turn.active && currentResponse(turn) === responseId
  return isOurs
    ? {
        state: { ...state, turn: { ...turn, wordedResponse: responseId } },
        effects: [start('response', turn.id, WATCHDOG_MS.response)]
      }
    : same(state)
}

export const onResponseRefused = (
  state: TurnState,
  requestId: string,
  failure: AnswerFailure = 'answer_failed'
): Step => {
  const { turn } = state
  return turn?.phase === 'answering' && turn.requestId === requestId
    ? endTurn({ ...state, turn: { ...turn, requestId: null } }, 'failed', failure)
    : same(state)
}

/** Without the item, the words of the model are no answer to this question. */
export const onItemRefused = (state: TurnState, turnId: number): Step => {
  const { turn } = state
  if (turn?.phase !== 'answering' || turn.id !== turnId) return same(state)
  return onPassagesRefused(state, turn) ?? endTurn(state, 'failed', 'answer_failed')
}

/** A part of the answer was heard: it does not start again on another call. */
export const isPartlyHeard = ({ playing }: TurnState, turn: Answering): boolean => {
  const response = currentResponse(turn)
  const isHeard =
    response !== null && (playing === response || turn.playedResponses.includes(response))
  return isHeard && turn.found > 0 && !turn.final
}
