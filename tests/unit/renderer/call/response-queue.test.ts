// Queues responses and judges errors.
import { expect, test } from 'vitest'
import type { ClientEvent } from '../../../../src/renderer/call/client-events.ts'
import {
  ACTIVE_RETRY_MS,
  CANCEL_SETTLE_MS,
  createResponseQueue
} from '../../../../src/renderer/call/response-queue.ts'

const setUp = () => {
  const sent: ClientEvent[] = []
  const scheduled: { run: () => void; ms: number }[] = []
  let ids = 0
  const queue = createResponseQueue(
    (event) => sent.push(event),
    () => `e${++ids}`,
    (run, ms) => {
      const entry = { run, ms }
      scheduled.push(entry)
      return () => scheduled.splice(scheduled.indexOf(entry), 1)
    }
  )
  const created = () => sent.filter((event) => event.type === 'response.create')
  const error = (code: string, eventId: string | null) => ({
    code,
    message: code,
    event_id: eventId
  })
  return { queue, sent, scheduled, created, error }
}

test('sends the first request at once, with the search forced', () => {
  const { queue, sent } = setUp()
  queue.create('turn-1-1', 'search')
  expect(sent).toEqual([
    {
      type: 'response.create',
      event_id: 'turn-1-1',
      response: {
        tool_choice: { type: 'function', name: 'search_handbook' },
        metadata: { request: 'turn-1-1' }
      }
    }
  ])
})

test('holds a request until the last response is done', () => {
  const { queue, created } = setUp()
  queue.create('a', 'search')
  queue.created('r1')
  queue.create('b', 'auto')
  queue.done('r0')
  expect(created()).toHaveLength(1)
  queue.done('r1')
  expect(created().map((event) => event.event_id)).toEqual(['a', 'b'])
})

test('retries a request when the unknown active response is done', () => {
  const { queue, created, error } = setUp()
  queue.create('a', 'search')
  expect(queue.classify(error('conversation_already_has_active_response', 'a')).kind).toBe(
    'requeued'
  )
  expect(created()).toHaveLength(1)
  queue.done('unknown')
  expect(created().map((event) => event.event_id)).toEqual(['a', 'a'])
})

test('retries a request after a delay when no response is done', () => {
  const { queue, created, error, scheduled } = setUp()
  queue.create('a', 'search')
  queue.classify(error('conversation_already_has_active_response', 'a'))
  expect(scheduled.map(({ ms }) => ms)).toEqual([ACTIVE_RETRY_MS])
  scheduled[0]?.run()
  expect(created()).toHaveLength(2)
})

test('drops waiting requests, and holds the next one until the cancel has settled', () => {
  const { queue, sent, created } = setUp()
  queue.create('a', 'search')
  queue.created('r1')
  queue.create('b', 'auto')
  queue.drop()
  queue.cancel('r1')
  expect(sent.at(-1)).toMatchObject({ type: 'response.cancel', response_id: 'r1' })
  queue.create('c', 'search')
  expect(created()).toHaveLength(1)
  queue.done('r1')
  expect(created().map((event) => event.event_id)).toEqual(['a', 'c'])
})

test('sends the next request after a delay when a cancelled response is never done', () => {
  const { queue, created, scheduled } = setUp()
  queue.create('a', 'search')
  queue.created('r1')
  queue.cancel('r1')
  queue.create('b', 'search')
  expect(scheduled.map(({ ms }) => ms)).toEqual([CANCEL_SETTLE_MS])
  scheduled[0]?.run()
  expect(created()).toHaveLength(2)
})

test('sends the next request after a cancel that came too late', () => {
  const { queue, sent, created, error } = setUp()
  queue.create('a', 'search')
  queue.created('r1')
  queue.cancel('r1')
  const cancel = sent.at(-1)
  queue.create('b', 'search')
  expect(queue.classify(error('response_cancel_not_active', cancel?.event_id ?? '')).kind).toBe(
    'benign'
  )
  expect(created()).toHaveLength(2)
})

test('names the request of any other refusal, and ignores an unrelated error', () => {
  const { queue, error } = setUp()
  queue.create('a', 'search')
  expect(queue.classify(error('server_error', null)).kind).toBe('unrelated')
  expect(queue.classify(error('invalid_value', 'a'))).toEqual({ kind: 'refused', requestId: 'a' })
})

test('sends a request at once after a reset', () => {
  const { queue, created } = setUp()
  queue.create('a', 'search')
  queue.created('r1')
  queue.create('b', 'auto')
  queue.reset()
  queue.create('c', 'search')
  expect(created().map((event) => event.event_id)).toEqual(['a', 'c'])
})
