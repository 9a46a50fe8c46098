// Plays events into the reducer and collects its effects.

import type {
  HoldLostReason,
  PressSource,
  TimerName,
  TurnEffect,
  TurnEvent
} from '../../../../src/renderer/turn/turn-events.ts'
import {
  initialTurnState,
  reduceTurn,
  type TurnState
} from '../../../../src/renderer/turn/turn-reducer.ts'
import type { AnswerReport } from '../../../../src/shared/handbook.ts'

export const TAIL_MS = 200

export type Play = {
  state: () => TurnState
  /** Effects of the last event. */
  last: () => readonly TurnEffect[]
  all: () => readonly TurnEffect[]
  send: (...events: TurnEvent[]) => readonly TurnEffect[]
}

export const play = (...events: TurnEvent[]): Play => {
  let state = initialTurnState(TAIL_MS)
  let last: readonly TurnEffect[] = []
  const all: TurnEffect[] = []
  const send = (...more: TurnEvent[]) => {
    for (const event of more) {
      const step = reduceTurn(state, event)
      state = step.state
      last = step.effects
      all.push(...step.effects)
    }
    return last
  }
  send(...events)
  return { state: () => state, last: () => last, all: () => all, send }
}

export const KEY = 'key:F19'
export const OTHER_KEY = 'key:F20'
export const BUTTON = 'button'
export const PEDAL = 'hid:05f3:00ff:0'

export const READY: TurnEvent[] = [{ type: 'call_opened' }, { type: 'microphone', available: true }]
/** With a microphone; a call would open on demand. */
export const EXPECTING: TurnEvent[] = [
  { type: 'call_expected' },
  { type: 'microphone', available: true }
]
export const press = (atMs: number, source: PressSource = KEY): TurnEvent => ({
  type: 'press',
  source,
  atMs
})
export const release = (atMs: number, source: PressSource = KEY): TurnEvent => ({
  type: 'release',
  source,
  atMs
})
export const holdLost = (atMs: number, reason: HoldLostReason = 'blur'): TurnEvent => ({
  type: 'hold_lost',
  reason,
  atMs
})
export const timer = (name: TimerName, turnId: number): TurnEvent => ({
  type: 'timer',
  timer: name,
  turnId
})
export const created = (responseId: string, requestId: string | null): TurnEvent => ({
  type: 'response_created',
  responseId,
  requestId
})
export const toolCall = (responseId: string, ...callIds: string[]): TurnEvent => ({
  type: 'response_done',
  responseId,
  status: 'completed',
  hasAudio: false,
  calls: callIds.map((callId) => ({
    tool: 'search',
    callId,
    question: { question: 'chicken', sections: [] }
  }))
})
export const spoken = (responseId: string): TurnEvent => ({
  type: 'response_done',
  responseId,
  status: 'completed',
  hasAudio: true,
  calls: []
})
/** An answer with its report, in one response. */
export const reported = (
  responseId: string,
  report: AnswerReport | null,
  { hasAudio = true, callId = `${responseId}-report` } = {}
): TurnEvent => ({
  type: 'response_done',
  responseId,
  status: 'completed',
  hasAudio,
  calls: [{ tool: 'report', callId, report }]
})
export const searched = (turnId: number, callId: string, found: boolean): TurnEvent => ({
  type: 'searched',
  turnId,
  callId,
  found,
  output: '{}'
})
export const started = (responseId: string): TurnEvent => ({ type: 'audio_started', responseId })
export const stopped = (responseId: string): TurnEvent => ({ type: 'audio_stopped', responseId })
/** A spoken question up to its confirmed commit. */
export const ASKED: TurnEvent[] = [
  ...READY,
  press(0),
  release(1_000),
  timer('tail', 1),
  { type: 'committed', itemId: 'item-1' }
]
/** And up to the sound of its answer; `found` is the search's result. */
export const answering = (found: boolean): TurnEvent[] => [
  ...ASKED,
  created('r1', 'turn-1-1'),
  toolCall('r1', 'c1'),
  searched(1, 'c1', found),
  created('r2', 'turn-1-2'),
  started('r2')
]
export const ANSWERING = answering(true)
export const types = (effects: readonly TurnEffect[]): string[] =>
  effects.map((effect) => effect.type)
export const ofType = <T extends TurnEffect['type']>(effects: readonly TurnEffect[], type: T) =>
  effects.filter((effect): effect is Extract<TurnEffect, { type: T }> => effect.type === type)
/** The fields of the effects of one type. */
export const fieldsOf = (effects: readonly TurnEffect[], wanted: TurnEffect['type']) =>
  ofType(effects, wanted).map(({ type: _type, ...fields }) => fields)
export const hints = (effects: readonly TurnEffect[]): string[] =>
  ofType(effects, 'hint').map(({ hint }) => hint)
/** Turn, outcome and failure of each ended turn. */
export const outcomes = (effects: readonly TurnEffect[]) =>
  ofType(effects, 'turn_ended').map(({ turnId, outcome, failure }) => [turnId, outcome, failure])
