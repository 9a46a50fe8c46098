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
const allowed = { allowed: true, text: expect.any(String) }

const updating = (session: object) => ({ type: 'session.update', session })
const creating = (item: object) => ({ type: 'conversation.item.create', item })
const responding = (response: object) => ({ type: 'response.create', response })
const input = (fields: object, more: object = {}) => ({
  type: 'realtime',
  audio: { input: fields, ...more }
})
const noiseOff = input({ noise_reduction: null })
const messageOf = (role: string) => ({
  type: 'message',
  role,
  content: [{ type: role === 'assistant' ? 'output_text' : 'input_text', text: 'x' }]
})

describe('allows', () => {
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
    creating(messageOf('user')),
    creating(messageOf('assistant')),
    creating({ type: 'function_call_output', call_id: 'call_1', output: '{}' }),
    updating(noiseOff),
    updating(
      input({ noise_reduction: { type: 'far_field' }, turn_detection: { type: 'semantic_vad' } })
    )
  ])('$type', (event) => {
    expect(read(event)).toEqual(allowed)
  })

  it('every type of the contract', () => {
    const bodies: Record<string, object> = {
      'session.update': { session: noiseOff },
      'conversation.item.create': { item: messageOf('user') },
      'conversation.item.delete': { item_id: 'item_1' },
      'conversation.item.truncate': { item_id: 'item_1', content_index: 0, audio_end_ms: 7 },
      'input_audio_buffer.append': { audio: 'AAAA' }
    }
    for (const type of ALLOWED_CLIENT_EVENTS) {
      expect(read({ type, ...bodies[type] }), type).toEqual(allowed)
    }
  })
})

describe('refuses', () => {
  it.each([
    ['to clear the output buffer, as a WebSocket has none', { type: 'output_audio_buffer.clear' }],
    ['to retrieve an item', { type: 'conversation.item.retrieve', item_id: 'item_1' }],
    ['the name of a method as a type', { type: 'toString' }],
    ['an event without a type', {}],
    ['a type that is no string', { type: 7 }],
    ['to change the instructions', updating({ ...noiseOff, instructions: 'Sing.' })],
    ['to change the tools', updating({ ...noiseOff, tools: [] })],
    ['to change the voice', updating(input({}, { output: { voice: 'ash' } }))],
    ['to change the transcription', updating(input({ transcription: null }))],
    ['an update without a session', { type: 'session.update' }],
    ['a response with instructions', responding({ instructions: 'Sing.' })],
    ['a response with tools', responding({ tools: [] })],
    ['a system message', creating(messageOf('system'))],
    ['an unknown field beside the type', { type: 'response.create', instructions: 'Sing.' }],
    ['an unknown field of a commit', { type: 'input_audio_buffer.commit', prompt: 'Sing.' }],
    ['an unknown field of an item', creating({ ...messageOf('user'), instructions: 'Sing.' })],
    ['a tool call', creating({ type: 'function_call', name: 'a' })]
  ])('%s', (_what, event) => {
    expect(read(event)).toMatchObject({ allowed: false, eventId: 'mine' })
  })

  it.each(['', 'hello', '[]', 'null', '7', '{"type":"response.create"'])('%j', (text) => {
    expect(checkClientEvent(text)).toMatchObject({ allowed: false, eventId: null })
  })

  it('a valid event over the length limit', () => {
    const append = (length: number) =>
      checkClientEvent(`{"type":"input_audio_buffer.append","audio":"${'A'.repeat(length)}"}`)
    expect(append(CLIENT_EVENT_LENGTH_LIMIT)).toMatchObject({ allowed: false })
    expect(append(CLIENT_EVENT_LENGTH_LIMIT - 100)).toEqual(allowed)
  })
})

it('names the refused field and never its content', () => {
  const reading = read(updating({ ...noiseOff, instructions: 'a secret' }))
  expect(reading).toMatchObject({
    allowed: false,
    type: 'session.update',
    message: expect.stringContaining('session.instructions')
  })
  expect(JSON.stringify(reading)).not.toContain('a secret')
})

it('answers in the shape of the Realtime API’s errors, with the page’s event id', () => {
  expect(JSON.parse(refusalErrorEvent({ message: 'No.', eventId: 'mine' }, 'refused_1'))).toEqual({
    type: 'error',
    event_id: 'refused_1',
    error: {
      type: 'invalid_request_error',
      code: 'client_event_refused',
      message: 'No.',
      param: null,
      event_id: 'mine'
    }
  })
})

it('sends on the last of two equal keys, as it was checked', () => {
  const noise = JSON.stringify(noiseOff)
  const twice = `{"type":"session.update","session":{"instructions":"Sing."},"session":${noise}}`
  expect(checkClientEvent(twice)).toEqual({
    allowed: true,
    text: `{"type":"session.update","session":${noise}}`
  })
  const other = `{"type":"session.update","session":${noise},"session":{"instructions":"Sing."}}`
  expect(checkClientEvent(other)).toMatchObject({ allowed: false })
})
