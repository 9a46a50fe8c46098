// The conversation's rules where a WebSocket carries it: sound in the events, and no output buffer at this end.
import { expect, test } from 'vitest'
import { type Input, step } from '../../../../dev/openai/conversation/reducer.ts'
import { type Conversation, newConversation } from '../../../../dev/openai/conversation/state.ts'
import { effectiveSession } from '../../../../dev/openai/session-schema.ts'

const start = () => {
  let state: Conversation = newConversation(
    effectiveSession({ type: 'realtime', audio: { input: { turn_detection: null } } }),
    { sessionId: 'sess_1', conversationId: 'conv_1' },
    3_600,
    'websocket'
  )
  let count = 0
  const feed = (input: Input) => {
    const next = step(state, input, {
      bufferedMs: 0,
      playedMs: 0,
      newId: (prefix) => {
        count += 1
        return `${prefix}_${count}`
      },
      audioOf: () => null
    })
    state = next.state
    return next
  }
  feed({ type: 'client', event: { type: 'response.create' } })
  const responseId = state.active?.id ?? ''
  feed({ type: 'decided', responseId, decision: { kind: 'message' } })
  feed({ type: 'text_delta', responseId, delta: 'Very', audioMs: 1_000 })
  return { feed, responseId, state: () => state }
}

test('a piece of sound is told as an event of the item it belongs to', () => {
  const { feed, responseId, state } = start()
  const { events } = feed({ type: 'audio_delta', responseId, base64: 'AAAA' })
  expect(events).toMatchObject([
    {
      type: 'response.output_audio.delta',
      response_id: responseId,
      item_id: state().active?.message?.itemId,
      delta: 'AAAA'
    }
  ])
  expect(state().voiceFrozen).toBe(true)
})

test('sound of a response that has ended is not told any more', () => {
  const { feed, responseId } = start()
  feed({ type: 'client', event: { type: 'response.cancel' } })
  expect(feed({ type: 'audio_delta', responseId, base64: 'AAAA' }).events).toEqual([])
})

test('clearing the output buffer is refused, and nothing is cut', () => {
  const { feed } = start()
  const { events, effects } = feed({
    type: 'client',
    event: { type: 'output_audio_buffer.clear', event_id: 'mine' }
  })
  expect(events).toMatchObject([
    { type: 'error', error: { code: 'invalid_value', param: 'type', event_id: 'mine' } }
  ])
  expect(effects).toEqual([])
})

test('a cancelled answer can be truncated to what the client has played', () => {
  const { feed, state } = start()
  const itemId = state().active?.message?.itemId ?? ''
  feed({ type: 'client', event: { type: 'response.cancel' } })
  const { events } = feed({
    type: 'client',
    event: {
      type: 'conversation.item.truncate',
      item_id: itemId,
      content_index: 0,
      audio_end_ms: 400
    }
  })
  expect(events).toMatchObject([{ type: 'conversation.item.truncated', audio_end_ms: 400 }])
})
