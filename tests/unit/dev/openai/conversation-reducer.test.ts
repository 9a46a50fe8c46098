// Tests the conversation reducer: the events, effects and state of each input.
import type { RealtimeServerEvent } from 'openai/resources/realtime/realtime'
import { beforeEach, describe, expect, test } from 'vitest'
import type { ClientEvent } from '../../../../dev/openai/client-event-schema.ts'
import type { Effect } from '../../../../dev/openai/conversation/draft.ts'
import { type Input, step } from '../../../../dev/openai/conversation/reducer.ts'
import type { Ending } from '../../../../dev/openai/conversation/responses.ts'
import {
  type Conversation,
  newConversation,
  type RecognisedSpeech,
  type SessionTransport
} from '../../../../dev/openai/conversation/state.ts'
import { RESPONSE_FAULTS } from '../../../../dev/openai/response-fault.ts'
import { effectiveSession } from '../../../../dev/openai/session-schema.ts'

let state: Conversation
let effects: Effect[]
let bufferedMs: number
let playedMs: number
let count: number

const start = (transport: SessionTransport): void => {
  const session = effectiveSession({
    type: 'realtime',
    audio: { input: { turn_detection: null, transcription: { model: 'gpt-live-transcribe' } } },
    tools: [{ type: 'function', name: 'search_handbook' }]
  })
  const ids = { sessionId: 'sess_1', conversationId: 'conv_1' }
  state = newConversation(session, ids, 3_600, transport)
  effects = []
  bufferedMs = 1_500
  playedMs = 0
  count = 0
}
beforeEach(() => start('webrtc'))

const feed = (input: Input): RealtimeServerEvent[] => {
  const next = step(state, input, {
    bufferedMs,
    playedMs,
    newId: (prefix) => {
      count += 1
      return `${prefix}_${count}`
    },
    audioOf: () => 'AAAA'
  })
  state = next.state
  effects = next.effects
  return next.events
}
const send = (event: ClientEvent): RealtimeServerEvent[] => feed({ type: 'client', event })
const transcribe = (itemId: string, recognition: RecognisedSpeech): RealtimeServerEvent[] => {
  feed({ type: 'recognised', itemId, recognition })
  return feed({ type: 'transcribed', itemId })
}
const types = (events: readonly RealtimeServerEvent[]): string[] => events.map(({ type }) => type)
const codeOf = (events: readonly RealtimeServerEvent[]): string | null | undefined => {
  const [event] = events
  return event?.type === 'error' ? event.error.code : undefined
}
const createMessage = (role: 'user' | 'system', id = 'item_typed', previous_item_id?: string) =>
  send({
    type: 'conversation.item.create',
    ...(previous_item_id === undefined ? {} : { previous_item_id }),
    item: { type: 'message', role, id, content: [{ type: 'input_text', text: 'How hot?' }] }
  })
/** Asks with typed text. @returns the id of the response */
const ask = (): string => {
  count += 1
  createMessage('user', `item_${count}`)
  send({ type: 'response.create' })
  return state.active?.id ?? ''
}
const updateInput = (input: object): RealtimeServerEvent[] =>
  send({ type: 'session.update', session: { type: 'realtime', audio: { input } } })
const commit = (): string => {
  send({ type: 'input_audio_buffer.commit' })
  return state.items.at(-1)?.item.id ?? ''
}
const truncate = (item_id: string, audio_end_ms: number): RealtimeServerEvent[] =>
  send({ type: 'conversation.item.truncate', item_id, content_index: 0, audio_end_ms })
/** A response that is waiting for its words. */
const startMessage = (responseId: string): void => {
  feed({ type: 'decided', responseId, decision: { kind: 'message' } })
}
/** An answer with audio that is still being written. */
const speaking = (): string => {
  const responseId = ask()
  startMessage(responseId)
  feed({ type: 'text_delta', responseId, delta: 'Very', audioMs: 1_000 })
  feed({ type: 'playback_started', responseId })
  return responseId
}

test('begins with its session and its conversation', () => {
  expect(feed({ type: 'opened' })).toMatchObject([
    { type: 'session.created', session: { id: 'sess_1' } },
    {
      type: 'conversation.created',
      conversation: { id: 'conv_1', object: 'realtime.conversation' }
    }
  ])
})

describe('a session', () => {
  const vad = { turn_detection: { type: 'server_vad' } }
  const transcribedBy = (model: string) => ({ transcription: { model } })

  test.each<[what: string, steps: object[]]>([
    [
      'turn detection beside a transcription model that has none',
      [transcribedBy('gpt-realtime-whisper'), vad]
    ],
    [
      'a transcription model without turn detection beside it',
      [vad, transcribedBy('gpt-realtime-whisper')]
    ]
  ])('refuses %s, and stays as it was', (_what, steps) => {
    for (const input of steps.slice(0, -1)) updateInput(input)
    const before = state.session
    const [event] = updateInput(steps.at(-1) ?? {})
    const param = 'session.audio.input.turn_detection'
    expect(event).toMatchObject({ type: 'error', error: { code: 'invalid_value', param } })
    expect(state.session).toEqual(before)
  })
})

describe('the input audio buffer', () => {
  test('refuses a commit under 100 ms without further effect', () => {
    bufferedMs = 99
    const events = send({ type: 'input_audio_buffer.commit', event_id: 'mine' })
    expect(events).toMatchObject([
      { type: 'error', error: { code: 'input_audio_buffer_commit_empty', event_id: 'mine' } }
    ])
    expect(effects).toEqual([])
    expect(state.items).toHaveLength(0)
  })

  test('becomes an item after the previous one, without a response of its own', () => {
    send({ type: 'input_audio_buffer.commit' })
    const first = state.items[0]?.item.id
    const events = send({ type: 'input_audio_buffer.commit' })
    expect(types(events)).toEqual([
      'input_audio_buffer.committed',
      'conversation.item.added',
      'conversation.item.done'
    ])
    expect(events[0]).toMatchObject({ previous_item_id: first })
    expect(effects).toEqual([{ type: 'take_audio', itemId: state.items[1]?.item.id }])
    expect(state.active).toBeNull()
  })
})

describe('transcription', () => {
  test('arrives in deltas that join to the whole', () => {
    const itemId = commit()
    const events = transcribe(itemId, { kind: 'recognised', text: 'How hot is it?' })
    const pieces = events.map((event) => ('delta' in event ? event.delta : '')).join('')
    expect(pieces).toBe('How hot is it?')
    expect(events.at(-1)).toMatchObject({
      type: 'conversation.item.input_audio_transcription.completed',
      transcript: 'How hot is it?',
      usage: { type: 'duration', seconds: 2 }
    })
  })

  test('is billed by tokens by the models that are', () => {
    updateInput({ transcription: { model: 'gpt-4o-transcribe' } })
    const events = transcribe(commit(), { kind: 'recognised', text: 'How hot is it?' })
    expect(events.at(-1)).toMatchObject({
      usage: {
        type: 'tokens',
        input_tokens: 15,
        output_tokens: 4,
        total_tokens: 19,
        input_token_details: { audio_tokens: 15, text_tokens: 0 }
      }
    })
  })

  test('reaches the model but not the client of a session without it', () => {
    updateInput({ transcription: null })
    expect(feed({ type: 'partial_transcript', text: 'How hot' })).toEqual([])
    const itemId = commit()
    expect(transcribe(itemId, { kind: 'recognised', text: 'Hm' })).toEqual([])
    expect(state.items[0]?.recognition).toEqual({ kind: 'recognised', text: 'Hm' })
  })

  test('is dropped for an item that was deleted', () => {
    const itemId = commit()
    send({ type: 'conversation.item.delete', item_id: itemId })
    expect(transcribe(itemId, { kind: 'unclear' })).toEqual([])
  })
})

describe('a live transcript', () => {
  const deltas = (events: readonly RealtimeServerEvent[]) =>
    events.flatMap((event) =>
      event.type === 'conversation.item.input_audio_transcription.delta' ? [event] : []
    )
  const textOf = (events: readonly RealtimeServerEvent[]): string =>
    deltas(events)
      .map(({ delta }) => delta)
      .join('')

  test('is sent before the commit under the item id of the commit', () => {
    const early = feed({ type: 'partial_transcript', text: 'How hot' })
    const [committed] = send({ type: 'input_audio_buffer.commit' })
    expect(textOf(early)).toBe('How hot')
    expect(new Set(deltas(early).map(({ item_id }) => item_id))).toEqual(
      new Set([committed?.type === 'input_audio_buffer.committed' ? committed.item_id : ''])
    )
  })

  test('sends each word once', () => {
    feed({ type: 'partial_transcript', text: 'How hot' })
    const more = feed({ type: 'partial_transcript', text: 'How hot is' })
    expect(textOf(more)).toBe(' is')
    expect(feed({ type: 'partial_transcript', text: 'How hot is' })).toEqual([])
    const itemId = commit()
    const events = transcribe(itemId, { kind: 'recognised', text: 'How hot is it?' })
    expect(textOf(events)).toBe(' it?')
    expect(events.at(-1)).toMatchObject({ transcript: 'How hot is it?' })
  })

  test('is corrected by the completed transcript alone', () => {
    feed({ type: 'partial_transcript', text: 'How long' })
    const itemId = commit()
    const recognition = { kind: 'recognised' as const, text: 'How hot is it?' }
    const events = transcribe(itemId, recognition)
    expect(types(events)).toEqual(['conversation.item.input_audio_transcription.completed'])
  })

  test('does not share its item id with the turn after a clear', () => {
    const [early] = deltas(feed({ type: 'partial_transcript', text: 'How hot' }))
    send({ type: 'input_audio_buffer.clear' })
    const [committed] = send({ type: 'input_audio_buffer.commit' })
    expect(committed).toMatchObject({ type: 'input_audio_buffer.committed' })
    expect(committed).not.toHaveProperty('item_id', early?.item_id)
  })
})

describe('a response', () => {
  /** The events that close a spoken message. */
  const MESSAGE_END = [
    'response.output_audio.done',
    'response.output_audio_transcript.done',
    'response.content_part.done',
    'response.output_item.done',
    'conversation.item.done'
  ]

  test('refuses a second active response in the conversation', () => {
    const responseId = ask()
    const events = send({ type: 'response.create', event_id: 'second' })
    expect(codeOf(events)).toBe('conversation_already_has_active_response')
    expect(state.active?.id).toBe(responseId)
    expect(types(send({ type: 'response.create', response: { conversation: 'none' } }))).toContain(
      'response.created'
    )
  })

  test('ends after a tool call, with the call in its output', () => {
    const responseId = ask()
    const events = feed({
      type: 'decided',
      responseId,
      decision: { kind: 'call', name: 'search_handbook', argumentsJson: '{"query":"How hot?"}' }
    })
    const pieces = events
      .map((event) => (event.type === 'response.function_call_arguments.delta' ? event.delta : ''))
      .join('')
    expect(pieces).toBe('{"query":"How hot?"}')
    expect(events.at(-1)).toMatchObject({
      type: 'response.done',
      response: {
        status: 'completed',
        output: [{ type: 'function_call', status: 'completed', name: 'search_handbook' }]
      }
    })
    expect(state.active).toBeNull()
  })

  test('ends each message and each call before the next one, with the places of all', () => {
    const responseId = speaking()
    const call = { name: 'search_handbook', argumentsJson: '{}' }
    const second = feed({ type: 'decided', responseId, decision: { kind: 'message' } })
    expect(types(second)).toEqual([
      ...MESSAGE_END,
      'response.output_item.added',
      'conversation.item.added',
      'response.content_part.added'
    ])
    const rest = feed({
      type: 'decided',
      responseId,
      decision: { kind: 'call', ...call, parallel: [call] }
    })
    const done = [...second, ...rest].filter(({ type }) => type === 'response.output_item.done')
    expect(done.map((event) => 'output_index' in event && event.output_index)).toEqual([0, 1, 2, 3])
    expect(rest.at(-1)).toMatchObject({
      type: 'response.done',
      response: {
        output: ['message', 'message', 'function_call', 'function_call'].map((type) => ({ type }))
      }
    })
  })

  test('closes its message when it is cancelled', () => {
    const responseId = speaking()
    const events = send({ type: 'response.cancel' })
    expect(types(events)).toEqual([...MESSAGE_END, 'response.done'])
    expect(events.at(-1)).toMatchObject({
      response: {
        id: responseId,
        status: 'cancelled',
        status_details: { reason: 'client_cancelled' }
      }
    })
    expect(effects).toEqual([{ type: 'stop_generating', responseId }])
    expect(codeOf(send({ type: 'response.cancel' }))).toBe('response_cancel_not_active')
  })

  test('ignores words, audio, its end and a call after its cancellation', () => {
    const responseId = speaking()
    send({ type: 'response.cancel' })
    const call = { name: 'report_answer', argumentsJson: '{}' }
    expect(feed({ type: 'text_delta', responseId, delta: ' hot', audioMs: 500 })).toEqual([])
    expect(feed({ type: 'audio_delta', responseId, base64: 'AAAA' })).toEqual([])
    expect(feed({ type: 'finished', responseId })).toEqual([])
    expect(feed({ type: 'finished', responseId, call })).toEqual([])
  })

  test('completes its message before a call in the same response', () => {
    const responseId = speaking()
    const events = feed({
      type: 'finished',
      responseId,
      call: { name: 'report_answer', argumentsJson: '{"found":true}' }
    })
    expect(types(events)).toEqual([
      ...MESSAGE_END,
      'response.output_item.added',
      'conversation.item.added',
      'response.function_call_arguments.delta',
      'response.function_call_arguments.delta',
      'response.function_call_arguments.done',
      'response.output_item.done',
      'conversation.item.done',
      'response.done'
    ])
    expect(events.at(-1)).toMatchObject({
      response: {
        status: 'completed',
        output: [
          { type: 'message', status: 'completed' },
          { type: 'function_call', status: 'completed', arguments: '{"found":true}' }
        ]
      }
    })
    const [first, second] = events.filter(({ type }) => type === 'response.output_item.done')
    expect([first, second]).toMatchObject([{ output_index: 0 }, { output_index: 1 }])
    expect(state.active).toBeNull()
    // Its audio plays on.
    expect(types(feed({ type: 'playback_drained', responseId }))).toEqual([
      'output_audio_buffer.stopped'
    ])
  })

  test('is incomplete beyond its token limit', () => {
    send({ type: 'response.create', response: { max_output_tokens: 5 } })
    const responseId = state.active?.id ?? ''
    startMessage(responseId)
    const events = feed({ type: 'text_delta', responseId, delta: 'Very', audioMs: 1_000 })
    expect(events.at(-1)).toMatchObject({
      response: { status: 'incomplete', status_details: { reason: 'max_output_tokens' } }
    })
  })

  test.each(Object.values(RESPONSE_FAULTS).flatMap(({ ending }) => ending ?? []))(
    'ends as a fault asks: $status',
    ({ status, ...details }) => {
      const responseId = ask()
      const decision = { kind: 'ended', ending: { status, ...details } as Ending } as const
      const [done] = feed({ type: 'decided', responseId, decision })
      const isComplete = status === 'completed'
      expect(done).toMatchObject({
        type: 'response.done',
        response: {
          status,
          output: [],
          ...(isComplete ? {} : { status_details: { type: status, ...details } })
        }
      })
    }
  )

  test('counts a token per 100 ms of the user and per 50 ms of the model', () => {
    send({ type: 'input_audio_buffer.commit' })
    send({ type: 'response.create' })
    const responseId = state.active?.id ?? ''
    startMessage(responseId)
    feed({ type: 'text_delta', responseId, delta: 'Very', audioMs: 1_000 })
    const events = feed({ type: 'finished', responseId })
    expect(events.at(-1)).toMatchObject({
      response: {
        usage: {
          input_token_details: { audio_tokens: 15, cached_tokens: 0 },
          output_token_details: { audio_tokens: 20, text_tokens: 1 }
        }
      }
    })
  })

  test('finds the input of the previous response in the cache until the history changes', () => {
    const cachedOfNext = (): number => {
      const responseId = ask()
      startMessage(responseId)
      const done = feed({ type: 'finished', responseId }).at(-1)
      const usage = done?.type === 'response.done' ? done.response.usage : undefined
      return usage?.input_token_details?.cached_tokens ?? -1
    }
    expect(cachedOfNext()).toBe(0)
    expect(cachedOfNext()).toBeGreaterThan(0)
    send({ type: 'conversation.item.delete', item_id: state.items[0]?.item.id ?? '' })
    expect(cachedOfNext()).toBe(0)
  })
})

test('gives a response outside the conversation its metadata and no conversation id', () => {
  const response = { conversation: 'none' as const, metadata: { purpose: 'aside' } }
  const [created] = send({ type: 'response.create', response })
  expect(created).toMatchObject({ response: { metadata: { purpose: 'aside' } } })
  expect(created).not.toHaveProperty('response.conversation_id')
})

test('refuses another voice once the model was audible', () => {
  speaking()
  const session = { type: 'realtime' as const, audio: { output: { voice: 'cedar' as const } } }
  expect(codeOf(send({ type: 'session.update', session }))).toBe('cannot_update_voice')
})

describe('the output audio buffer', () => {
  test('reports its end once, after response.done', () => {
    const responseId = speaking()
    feed({ type: 'finished', responseId })
    expect(types(feed({ type: 'playback_drained', responseId }))).toEqual([
      'output_audio_buffer.stopped'
    ])
    expect(feed({ type: 'playback_drained', responseId })).toEqual([])
  })

  test('keeps the played part of a cleared answer and empties its transcript', () => {
    const responseId = speaking()
    send({ type: 'response.cancel' })
    playedMs = 340
    expect(send({ type: 'output_audio_buffer.clear' })).toMatchObject([
      { type: 'output_audio_buffer.cleared', response_id: responseId },
      {
        type: 'conversation.item.truncated',
        item_id: state.items.at(-1)?.item.id,
        content_index: 0,
        audio_end_ms: 340
      }
    ])
    expect(effects).toEqual([{ type: 'stop_playing' }])
    const stored = state.items.at(-1)
    expect(stored?.audioMs).toBe(340)
    expect(stored?.item).toMatchObject({ content: [{ transcript: '' }] })
  })

  test('cuts each message of a response where its sound was cut', () => {
    const responseId = speaking()
    startMessage(responseId)
    feed({ type: 'text_delta', responseId, delta: 'hot', audioMs: 1_000 })
    feed({ type: 'finished', responseId })
    playedMs = 1_200
    const events = send({ type: 'output_audio_buffer.clear' })
    expect(types(events)).toEqual([
      'output_audio_buffer.cleared',
      'conversation.item.truncated',
      'conversation.item.truncated'
    ])
    expect(state.items.slice(-2).map(({ audioMs }) => audioMs)).toEqual([1_000, 200])
  })

  test('ignores a clear while nothing plays', () => {
    expect(send({ type: 'output_audio_buffer.clear' })).toEqual([])
  })
})

test('refuses to truncate beyond the end of the audio, or the audio of a user', () => {
  feed({ type: 'finished', responseId: speaking() })
  expect(truncate(state.items.at(-1)?.item.id ?? '', 5_000)).toMatchObject([
    { error: { message: 'Audio content of 1000ms is already shorter than 5000ms' } }
  ])
  expect(codeOf(truncate(commit(), 10))).toBe('invalid_value')
})

describe('voice activity', () => {
  beforeEach(() => {
    updateInput({ turn_detection: { type: 'server_vad' } })
  })

  test('commits under the item id of the start of speech', () => {
    const [started] = feed({ type: 'speech_started', atMs: 100 })
    const itemId = started?.type === 'input_audio_buffer.speech_started' ? started.item_id : ''
    const events = feed({ type: 'speech_stopped', atMs: 900 })
    expect(types(events).slice(0, 2)).toEqual([
      'input_audio_buffer.speech_stopped',
      'input_audio_buffer.committed'
    ])
    expect(events[1]).toMatchObject({ item_id: itemId })
    expect(types(events)).toContain('response.created')
  })

  test('interrupts the playing answer', () => {
    speaking()
    const events = feed({ type: 'speech_started', atMs: 100 })
    expect(types(events)).toContain('output_audio_buffer.cleared')
    const done = events.find(({ type }) => type === 'response.done')
    expect(done).toMatchObject({ response: { status_details: { reason: 'turn_detected' } } })
  })

  test('does nothing when turn detection is off', () => {
    updateInput({ turn_detection: null })
    expect(feed({ type: 'speech_started', atMs: 100 })).toEqual([])
  })
})

describe('items', () => {
  test('are inserted first after "root"', () => {
    ask()
    createMessage('system', 'item_first', 'root')
    expect(state.items[0]?.item.id).toBe('item_first')
  })

  test('are retrieved with their audio', () => {
    const itemId = commit()
    expect(send({ type: 'conversation.item.retrieve', item_id: itemId })).toMatchObject([
      { type: 'conversation.item.retrieved', item: { content: [{ audio: 'AAAA' }] } }
    ])
  })

  test('are refused with the id of another item', () => {
    createMessage('user')
    expect(codeOf(createMessage('user'))).toBe('invalid_value')
  })
})

describe('over a WebSocket', () => {
  beforeEach(() => start('websocket'))

  test('sends audio as events of its item', () => {
    const responseId = speaking()
    const message = state.active?.message
    expect(feed({ type: 'audio_delta', responseId, base64: 'AAAA' })).toMatchObject([
      {
        type: 'response.output_audio.delta',
        response_id: responseId,
        item_id: message?.itemId,
        delta: 'AAAA'
      }
    ])
    expect(state.voiceFrozen).toBe(true)
  })

  test('refuses to clear the output buffer', () => {
    speaking()
    expect(send({ type: 'output_audio_buffer.clear', event_id: 'mine' })).toMatchObject([
      { type: 'error', error: { code: 'invalid_value', param: 'type', event_id: 'mine' } }
    ])
    expect(effects).toEqual([])
  })

  test('truncates a cancelled answer to its played length', () => {
    speaking()
    const itemId = state.active?.message?.itemId ?? ''
    send({ type: 'response.cancel' })
    expect(truncate(itemId, 400)).toMatchObject([
      { type: 'conversation.item.truncated', audio_end_ms: 400 }
    ])
  })
})
