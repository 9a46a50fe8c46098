// Answers that the service refuses, cuts off, blocks or leaves empty, from its messages to the outcome of the turn.
import { describe, expect, test } from 'vitest'
import { readServerEvent } from '../../../../src/renderer/call/server-events.ts'
import { eventOfError, eventOfServer } from '../../../../src/renderer/call/server-turn-events.ts'
import type { TurnEvent } from '../../../../src/renderer/turn/turn-events.ts'
import { isHandsFreeListening } from '../../../../src/renderer/turn/turn-reducer.ts'
import {
  ANSWERING,
  ASKED,
  created,
  hints,
  ofType,
  outcomes,
  play,
  READY,
  types
} from './reduce-events.ts'

/** Searched, and the response of the answer is created. */
const BEFORE_WORDS: TurnEvent[] = ANSWERING.slice(0, -1)
const MESSAGE = { type: 'message', id: 'm1', content: [{ type: 'output_audio' }] }

/** The event of a response, as it comes from the service. */
const done = (status: string, output: object[], details: object | null = null): TurnEvent => {
  const read = readServerEvent(
    JSON.stringify({
      type: 'response.done',
      response: { id: 'r2', status, status_details: details, output }
    })
  )
  if (read.kind !== 'event') throw new Error('unreadable')
  return eventOfServer(read.event, 0) as TurnEvent
}
const failedWith = (code: string) => ({ type: 'failed', error: { type: 'x', code } })
const stopped: TurnEvent = { type: 'audio_stopped', responseId: 'r2' }

describe('an answer', () => {
  test.each<[string, TurnEvent[], string]>([
    ['failed by quota', [done('failed', [], failedWith('insufficient_quota'))], 'model_quota'],
    ['failed by rate', [done('failed', [], failedWith('rate_limit_exceeded'))], 'model_busy'],
    ['failed by the server', [done('failed', [], failedWith('server_error'))], 'model_failed'],
    ['failed without a reason', [done('failed', [])], 'answer_failed'],
    ['of an unknown status', [done('paused', [])], 'answer_failed'],
    [
      'blocked by the filter',
      [done('incomplete', [MESSAGE], { reason: 'content_filter' })],
      'answer_blocked'
    ],
    [
      'at its limit of tokens, after its sound',
      [
        { type: 'audio_started', responseId: 'r2' },
        done('incomplete', [MESSAGE], { reason: 'max_output_tokens' }),
        stopped
      ],
      'answer_cut_off'
    ],
    [
      'at its limit before a word',
      [done('incomplete', [], { reason: 'max_output_tokens' })],
      'answer_cut_off'
    ],
    ['without any output', [done('completed', [])], 'answer_failed'],
    ['with empty messages', [done('completed', [{ ...MESSAGE, content: [] }])], 'answer_failed'],
    ['whose tool output is refused', [{ type: 'item_refused', turnId: 1 }], 'answer_failed']
  ])('%s fails with its code, and can be asked again', (_what, events, code) => {
    const turn = play(...BEFORE_WORDS, ...events)
    expect(outcomes(turn.all())).toEqual([[1, 'failed', code]])
    expect(turn.state().retryable).not.toBeNull()
  })

  test.each(['turn_detected', 'client_cancelled'])('cancelled by %s has no failure', (reason) => {
    const turn = play(...BEFORE_WORDS, done('cancelled', [], { type: 'cancelled', reason }))
    expect(outcomes(turn.all())).toEqual([[1, 'cancelled', null]])
  })

  test('with words but no listed output is whole', () => {
    const turn = play(...BEFORE_WORDS, { type: 'response_progress', responseId: 'r2' })
    turn.send(done('completed', []))
    expect(outcomes(turn.all())).toEqual([[1, 'answered', null]])
  })
})

test('fails a typed question that is refused, instead of answering the one before', () => {
  const turn = play(...READY, { type: 'ask', text: 'How hot?' }, created('r1', 'turn-1-1'))
  const refused = eventOfError(
    { message: 'Invalid item.', event_id: 'item-1-question-ab-1' },
    { kind: 'unrelated' }
  )
  if (refused === null) throw new Error('no event')
  turn.send(refused)
  expect(outcomes(turn.all())).toEqual([[1, 'failed', 'answer_failed']])
  expect(types(turn.last())).toContain('cancel_response')
})

test('lets the model search where the item of the passages is refused', () => {
  const answer = { found: true, passages: [], nearest: [], named: 0, method: 'hybrid' } as const
  const words = { turnId: 1, words: 'how hot' }
  const turn = play(...ASKED.slice(0, 3), { type: 'words_heard', ...words, isWhole: false })
  turn.send(...ASKED.slice(3, 4), {
    type: 'early_searched',
    ...words,
    isCounted: false,
    questionId: 'q1',
    answer: { ...answer, passages: [], nearest: [] }
  })
  turn.send(...ASKED.slice(4), { type: 'item_refused', turnId: 1 })
  expect(ofType(turn.all(), 'create_response').map(({ kind }) => kind)).toEqual(['auto', 'search'])
  expect(outcomes(turn.all())).toEqual([])
})

describe('a function call', () => {
  const CALL = { type: 'function_call', name: 'search_handbook', call_id: 'c1', arguments: '{}' }

  test.each<[what: string, item: object, calls: string[]]>([
    ['that is completed', { ...CALL, status: 'completed' }, ['c1']],
    ['without a status', CALL, ['c1']],
    ['that was interrupted', { ...CALL, status: 'incomplete' }, []],
    ['of another kind', { type: 'mcp_call', id: 'm1' }, []]
  ])('%s is read alike from its own event and from response.done', (_what, item, calls) => {
    const event = done('completed', [item])
    expect(event.type === 'response_done' && event.calls.map(({ callId }) => callId)).toEqual(calls)
    const read = readServerEvent(
      JSON.stringify({ type: 'response.output_item.done', response_id: 'r2', item })
    )
    if (read.kind !== 'event') throw new Error('unreadable')
    const called = eventOfServer(read.event, 0)
    expect(called?.type === 'tool_called' ? [called.call.callId] : []).toEqual(calls)
  })
})

test('goes back to holding, with a hint, where the service refuses hands-free', () => {
  const turn = play(...READY, { type: 'hands_free_changed', on: true })
  expect(isHandsFreeListening(turn.state())).toBe(true)
  const refused = eventOfError(
    { message: 'Unsupported.', event_id: 'hands-free' },
    { kind: 'unrelated' }
  )
  if (refused === null) throw new Error('no event')
  turn.send(refused)
  expect(isHandsFreeListening(turn.state())).toBe(false)
  expect(hints(turn.last())).toEqual(['hands_free_refused'])
})
