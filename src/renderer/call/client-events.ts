// What the kiosk says to the model, in the GA shapes (realtime-api.md §3).
import { SEARCH_TOOL_NAME } from '../../shared/handbook.ts'
import type { ModelNoiseReduction } from '../../shared/settings.ts'
import type { ResponseKind } from '../turn/turn-events.ts'

export type ResponseOptions = {
  tool_choice: 'auto' | 'none' | { type: 'function'; name: string }
  /** Echoed in the response: which request it belongs to. */
  metadata: { request: string }
}

/** What the kiosk changes of a session: instructions and tools stay those the key was minted with. */
export type AudioInputConfig = {
  noise_reduction?: { type: 'near_field' | 'far_field' } | null
  turn_detection?: {
    type: 'semantic_vad'
    eagerness: 'auto'
    create_response: false
    interrupt_response: false
  } | null
}

export type MessageItem = { id: string; type: 'message' } & (
  | { role: 'user'; content: readonly { type: 'input_text'; text: string }[] }
  | { role: 'assistant'; content: readonly { type: 'output_text'; text: string }[] }
)
export type ClientItem =
  | MessageItem
  | { type: 'function_call_output'; call_id: string; output: string }

export type ClientEventBody =
  | { type: 'input_audio_buffer.append'; audio: string }
  | { type: 'input_audio_buffer.clear' }
  | { type: 'input_audio_buffer.commit' }
  | { type: 'output_audio_buffer.clear' }
  | { type: 'conversation.item.create'; item: ClientItem }
  | { type: 'conversation.item.delete'; item_id: string }
  | {
      type: 'conversation.item.truncate'
      item_id: string
      content_index: number
      audio_end_ms: number
    }
  | { type: 'response.create'; response: ResponseOptions }
  | { type: 'response.cancel'; response_id?: string }
  | {
      type: 'session.update'
      session: { type: 'realtime'; audio: { input: AudioInputConfig } }
    }
export type ClientEvent = { event_id: string } & ClientEventBody

/** The first response of a turn has to search: an answer comes from the handbook or not at all. */
export const responseOptions = (kind: ResponseKind, requestId: string): ResponseOptions => ({
  tool_choice: kind === 'search' ? { type: 'function', name: SEARCH_TOOL_NAME } : kind,
  metadata: { request: requestId }
})

/** How a call listens; changed without a new call. */
export type InputSettings = { modelNoiseReduction: ModelNoiseReduction; handsFree: boolean }

/** What a key is minted with (`realtime-session`): a call that should differ is told so when it opens. */
export const MINTED_INPUT_SETTINGS: InputSettings = { modelNoiseReduction: 'far', handsFree: false }

const NOISE_TYPES = { near: 'near_field', far: 'far_field' } as const

/** The change from one way of listening to another; null when there is none. */
export const inputSettingsUpdate = (
  from: InputSettings,
  to: InputSettings
): AudioInputConfig | null => {
  const change: AudioInputConfig = {}
  if (from.modelNoiseReduction !== to.modelNoiseReduction) {
    change.noise_reduction =
      to.modelNoiseReduction === 'off' ? null : { type: NOISE_TYPES[to.modelNoiseReduction] }
  }
  if (from.handsFree !== to.handsFree) {
    // The answer is asked for by the kiosk, which makes the model search; and nothing in a kitchen may cut
    // an answer off but a person's hand.
    change.turn_detection = to.handsFree
      ? {
          type: 'semantic_vad',
          eagerness: 'auto',
          create_response: false,
          interrupt_response: false
        }
      : null
  }
  return Object.keys(change).length === 0 ? null : change
}

/** Long enough that a minute and a half is not a thousand messages, short enough for a lossy channel. */
const APPEND_SAMPLES = 4_800

const base64 = (samples: Int16Array): string => {
  const bytes = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength)
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary)
}

/**
 * A recording as the pieces of `input_audio_buffer.append`: base64 of PCM16, little-endian as every machine
 * that runs Chromium is.
 */
export const appendPieces = function* (samples: Int16Array): Generator<string> {
  for (let at = 0; at < samples.length; at += APPEND_SAMPLES) {
    yield base64(samples.subarray(at, at + APPEND_SAMPLES))
  }
}
