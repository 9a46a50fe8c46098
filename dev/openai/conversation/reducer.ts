// Reduces the inputs of a realtime conversation to its next state, its server events in their documented order,
// and effects.
import type { RealtimeServerEvent } from 'openai/resources/realtime/realtime'
import type { Refusal } from '../api-error.ts'
import type { ClientEvent } from '../client-event-schema.ts'
import { type Draft, type Effect, emit, refuse, request, type StepContext } from './draft.ts'
import { appendAudio, clearAudio, commitAudio } from './input-audio.ts'
import { createItem, deleteItem, retrieveItem, truncateItem } from './items.ts'
import { clearOutput, playbackDrained, playbackStarted } from './output-audio.ts'
import { cancelResponse, createResponse } from './response-requests.ts'
import {
  appendAudioDelta,
  appendText,
  applyDecision,
  type Decision,
  finishAnswer,
  type ToolCall
} from './responses.ts'
import { sessionResource, updateSession } from './session.ts'
import type { Conversation, RecognisedSpeech } from './state.ts'
import { addPartialTranscript, completeTranscript, storeRecognition } from './transcripts.ts'
import { speechStarted, speechStopped } from './turn-detection.ts'

export type Input =
  | { type: 'opened' }
  | { type: 'client'; event: ClientEvent }
  | { type: 'refused'; refusal: Refusal; eventId: string | null }
  | { type: 'recognised'; itemId: string; recognition: RecognisedSpeech }
  /** The transcript of a recognised item is due. */
  | { type: 'transcribed'; itemId: string }
  /** The whole transcript so far of audio that is not committed. */
  | { type: 'partial_transcript'; text: string }
  | { type: 'decided'; responseId: string; decision: Decision }
  /** Some words of the message, with the length of their audio (0 for text). */
  | { type: 'text_delta'; responseId: string; delta: string; audioMs: number }
  /** Over a WebSocket: a piece of the answer's audio, PCM16 at 24 kHz in base64. */
  | { type: 'audio_delta'; responseId: string; base64: string }
  /** The message is complete. `call` follows it in the same response. */
  | { type: 'finished'; responseId: string; call?: ToolCall }
  | { type: 'playback_started'; responseId: string }
  | { type: 'playback_drained'; responseId: string }
  | { type: 'speech_started'; atMs: number }
  | { type: 'speech_stopped'; atMs: number }
  | { type: 'expired' }

export type Step = { state: Conversation; events: RealtimeServerEvent[]; effects: Effect[] }

/** Applies one input. Pure: the state that is passed in stays as it is. */
export const step = (state: Conversation, input: Input, context: StepContext): Step => {
  const draft: Draft = { state, context, events: [], effects: [] }
  applyInput(draft, input)
  return { state: draft.state, events: draft.events, effects: draft.effects }
}

const applyInput = (draft: Draft, input: Input) => {
  switch (input.type) {
    case 'opened':
      return emit(draft, { type: 'session.created', session: sessionResource(draft.state) })
    case 'client':
      return applyClientEvent(draft, input.event)
    case 'refused':
      return refuse(draft, input.eventId, input.refusal)
    case 'recognised':
      return storeRecognition(draft, input.itemId, input.recognition)
    case 'transcribed':
      return completeTranscript(draft, input.itemId)
    case 'partial_transcript':
      return addPartialTranscript(draft, input.text)
    case 'decided':
      return applyDecision(draft, input.responseId, input.decision)
    case 'text_delta':
      return appendText(draft, input.responseId, input.delta, input.audioMs)
    case 'audio_delta':
      return appendAudioDelta(draft, input.responseId, input.base64)
    case 'finished':
      return finishAnswer(draft, input.responseId, input.call)
    case 'playback_started':
      return playbackStarted(draft, input.responseId)
    case 'playback_drained':
      return playbackDrained(draft, input.responseId)
    case 'speech_started':
      return speechStarted(draft, input.atMs)
    case 'speech_stopped':
      return speechStopped(draft, input.atMs)
    case 'expired':
      refuse(draft, null, {
        code: 'session_expired',
        message: 'Your session hit the maximum duration of 60 minutes.',
        param: null
      })
      return request(draft, { type: 'hang_up' })
    default:
      return input satisfies never
  }
}

const applyClientEvent = (draft: Draft, event: ClientEvent) => {
  switch (event.type) {
    case 'session.update':
      return updateSession(draft, event)
    case 'input_audio_buffer.append':
      return appendAudio(draft, event)
    case 'input_audio_buffer.clear':
      return clearAudio(draft)
    case 'input_audio_buffer.commit':
      return commitAudio(draft, event.event_id)
    case 'output_audio_buffer.clear':
      if (draft.state.transport === 'webrtc') return clearOutput(draft)
      // Documented as "WebRTC/SIP only": the client of a WebSocket has the only output buffer.
      return refuse(draft, event.event_id, {
        code: 'invalid_value',
        message: `Invalid value: '${event.type}'. It is supported over WebRTC and SIP only.`,
        param: 'type'
      })
    case 'conversation.item.create':
      return createItem(draft, event)
    case 'conversation.item.retrieve':
      return retrieveItem(draft, event)
    case 'conversation.item.truncate':
      return truncateItem(draft, event)
    case 'conversation.item.delete':
      return deleteItem(draft, event)
    case 'response.create':
      return createResponse(draft, event.response ?? {}, event.event_id)
    case 'response.cancel':
      return cancelResponse(draft, event)
    default:
      return event satisfies never
  }
}
