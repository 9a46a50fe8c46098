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
  apply(INPUTS, draft, input)
  return { state: draft.state, events: draft.events, effects: draft.effects }
}

/** One function for each type of a union. */
type Appliers<Given extends { type: string }> = {
  [Type in Given['type']]: (draft: Draft, given: Extract<Given, { type: Type }>) => void
}

const apply = <Given extends { type: string }>(
  appliers: Appliers<Given>,
  draft: Draft,
  given: Given
): void => {
  // TypeScript does not see that the function is the one of this type.
  const applier: (draft: Draft, given: never) => void = appliers[given.type as Given['type']]
  applier(draft, given as never)
}

const CLIENT_EVENTS: Appliers<ClientEvent> = {
  'session.update': updateSession,
  'input_audio_buffer.append': appendAudio,
  'input_audio_buffer.clear': clearAudio,
  'input_audio_buffer.commit': (draft, { event_id }) => commitAudio(draft, event_id),
  'output_audio_buffer.clear': (draft, { type, event_id }) => {
    if (draft.state.transport === 'webrtc') return clearOutput(draft)
    // Documented as "WebRTC/SIP only": the client of a WebSocket has the only output buffer.
    refuse(draft, event_id, {
      code: 'invalid_value',
      message: `Invalid value: '${type}'. It is supported over WebRTC and SIP only.`,
      param: 'type'
    })
  },
  'conversation.item.create': createItem,
  'conversation.item.retrieve': retrieveItem,
  'conversation.item.truncate': truncateItem,
  'conversation.item.delete': deleteItem,
  'response.create': (draft, { response = {}, event_id }) =>
    createResponse(draft, response, event_id),
  'response.cancel': cancelResponse
}

const INPUTS: Appliers<Input> = {
  opened: (draft) => {
    const { conversationId } = draft.state
    emit(draft, { type: 'session.created', session: sessionResource(draft.state) })
    emit(draft, {
      type: 'conversation.created',
      conversation: { id: conversationId, object: 'realtime.conversation' }
    })
  },
  client: (draft, { event }) => apply(CLIENT_EVENTS, draft, event),
  refused: (draft, { eventId, refusal }) => refuse(draft, eventId, refusal),
  recognised: (draft, { itemId, recognition }) => storeRecognition(draft, itemId, recognition),
  transcribed: (draft, { itemId }) => completeTranscript(draft, itemId),
  partial_transcript: (draft, { text }) => addPartialTranscript(draft, text),
  decided: (draft, { responseId, decision }) => applyDecision(draft, responseId, decision),
  text_delta: (draft, { responseId, delta, audioMs }) =>
    appendText(draft, responseId, delta, audioMs),
  audio_delta: (draft, { responseId, base64 }) => appendAudioDelta(draft, responseId, base64),
  finished: (draft, { responseId, call }) => finishAnswer(draft, responseId, call),
  playback_started: (draft, { responseId }) => playbackStarted(draft, responseId),
  playback_drained: (draft, { responseId }) => playbackDrained(draft, responseId),
  speech_started: (draft, { atMs }) => speechStarted(draft, atMs),
  speech_stopped: (draft, { atMs }) => speechStopped(draft, atMs),
  expired: (draft) => {
    refuse(draft, null, {
      code: 'session_expired',
      message: 'Your session hit the maximum duration of 60 minutes.',
      param: null
    })
    request(draft, { type: 'hang_up' })
  }
}
