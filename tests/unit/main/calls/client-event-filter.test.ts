// What a page may say over a relay: a pure reading, so every rule is one line here.
import { describe, expect, it } from 'vitest'
import {
  checkClientEvent,
  refusalErrorEvent
} from '../../../../src/main/calls/client-event-filter.ts'
import {
  ALLOWED_CLIENT_EVENTS,
  CLIENT_EVENT_LENGTH_LIMIT
} from '../../../../src/shared/websocket-transport.ts'

const read = (event: object) => checkClientEvent(JSON.stringify({ event_id: 'mine', ...event }))
const allowed = { allowed: true }

const noiseOff = { type: 'realtime', audio: { input: { noise_reduction: null } } }
const spokenTo = (role: string) => ({
  type: 'message',
  role,
  content: [{ type: 'input_text', text: 'x' }]
})

describe('the page may', () => {
  it.each([
    { type: 'input_audio_buffer.append', audio: 'AAAA' },
    { type: 'input_audio_buffer.clear' },
    { type: 'input_audio_buffer.commit' },
    { type: 'conversation.item.delete', item_id: 'item_1' },
    { type: 'conversation.item.truncate', item_id: 'item_1', content_index: 0, audio_end_ms: 7 },
    { type: 'response.cancel' },
    { type: 'response.create' },
    {
      type: 'response.create',
      response: { tool_choice: { type: 'function', name: 'a' }, metadata: { request: '1' } }
    },
    { type: 'conversation.item.create', item: spokenTo('user') },
    { type: 'conversation.item.create', item: spokenTo('assistant') },
    {
      type: 'conversation.item.create',
      item: { type: 'function_call_output', call_id: 'call_1', output: '{}' }
    },
    { type: 'session.update', session: noiseOff },
    {
      type: 'session.update',
      session: {
        type: 'realtime',
        audio: {
          input: {
            noise_reduction: { type: 'far_field' },
            turn_detection: { type: 'semantic_vad' }
          }
        }
      }
    }
  ])('say $type', (event) => {
    expect(read(event)).toEqual(allowed)
  })

  it('say everything in the list of the contract', () => {
    const bodies: Record<string, object> = {
      'session.update': { session: noiseOff },
      'conversation.item.create': { item: spokenTo('user') }
    }
    for (const type of ALLOWED_CLIENT_EVENTS) {
      expect(read({ type, ...bodies[type] }), type).toEqual(allowed)
    }
  })
})

describe('the page may not', () => {
  it.each([
    ['cut an output buffer that the model does not have', { type: 'output_audio_buffer.clear' }],
    ['fetch what was said', { type: 'conversation.item.retrieve', item_id: 'item_1' }],
    ['use the name of a method', { type: 'toString' }],
    ['leave the type out', {}],
    ['give a type that is no text', { type: 7 }],
    [
      'change the instructions',
      { type: 'session.update', session: { ...noiseOff, instructions: 'Sing.' } }
    ],
    ['change the tools', { type: 'session.update', session: { ...noiseOff, tools: [] } }],
    [
      'change the voice',
      {
        type: 'session.update',
        session: { type: 'realtime', audio: { input: {}, output: { voice: 'ash' } } }
      }
    ],
    [
      'change the transcription',
      {
        type: 'session.update',
        session: { type: 'realtime', audio: { input: { transcription: null } } }
      }
    ],
    ['update without a session', { type: 'session.update' }],
    [
      'ask for a response with instructions of its own',
      { type: 'response.create', response: { instructions: 'Sing.' } }
    ],
    [
      'ask for a response with tools of its own',
      { type: 'response.create', response: { tools: [] } }
    ],
    ['add a system message', { type: 'conversation.item.create', item: spokenTo('system') }],
    [
      'add a tool call',
      { type: 'conversation.item.create', item: { type: 'function_call', name: 'a' } }
    ]
  ])('%s', (_what, event) => {
    expect(read(event)).toMatchObject({ allowed: false, eventId: 'mine' })
  })

  it.each(['', 'hello', '[]', 'null', '7', '{"type":"response.create"'])('send %j', (text) => {
    expect(checkClientEvent(text)).toMatchObject({ allowed: false, eventId: null })
  })

  it('send more than fits, however well formed', () => {
    const append = (length: number) =>
      checkClientEvent(
        JSON.stringify({ type: 'input_audio_buffer.append', audio: '' }).replace(
          '""',
          `"${'A'.repeat(length)}"`
        )
      )
    expect(append(CLIENT_EVENT_LENGTH_LIMIT)).toMatchObject({ allowed: false })
    expect(append(CLIENT_EVENT_LENGTH_LIMIT - 100)).toEqual(allowed)
  })
})

it('names the field that was refused and never its content', () => {
  const reading = read({
    type: 'session.update',
    session: { ...noiseOff, instructions: 'a secret' }
  })
  expect(reading).toMatchObject({
    allowed: false,
    type: 'session.update',
    message: expect.stringContaining('session.instructions')
  })
  expect(JSON.stringify(reading)).not.toContain('a secret')
})

it('answers in the shape of the model’s own errors, with the page’s id', () => {
  expect(JSON.parse(refusalErrorEvent({ message: 'No.', eventId: 'mine' }, 'relay_1'))).toEqual({
    type: 'error',
    event_id: 'relay_1',
    error: {
      type: 'invalid_request_error',
      code: 'client_event_refused',
      message: 'No.',
      param: null,
      event_id: 'mine'
    }
  })
})
