// The model's report of its answer, in any order with the answer, the search and their ends.
import { describe, expect, test } from 'vitest'
import type { TurnEvent } from '../../../../src/renderer/turn/turn-events.ts'
import { type AnswerReport, reportOutput } from '../../../../src/shared/handbook.ts'
import {
  ANSWERING,
  ASKED,
  answering,
  created,
  fieldsOf,
  ofType,
  outcomes,
  play,
  reported,
  searched,
  spoken,
  started,
  stopped,
  toolCall,
  types
} from './reduce-events.ts'

const FOUND: AnswerReport = {
  found: true,
  sources: [{ section: 'cooking-temperatures', quote: 'Chicken: 165 °F.' }]
}
const NONE: AnswerReport = { found: false, sources: [] }
const STOPPED: TurnEvent = stopped('r2')
/** A question up to its second response; `found` is the search's result. */
const searchedFor = (found: boolean): TurnEvent[] => answering(found).slice(0, -1)
const receipts = (turn: ReturnType<typeof play>) =>
  [...ofType(turn.all(), 'send_tool_output'), ...ofType(turn.all(), 'resolve_tool_call')]
    .filter(({ callId }) => callId.includes('report'))
    .map(({ output }) => output)

describe('an answer with its report', () => {
  test('is complete, and requests no further response', () => {
    const turn = play(...ANSWERING)
    const before = ofType(turn.all(), 'create_response').length
    const effects = turn.send(reported('r2', FOUND))
    expect(effects.slice(0, 3)).toEqual([
      { type: 'resolve_tool_call', callId: 'r2-report', output: '{"received":true}' },
      { type: 'answer_reported', turnId: 1, report: FOUND },
      { type: 'answer_complete', turnId: 1 }
    ])
    expect(turn.state().turn).toMatchObject({ final: true })
    turn.send(STOPPED)
    expect(outcomes(turn.all())).toEqual([[1, 'answered', null]])
    expect(ofType(turn.all(), 'create_response')).toHaveLength(before)
  })

  test('keeps playing when the report arrives', () => {
    const turn = play(...ANSWERING)
    turn.send(reported('r2', NONE))
    expect(types(turn.last())).not.toContain('cut_speaker')
    expect(turn.state().playing).toBe('r2')
    expect(ofType(turn.last(), 'start_timer').map((effect) => effect.timer)).toEqual(['audio_stop'])
  })

  test('ends as not found where the search found nothing, whatever it reports', () => {
    const turn = play(...searchedFor(false), reported('r2', FOUND))
    expect(fieldsOf(turn.all(), 'answer_reported')).toEqual([{ turnId: 1, report: NONE }])
    turn.send(started('r2'), STOPPED)
    expect(outcomes(turn.all())).toEqual([[1, 'not_found', null]])
  })

  test('reports nothing after a failed search', () => {
    const turn = play(
      ...ASKED,
      created('r1', 'turn-1-1'),
      toolCall('r1', 'c1'),
      { type: 'search_failed', turnId: 1, callId: 'c1', code: 'search_timeout' },
      created('r2', 'turn-1-2'),
      reported('r2', FOUND, { hasAudio: false }),
      created('r3', 'turn-1-3'),
      { ...spoken('r3'), hasAudio: false } as TurnEvent
    )
    expect(ofType(turn.all(), 'answer_reported')).toEqual([])
    expect(receipts(turn)).toEqual([reportOutput(null)])
    expect(outcomes(turn.all())).toEqual([[1, 'failed', 'search_timeout']])
  })
})

test.each([
  ['without a report', spoken('r2')],
  ['with an unreadable one', reported('r2', null)]
])("completes an answer %s by the search's result", (_what, done) => {
  const turn = play(...ANSWERING, done, STOPPED)
  expect(ofType(turn.all(), 'answer_reported')).toEqual([])
  expect(fieldsOf(turn.all(), 'answer_complete')).toEqual([{ turnId: 1 }])
  expect(outcomes(turn.all())).toEqual([[1, 'answered', null]])
})

describe('a report', () => {
  test('without words requests them without tools, and comes to an end when it is repeated', () => {
    const turn = play(...searchedFor(true))
    const first = turn.send(reported('r2', NONE, { hasAudio: false }))
    expect(first.slice(0, 3)).toEqual([
      { type: 'resolve_tool_call', callId: 'r2-report', output: '{"received":true}' },
      { type: 'answer_reported', turnId: 1, report: NONE },
      { type: 'create_response', turnId: 1, requestId: 'turn-1-3', kind: 'none' }
    ])
    expect(types(first)).not.toContain('answer_complete')
    turn.send(created('r3', 'turn-1-3'))
    for (const number of [3, 4]) {
      turn.send(
        reported(`r${number}`, FOUND, { hasAudio: false }),
        created(`r${number + 1}`, `turn-1-${number + 1}`)
      )
    }
    expect(outcomes(turn.all())).toEqual([[1, 'not_found', null]])
    expect(ofType(turn.all(), 'create_response')).toHaveLength(4)
    expect(ofType(turn.all(), 'answer_reported')).toHaveLength(1)
    expect(receipts(turn)).toHaveLength(3)
  })

  test('counts once when it is repeated, the first readable one', () => {
    const turn = play(...ANSWERING, {
      type: 'response_done',
      responseId: 'r2',
      status: 'completed',
      hasAudio: true,
      calls: [
        { tool: 'report', callId: 'report-1', report: null },
        { tool: 'report', callId: 'report-2', report: NONE },
        { tool: 'report', callId: 'report-3', report: FOUND }
      ]
    })
    expect(receipts(turn)).toEqual([
      reportOutput('bad_request'),
      reportOutput(null),
      reportOutput('reported_already')
    ])
    expect(ofType(turn.all(), 'answer_reported').map(({ report }) => report)).toEqual([NONE])
  })

  test('beside a search is too early: the answer after the search counts', () => {
    const turn = play(...ANSWERING)
    turn.send({
      type: 'response_done',
      responseId: 'r2',
      status: 'completed',
      hasAudio: true,
      calls: [
        { tool: 'report', callId: 'early-report', report: FOUND },
        { tool: 'search', callId: 'c2', question: { question: 'turkey', sections: [] } }
      ]
    })
    expect(types(turn.last())).toContain('search')
    expect(types(turn.last())).not.toContain('send_tool_output')
    const effects = turn.send(searched(1, 'c2', true))
    expect(types(effects).slice(0, 3)).toEqual([
      'send_tool_output',
      'send_tool_output',
      'create_response'
    ])
    expect(receipts(turn)).toEqual([reportOutput('not_answered_yet')])
    turn.send(
      STOPPED,
      created('r3', 'turn-1-3'),
      started('r3'),
      reported('r3', NONE),
      stopped('r3')
    )
    expect(ofType(turn.all(), 'answer_reported').map(({ report }) => report)).toEqual([NONE])
    expect(outcomes(turn.all())).toEqual([[1, 'not_found', null]])
  })

  test.each(['cancelled', 'failed'] as const)('of a response that %s is answered', (status) => {
    const turn = play(...ANSWERING, { ...reported('r2', FOUND), status } as TurnEvent)
    expect(receipts(turn)).toEqual([reportOutput('cancelled')])
    expect(ofType(turn.all(), 'answer_reported')).toEqual([])
    expect(outcomes(turn.all()).map(([, outcome]) => outcome)).toEqual([status])
  })

  test('is answered once when it is delivered twice', () => {
    const turn = play(...ANSWERING, reported('r2', FOUND), reported('r2', FOUND))
    expect(receipts(turn)).toHaveLength(1)
  })
})
