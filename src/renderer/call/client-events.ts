// The client events of the Realtime API, in the GA shapes (realtime-api.md §3).
import { SEARCH_TOOL_NAME } from '../../shared/handbook.ts'
import type { ModelNoiseReduction } from '../../shared/settings.ts'
import type { ResponseKind } from '../turn/turn-events.ts'

export type ResponseOptions = {
  tool_choice: 'auto' | 'none' | { type: 'function'; name: string }
  /** The response echoes it, which tells the request. */
  metadata: { request: string }
}

/** The part of a session that the kiosk changes; the rest stays as minted with the key. */
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

/** The first response of a turn has to search: every answer comes from the handbook. */
export const responseOptions = (kind: ResponseKind, requestId: string): ResponseOptions => ({
  tool_choice: kind === 'search' ? { type: 'function', name: SEARCH_TOOL_NAME } : kind,
  metadata: { request: requestId }
})

/** Settings of the input audio, changed without a new call. */
export type InputSettings = { modelNoiseReduction: ModelNoiseReduction; handsFree: boolean }

/** The settings that `realtime-session` mints a key with; other ones are sent when the call opens. */
export const MINTED_INPUT_SETTINGS: InputSettings = { modelNoiseReduction: 'far', handsFree: false }

const NOISE_TYPES = { near: 'near_field', far: 'far_field' } as const

/** @returns null when nothing changes */
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
    // The kiosk creates the response, so that the model searches first. Noise must not interrupt an answer: only a
    // press does.
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

/** 200 ms: few messages for a long hold, and small ones for a lossy channel. */
const APPEND_SAMPLES = 4_800

const base64 = (samples: Int16Array): string => {
  const bytes = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength)
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary)
}

/** Pieces for `input_audio_buffer.append`: base64 of PCM16, little-endian like every machine that runs Chromium. */
export const appendPieces = function* (samples: Int16Array): Generator<string> {
  for (let at = 0; at < samples.length; at += APPEND_SAMPLES) {
    yield base64(samples.subarray(at, at + APPEND_SAMPLES))
  }
}
