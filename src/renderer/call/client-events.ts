// What the kiosk says to the model, in the GA shapes (realtime-api.md §3).
import { SEARCH_TOOL_NAME } from '../../shared/handbook.ts'
import type { ResponseKind } from '../turn/turn.ts'

export type ResponseOptions = {
  tool_choice: 'auto' | 'none' | { type: 'function'; name: string }
  /** Echoed in the response: which request it belongs to. */
  metadata: { request: string }
}

export type ClientEvent = { event_id: string } & (
  | { type: 'input_audio_buffer.clear' }
  | { type: 'input_audio_buffer.commit' }
  | { type: 'output_audio_buffer.clear' }
  | { type: 'conversation.item.delete'; item_id: string }
  | {
      type: 'conversation.item.create'
      item:
        | {
            id: string
            type: 'message'
            role: 'user'
            content: readonly { type: 'input_text'; text: string }[]
          }
        | { type: 'function_call_output'; call_id: string; output: string }
    }
  | { type: 'response.create'; response: ResponseOptions }
  | { type: 'response.cancel'; response_id?: string }
)

/** The first response of a turn has to search: an answer comes from the handbook or not at all. */
export const responseOptions = (kind: ResponseKind, requestId: string): ResponseOptions => ({
  tool_choice: kind === 'search' ? { type: 'function', name: SEARCH_TOOL_NAME } : kind,
  metadata: { request: requestId }
})
