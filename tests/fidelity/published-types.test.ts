// Proves the checks of recorded traffic with bodies that fit the published types, and with bodies that do not.
import { expect, test } from 'vitest'
import type { TrafficEntry } from '../../dev/openai/traffic.ts'
import { mismatches } from './published-types.ts'

const server = (body: object): TrafficEntry => ({
  kind: 'server_event',
  body: { event_id: 'e1', ...body }
})
const done = (response: object) => server({ type: 'response.done', response })
const item = (fields: object) => server({ type: 'conversation.item.done', item: fields })
const CALL = { type: 'function_call', name: 'search', arguments: '{}' }

const WRONG: [what: string, entry: TrafficEntry, reason: RegExp][] = [
  [
    'a missing field',
    { kind: 'server_event', body: { type: 'input_audio_buffer.cleared' } },
    /event_id/
  ],
  ['an undeclared field', server({ type: 'input_audio_buffer.cleared', extra: 1 }), /extra/],
  ['an undeclared field inside', done({ id: 'r1', usage: { tokens: 1 } }), /tokens/],
  ['a value outside its list', done({ id: 'r1', status: 'done' }), /"done"/],
  ['a field of another item', item({ ...CALL, role: 'user' }), /role/],
  ['a null where there is none', item({ ...CALL, name: null }), /null/],
  ['an event that is not declared', server({ type: 'response.audio.delta' }), /response\.audio/],
  [
    "a client's wrong field",
    { kind: 'client_event', body: { type: 'response.create', response: { temperature: 1 } } },
    /temperature/
  ],
  [
    'a body with a wrong field',
    {
      kind: 'request',
      endpoint: 'POST /v1/realtime/client_secrets',
      status: 200,
      body: { session: { type: 'realtime', voice: 'marin' } }
    },
    /voice/
  ],
  [
    'an error without its parameter',
    {
      kind: 'response',
      endpoint: 'GET /v1/models',
      status: 401,
      body: { error: { message: 'No.', type: 'x', code: null } }
    },
    /param/
  ],
  [
    'an endpoint without a type',
    { kind: 'response', endpoint: 'GET /v1/files', status: 200, body: {} },
    /never/
  ]
]

test('finds each body that the published types do not allow, and no other', async () => {
  const right = [
    done({ id: 'r1', status: 'completed', output: [CALL], metadata: null }),
    server({ type: 'session.created', session: { type: 'realtime', id: 's1', tracing: null } })
  ]
  const found = await mismatches([...right, ...WRONG.map(([, entry]) => entry)])
  expect(found).toHaveLength(WRONG.length)
  for (const [index, [, , reason]] of WRONG.entries()) expect(found[index]).toMatch(reason)
})
