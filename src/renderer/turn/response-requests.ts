// Requests the responses of an answer, each with an id of its own.
import type { Question, ResponseKind, TurnEffect } from './turn-events.ts'
import { WATCHDOG_MS } from './turn-limits.ts'
import { type Answering, start } from './turn-state.ts'

export const newAnswering = (id: number, question: Question | null, asks: number): Answering => ({
  phase: 'answering',
  id,
  question,
  asks,
  requestId: null,
  requests: 0,
  responses: [],
  active: false,
  calls: [],
  way: { kind: 'tool' },
  searches: 0,
  found: 0,
  empty: 0,
  reported: null,
  failedCode: null,
  playedResponses: [],
  final: false,
  wordedResponse: null,
  isCutOff: false
})

export const requestResponse = (
  turn: Answering,
  kind: ResponseKind
): { turn: Answering; effects: readonly TurnEffect[] } => {
  const requests = turn.requests + 1
  // A request on another call has another id: events of the old call do not match it.
  const again = turn.asks > 1 ? `-ask-${turn.asks}` : ''
  const requestId = `turn-${turn.id}-${requests}${again}`
  return {
    turn: { ...turn, requests, requestId, active: false },
    effects: [
      { type: 'create_response', turnId: turn.id, requestId, kind },
      start('response', turn.id, WATCHDOG_MS.created)
    ]
  }
}
