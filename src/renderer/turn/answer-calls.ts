// The tool calls of an answer: searches start as soon as their call is complete, outputs wait for the end of the response.
import { failedToolOutput, reportOutput } from '../../shared/handbook.ts'
import { requestResponse } from './response-requests.ts'
import type { ToolCall, TurnEffect } from './turn-events.ts'
import { currentResponse } from './turn-lifecycle.ts'
import { MAX_SEARCHES, WATCHDOG_MS } from './turn-limits.ts'
import { type Answering, andThen, type Step, same, start, type TurnState } from './turn-state.ts'

/** Whether another response may follow this one. */
export const mayAskAgain = ({ requests }: Answering): boolean => requests <= MAX_SEARCHES

/** After the response has ended: sends all outputs together, followed by one request. */
const answerCalls = (state: TurnState, turn: Answering): Step => {
  const isPending = turn.active || turn.calls.some((call) => call.output === null)
  if (turn.calls.length === 0 || isPending) return same({ ...state, turn })
  const outputs = turn.calls.map(
    (call): TurnEffect => ({
      type: 'send_tool_output',
      turnId: turn.id,
      callId: call.callId,
      output: call.output ?? ''
    })
  )
  const isLast = turn.searches >= MAX_SEARCHES || turn.requests >= MAX_SEARCHES
  const requested = requestResponse({ ...turn, calls: [] }, isLast ? 'none' : 'auto')
  return {
    state: { ...state, turn: requested.turn },
    effects: [...outputs, ...requested.effects]
  }
}

/** Starts a search, or keeps the output of another call. A call that is known changes nothing. */
const withCall = (
  turn: Answering,
  call: ToolCall
): { turn: Answering; effects: readonly TurnEffect[] } => {
  const { callId } = call
  if (turn.calls.some((known) => known.callId === callId)) return { turn, effects: [] }
  const answered = (output: string | null): Answering => ({
    ...turn,
    calls: [...turn.calls, { callId, output }]
  })
  if (call.tool === 'report')
    return { turn: answered(reportOutput('not_answered_yet')), effects: [] }
  if (call.tool === 'unknown' || call.question === null) {
    return { turn: answered(failedToolOutput('bad_request')), effects: [] }
  }
  if (turn.searches >= MAX_SEARCHES) {
    return { turn: answered(failedToolOutput('search_limit')), effects: [] }
  }
  return {
    turn: { ...answered(null), searches: turn.searches + 1 },
    effects: [{ type: 'search', turnId: turn.id, callId, question: call.question }]
  }
}

const withCalls = (state: TurnState, answering: Answering, calls: readonly ToolCall[]): Step => {
  let turn = answering
  const effects: TurnEffect[] = []
  for (const call of calls) {
    const taken = withCall(turn, call)
    turn = taken.turn
    effects.push(...taken.effects)
  }
  effects.push(start('response', turn.id, WATCHDOG_MS.response))
  return andThen({ state, effects }, (next) => answerCalls(next, turn))
}

/** A call is complete before its response has ended. A report waits, since it may stand beside a search. */
export const onToolCalled = (state: TurnState, responseId: string, call: ToolCall): Step => {
  const { turn } = state
  const isOurs = turn?.phase === 'answering' && turn.active && currentResponse(turn) === responseId
  return isOurs && call.tool === 'search' && mayAskAgain(turn)
    ? withCalls(state, turn, [call])
    : same(state)
}

/** The response has ended with a search or an unknown tool: the answer is still to come. */
export const onToolCalls = withCalls

export const onSearchSettled = (
  state: TurnState,
  turnId: number,
  callId: string,
  settle: (turn: Answering) => Answering,
  output: string
): Step => {
  const { turn } = state
  if (turn?.phase !== 'answering' || turn.id !== turnId) return same(state)
  const isPending = turn.calls.some((call) => call.callId === callId && call.output === null)
  if (!isPending) return same(state)
  const calls = turn.calls.map((call) => (call.callId === callId ? { callId, output } : call))
  return answerCalls(state, { ...settle(turn), calls })
}

/** Calls of an abandoned response: without an output they would stay open into the next question. */
export const refuseCalls = (calls: readonly ToolCall[]): TurnEffect[] =>
  calls.map(({ tool, callId }) => ({
    type: 'resolve_tool_call',
    callId,
    output: tool === 'report' ? reportOutput('cancelled') : failedToolOutput('cancelled')
  }))
