// Parses server events.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readServerEvent } from '../../../../src/renderer/call/server-events.ts'

test('reads a response with a completed tool call', () => {
  const read = readServerEvent(
    JSON.stringify({
      type: 'response.done',
      event_id: 'e1',
      response: {
        id: 'r1',
        object: 'realtime.response',
        status: 'completed',
        metadata: { request: 'turn-1-1' },
        usage: { total_tokens: 3 },
        output: [
          { type: 'mcp_call', id: 'm1' },
          {
            type: 'function_call',
            id: 'i1',
            status: 'completed',
            name: 'search_handbook',
            call_id: 'c1',
            arguments: '{"question":"chicken"}'
          }
        ]
      }
    })
  )
  expect(read).toMatchObject({
    kind: 'event',
    event: {
      response: { id: 'r1', output: [{ type: 'function_call', call_id: 'c1' }] }
    }
  })
})

test.each([
  'conversation.created',
  'conversation.item.added',
  'conversation.item.truncated',
  'rate_limits.updated',
  'response.content_part.added',
  'response.mcp_call.completed'
])('reports %s, which the kiosk does not use, as unknown', (type) => {
  expect(readServerEvent(JSON.stringify({ type }))).toEqual({ kind: 'unknown', type })
})

test.each([
  ['no JSON', '{"type":', null],
  ['no object', '42', null],
  ['no type', '{"response":{}}', null],
  ['a known type without its fields', '{"type":"response.done"}', 'response.done'],
  [
    'a known type with a field of another kind',
    '{"type":"output_audio_buffer.started","response_id":7}',
    'output_audio_buffer.started'
  ]
])('reports %s as malformed', (_, data, type) => {
  expect(readServerEvent(data)).toMatchObject({ kind: 'malformed', type })
})

test('keeps the content out of the reason, which is logged', () => {
  const read = readServerEvent('{"type":"response.done","response":{"id":"secret words","x":1}}')
  expect(JSON.stringify(read)).not.toContain('secret words')
})

test('never throws', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (data) => {
      expect(['event', 'unknown', 'malformed']).toContain(readServerEvent(data).kind)
    })
  )
})
