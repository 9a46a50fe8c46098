// The conversation's rules, without a wire: what each input leads to and in which order.
import type { RealtimeServerEvent } from 'openai/resources/realtime/realtime'
import { beforeEach, describe, expect, test } from 'vitest'
import type { ClientEvent } from '../../../../dev/openai/client-event-schema.ts'
import type { Effect } from '../../../../dev/openai/conversation/draft.ts'
import { type Input, step } from '../../../../dev/openai/conversation/reducer.ts'
import {
  type Conversation,
  newConversation,
  type RecognisedSpeech
} from '../../../../dev/openai/conversation/state.ts'
import { effectiveSession } from '../../../../dev/openai/session-schema.ts'

let state: Conversation
let effects: Effect[]
let bufferedMs: number
let playedMs: number
let count: number

beforeEach(() => {
  state = newConversation(
    effectiveSession({
      type: 'realtime',
      audio: {
        input: { turn_detection: null, transcription: { model: 'gpt-live-transcribe' } }
      },
      tools: [{ type: 'function', name: 'search_handbook' }]
    }),
    { sessionId: 'sess_1', conversationId: 'conv_1' },
    3_600
  )
  effects = []
  bufferedMs = 1_500
  playedMs = 0
  count = 0
})

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
const ask = (): string => {
  send({
    type: 'conversation.item.create',
    item: { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'How hot?' }] }
  })
  send({ type: 'response.create' })
  return state.active?.id ?? ''
}
/** An answer of two words with sound, still being written. */
const speaking = (): string => {
  const responseId = ask()
  feed({ type: 'decided', responseId, decision: { kind: 'message' } })
  feed({ type: 'text_delta', responseId, delta: 'Very', audioMs: 1_000 })
  feed({ type: 'playback_started', responseId })
  return responseId
}

describe('the input buffer', () => {
  test('is not committed under 100 ms, and nothing else happens', () => {
    bufferedMs = 99
    const events = send({ type: 'input_audio_buffer.commit', event_id: 'mine' })
    expect(events).toMatchObject([
      { type: 'error', error: { code: 'input_audio_buffer_commit_empty', event_id: 'mine' } }
    ])
    expect(effects).toEqual([])
    expect(state.items).toHaveLength(0)
  })

  test('becomes an item after the one before it', () => {
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
  })

  test('is not answered by itself under push-to-talk', () => {
    send({ type: 'input_audio_buffer.commit' })
    expect(state.active).toBeNull()
  })
})

describe('transcription', () => {
  test('comes in pieces that make up the whole', () => {
    send({ type: 'input_audio_buffer.commit' })
    const itemId = state.items[0]?.item.id ?? ''
    const events = transcribe(itemId, { kind: 'recognised', text: 'How hot is it?' })
    const pieces = events.map((event) => ('delta' in event ? event.delta : '')).join('')
    expect(pieces).toBe('How hot is it?')
    expect(events.at(-1)).toMatchObject({
      type: 'conversation.item.input_audio_transcription.completed',
      transcript: 'How hot is it?',
      usage: { type: 'duration', seconds: 2 }
    })
  })

  test('is not told when the session did not ask for it, but the model has heard', () => {
    send({
      type: 'session.update',
      session: { type: 'realtime', audio: { input: { transcription: null } } }
    })
    send({ type: 'input_audio_buffer.commit' })
    const itemId = state.items[0]?.item.id ?? ''
    expect(transcribe(itemId, { kind: 'recognised', text: 'Hm' })).toEqual([])
    expect(state.items[0]?.recognition).toEqual({ kind: 'recognised', text: 'Hm' })
  })

  test('of an item that was deleted meanwhile is dropped', () => {
    send({ type: 'input_audio_buffer.commit' })
    const itemId = state.items[0]?.item.id ?? ''
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

  test('is told before the commit under the name that the commit gives', () => {
    const early = feed({ type: 'partial_transcript', text: 'How hot' })
    const [committed] = send({ type: 'input_audio_buffer.commit' })
    expect(textOf(early)).toBe('How hot')
    expect(new Set(deltas(early).map(({ item_id }) => item_id))).toEqual(
      new Set([committed?.type === 'input_audio_buffer.committed' ? committed.item_id : ''])
    )
  })

  test('is told once: more of it is only what is new, to the end', () => {
    feed({ type: 'partial_transcript', text: 'How hot' })
    const more = feed({ type: 'partial_transcript', text: 'How hot is' })
    expect(textOf(more)).toBe(' is')
    expect(feed({ type: 'partial_transcript', text: 'How hot is' })).toEqual([])
    send({ type: 'input_audio_buffer.commit' })
    const itemId = state.items[0]?.item.id ?? ''
    const events = transcribe(itemId, { kind: 'recognised', text: 'How hot is it?' })
    expect(textOf(events)).toBe(' it?')
    expect(events.at(-1)).toMatchObject({ transcript: 'How hot is it?' })
  })

  test('that was wrong is put right by the completed one alone', () => {
    feed({ type: 'partial_transcript', text: 'How long' })
    send({ type: 'input_audio_buffer.commit' })
    const itemId = state.items[0]?.item.id ?? ''
    const recognition = { kind: 'recognised' as const, text: 'How hot is it?' }
    const events = transcribe(itemId, recognition)
    expect(types(events)).toEqual(['conversation.item.input_audio_transcription.completed'])
  })

  test('of a turn that is cleared is never completed, and its name is not used again', () => {
    const [early] = deltas(feed({ type: 'partial_transcript', text: 'How hot' }))
    send({ type: 'input_audio_buffer.clear' })
    const [committed] = send({ type: 'input_audio_buffer.commit' })
    expect(committed).toMatchObject({ type: 'input_audio_buffer.committed' })
    expect(committed).not.toHaveProperty('item_id', early?.item_id)
  })

  test('is not told to a session that asked for none', () => {
    send({
      type: 'session.update',
      session: { type: 'realtime', audio: { input: { transcription: null } } }
    })
    expect(feed({ type: 'partial_transcript', text: 'How hot' })).toEqual([])
  })
})

describe('a response', () => {
  test('is one at a time in the conversation', () => {
    const responseId = ask()
    const events = send({ type: 'response.create', event_id: 'second' })
    expect(codeOf(events)).toBe('conversation_already_has_active_response')
    expect(state.active?.id).toBe(responseId)
    expect(types(send({ type: 'response.create', response: { conversation: 'none' } }))).toContain(
      'response.created'
    )
  })

  test('that calls a tool ends with the call in its output and its arguments in pieces', () => {
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

  test('that is cancelled closes what is open and says who cancelled it', () => {
    const responseId = speaking()
    const events = send({ type: 'response.cancel' })
    expect(types(events)).toEqual([
      'response.output_audio.done',
      'response.output_audio_transcript.done',
      'response.content_part.done',
      'response.output_item.done',
      'conversation.item.done',
      'response.done'
    ])
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

  test('ignores words that come after its end', () => {
    const responseId = speaking()
    send({ type: 'response.cancel' })
    expect(feed({ type: 'text_delta', responseId, delta: ' hot', audioMs: 500 })).toEqual([])
    expect(feed({ type: 'finished', responseId })).toEqual([])
  })

  test('may be followed by a call in the same response: each item whole before the next, then its end', () => {
    const responseId = speaking()
    const events = feed({
      type: 'finished',
      responseId,
      call: { name: 'report_answer', argumentsJson: '{"found":true}' }
    })
    expect(types(events)).toEqual([
      'response.output_audio.done',
      'response.output_audio_transcript.done',
      'response.content_part.done',
      'response.output_item.done',
      'conversation.item.done',
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
    // Its sound goes on: nothing has been said to have stopped.
    expect(types(feed({ type: 'playback_drained', responseId }))).toEqual([
      'output_audio_buffer.stopped'
    ])
  })

  test('that was cancelled is followed by no call', () => {
    const responseId = speaking()
    send({ type: 'response.cancel' })
    const call = { name: 'report_answer', argumentsJson: '{}' }
    expect(feed({ type: 'finished', responseId, call })).toEqual([])
  })

  test('is incomplete when it would be longer than it may be', () => {
    send({ type: 'response.create', response: { max_output_tokens: 5 } })
    const responseId = state.active?.id ?? ''
    feed({ type: 'decided', responseId, decision: { kind: 'message' } })
    const events = feed({ type: 'text_delta', responseId, delta: 'Very', audioMs: 1_000 })
    expect(events.at(-1)).toMatchObject({
      response: { status: 'incomplete', status_details: { reason: 'max_output_tokens' } }
    })
  })

  test('that fails carries the error', () => {
    const responseId = ask()
    const events = feed({
      type: 'decided',
      responseId,
      decision: { kind: 'failed', code: 'server_error', message: 'No voice.' }
    })
    expect(events).toMatchObject([
      {
        type: 'response.done',
        response: { status: 'failed', status_details: { error: { message: 'No voice.' } } }
      }
    ])
  })

  test('counts a person at 100 ms and the model at 50 ms a token', () => {
    send({ type: 'input_audio_buffer.commit' })
    send({ type: 'response.create' })
    const responseId = state.active?.id ?? ''
    feed({ type: 'decided', responseId, decision: { kind: 'message' } })
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

  test('finds the input of the one before in the cache, but not after the past was changed', () => {
    const cachedOfNext = (): number => {
      const responseId = ask()
      feed({ type: 'decided', responseId, decision: { kind: 'message' } })
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

describe('the output buffer', () => {
  test('is told when it starts and when it has run dry, after response.done', () => {
    const responseId = speaking()
    feed({ type: 'finished', responseId })
    expect(types(feed({ type: 'playback_drained', responseId }))).toEqual([
      'output_audio_buffer.stopped'
    ])
    expect(feed({ type: 'playback_drained', responseId })).toEqual([])
  })

  test('when cleared keeps only what was played, and forgets the transcript', () => {
    const responseId = speaking()
    send({ type: 'response.cancel' })
    playedMs = 340
    expect(send({ type: 'output_audio_buffer.clear' })).toMatchObject([
      { type: 'output_audio_buffer.cleared', response_id: responseId }
    ])
    expect(effects).toEqual([{ type: 'stop_playing' }])
    const stored = state.items.at(-1)
    expect(stored?.audioMs).toBe(340)
    expect(stored?.item).toMatchObject({ content: [{ transcript: '' }] })
  })

  test('has nothing to clear when nothing plays', () => {
    expect(send({ type: 'output_audio_buffer.clear' })).toEqual([])
  })
})

describe('truncation', () => {
  test('past the end of the audio is refused as the service refuses it', () => {
    const responseId = speaking()
    feed({ type: 'finished', responseId })
    const itemId = state.items.at(-1)?.item.id ?? ''
    const events = send({
      type: 'conversation.item.truncate',
      item_id: itemId,
      content_index: 0,
      audio_end_ms: 5_000
    })
    expect(events).toMatchObject([
      { error: { message: 'Audio content of 1000ms is already shorter than 5000ms' } }
    ])
  })

  test('of a person is refused', () => {
    send({ type: 'input_audio_buffer.commit' })
    const itemId = state.items[0]?.item.id ?? ''
    const events = send({
      type: 'conversation.item.truncate',
      item_id: itemId,
      content_index: 0,
      audio_end_ms: 10
    })
    expect(codeOf(events)).toBe('invalid_value')
  })
})

describe('voice activity', () => {
  beforeEach(() => {
    send({
      type: 'session.update',
      session: { type: 'realtime', audio: { input: { turn_detection: { type: 'server_vad' } } } }
    })
  })

  test('names the item when speech starts and commits under that name', () => {
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

  test('interrupts the answer that is playing', () => {
    speaking()
    const events = feed({ type: 'speech_started', atMs: 100 })
    expect(types(events)).toContain('output_audio_buffer.cleared')
    const done = events.find(({ type }) => type === 'response.done')
    expect(done).toMatchObject({ response: { status_details: { reason: 'turn_detected' } } })
  })

  test('does nothing once turn detection is off', () => {
    send({
      type: 'session.update',
      session: { type: 'realtime', audio: { input: { turn_detection: null } } }
    })
    expect(feed({ type: 'speech_started', atMs: 100 })).toEqual([])
  })
})

describe('items', () => {
  test('can be put first with "root"', () => {
    ask()
    send({
      type: 'conversation.item.create',
      previous_item_id: 'root',
      item: {
        type: 'message',
        role: 'system',
        id: 'item_first',
        content: [{ type: 'input_text', text: 'Be brief.' }]
      }
    })
    expect(state.items[0]?.item.id).toBe('item_first')
  })

  test('are retrieved with their audio', () => {
    send({ type: 'input_audio_buffer.commit' })
    const itemId = state.items[0]?.item.id ?? ''
    expect(send({ type: 'conversation.item.retrieve', item_id: itemId })).toMatchObject([
      { type: 'conversation.item.retrieved', item: { content: [{ audio: 'AAAA' }] } }
    ])
  })

  test('may not have the name of another', () => {
    const item = {
      type: 'message' as const,
      role: 'user' as const,
      id: 'item_same',
      content: [{ type: 'input_text' as const, text: 'Hello' }]
    }
    send({ type: 'conversation.item.create', item })
    expect(codeOf(send({ type: 'conversation.item.create', item }))).toBe('invalid_value')
  })
})
