// Tool calls that are complete before their response has ended, in every order of search and response.
import { describe, expect, test } from 'vitest'
import type { ToolCall, TurnEvent } from '../../../../src/renderer/turn/turn-events.ts'
import {
  ASKED,
  created,
  fieldsOf,
  ofType,
  outcomes,
  type Play,
  play,
  press,
  searched,
  spoken,
  started,
  stopped,
  toolCall,
  types
} from './reduce-events.ts'

const CREATED: TurnEvent[] = [...ASKED, created('r1', 'turn-1-1')]
const search = (callId: string): ToolCall => ({
  tool: 'search',
  callId,
  question: { question: 'chicken', sections: [] }
})
const called = (callId: string, call: ToolCall = search(callId)): TurnEvent => ({
  type: 'tool_called',
  responseId: 'r1',
  call
})
const done = (
  status: 'completed' | 'cancelled' | 'incomplete' | 'failed',
  hasAudio: boolean,
  ...calls: ToolCall[]
): TurnEvent => ({ type: 'response_done', responseId: 'r1', status, hasAudio, calls })
const searchesOf = (turn: Play) => ofType(turn.all(), 'search').map(({ callId }) => callId)
const outputsOf = (turn: Play) =>
  turn
    .all()
    .flatMap((effect) =>
      effect.type === 'send_tool_output' || effect.type === 'resolve_tool_call'
        ? [`${effect.type} ${effect.callId}`]
        : []
    )

describe('a search', () => {
  test('starts with its call, and is not started again by response.done', () => {
    const turn = play(...CREATED, called('c1'))
    expect(fieldsOf(turn.last(), 'search')).toEqual([
      { turnId: 1, callId: 'c1', question: { question: 'chicken', sections: [] } }
    ])
    turn.send(called('c1'), toolCall('r1', 'c1'))
    expect(searchesOf(turn)).toEqual(['c1'])
  })

  test.each<[order: string, events: TurnEvent[]]>([
    ['after the search', [called('c1'), searched(1, 'c1', true), toolCall('r1', 'c1')]],
    ['before the search', [called('c1'), toolCall('r1', 'c1'), searched(1, 'c1', true)]],
    ['without the call in it', [called('c1'), searched(1, 'c1', true), done('completed', false)]]
  ])('hands its output over once the response has ended %s', (_order, events) => {
    const turn = play(...CREATED)
    for (const [index, event] of events.entries()) {
      turn.send(event)
      const isLast = index === events.length - 1
      const sent = types(turn.last()).filter(
        (type) => type === 'send_tool_output' || type === 'create_response'
      )
      expect(sent).toEqual(isLast ? ['send_tool_output', 'create_response'] : [])
    }
    turn.send(created('r2', 'turn-1-2'), started('r2'), spoken('r2'), stopped('r2'))
    expect(outcomes(turn.all())).toEqual([[1, 'answered', null]])
  })

  test('of parallel calls waits for all of them, before one request', () => {
    const turn = play(...CREATED, called('c1'), searched(1, 'c1', false), called('c2'))
    turn.send(toolCall('r1', 'c1', 'c2', 'c3'), searched(1, 'c3', true))
    expect(types(turn.last())).not.toContain('create_response')
    turn.send(searched(1, 'c2', true))
    expect(searchesOf(turn)).toEqual(['c1', 'c2', 'c3'])
    expect(ofType(turn.last(), 'send_tool_output').map(({ callId }) => callId)).toEqual([
      'c1',
      'c2',
      'c3'
    ])
    expect(ofType(turn.all(), 'create_response')).toHaveLength(2)
  })

  test.each<[what: string, event: TurnEvent]>([
    ['of another response', { type: 'tool_called', responseId: 'r0', call: search('c1') }],
    ['of a report', called('c1', { tool: 'report', callId: 'c1', report: null })],
    ['of an unknown tool', called('c1', { tool: 'unknown', callId: 'c1' })]
  ])('is not started by a call %s', (_what, event) => {
    expect(play(...CREATED, event).last()).toEqual([])
  })
})

describe('a response with a started search', () => {
  test.each<[what: string, events: TurnEvent[], outcome: unknown[]]>([
    ['fails', [done('failed', false, search('c1'))], [1, 'failed', 'answer_failed']],
    ['fails without naming the call', [done('failed', false)], [1, 'failed', 'answer_failed']],
    ['is cancelled', [done('cancelled', false, search('c1'))], [1, 'cancelled', null]],
    [
      'is interrupted by a press',
      [press(3_000), done('cancelled', false, search('c1'))],
      [1, 'cancelled', null]
    ],
    [
      'is cut off after its words, before its search has ended',
      [
        started('r1'),
        done('incomplete', true, search('c1')),
        searched(1, 'c1', true),
        stopped('r1')
      ],
      [1, 'failed', 'answer_cut_off']
    ]
  ])('answers the call once when it %s', (_what, events, outcome) => {
    const turn = play(...CREATED, called('c1'), ...events)
    expect(outputsOf(turn)).toEqual(['resolve_tool_call c1'])
    expect(outcomes(turn.all())).toEqual([outcome])
    expect(ofType(turn.all(), 'create_response')).toHaveLength(1)
  })
})
