// Translates the model's events into events of the conversation. Pure.
import type { AnswerFailure, ToolCall, TurnEvent } from '../turn/turn-events.ts'
import type { ConversationEvent } from './conversation-reducer.ts'
import type { QueueErrorVerdict } from './response-queue.ts'
import type { ServerError, ServerEvent } from './server-events.ts'
import { readToolCall } from './tool-calls.ts'

const COMMIT_PREFIX = 'commit-'
const ITEM_PREFIX = 'item-'

/** Names an item that an answer depends on by its turn. */
export const itemEventId = (turnId: number, itemId: string): string =>
  `${ITEM_PREFIX}${turnId}-${itemId}`

/** Names the update of the hands-free setting. */
export const HANDS_FREE_EVENT_ID = 'hands-free'

/** Names a commit by its turn, so that its refusal names the turn. */
export const commitEventId = (turnId: number): string => `${COMMIT_PREFIX}${turnId}`

type ServerResponse = Extract<ServerEvent, { type: 'response.done' }>['response']

const statusOf = ({ status }: Pick<ServerResponse, 'status'>) =>
  status === 'completed' || status === 'cancelled' || status === 'incomplete' ? status : 'failed'

/** An unknown status is a failure. */
export const isUnsuccessful = (response: Pick<ServerResponse, 'status'>): boolean =>
  statusOf(response) === 'failed' || statusOf(response) === 'incomplete'

/** Codes of the API, by what a person can do. */
const FAILURES: Readonly<Record<string, AnswerFailure>> = {
  insufficient_quota: 'model_quota',
  credit_balance_exhausted: 'model_quota',
  rate_limit_exceeded: 'model_busy',
  server_error: 'model_failed',
  content_filter: 'answer_blocked',
  max_output_tokens: 'answer_cut_off'
}

const failureOf = (...codes: readonly (string | null | undefined)[]): AnswerFailure =>
  codes.map((code) => FAILURES[code ?? '']).find((failure) => failure !== undefined) ??
  'answer_failed'

/** An interrupted call is listed too; only a completed one is carried out. The status is optional. */
const callsIn = (output: ServerResponse['output']): ToolCall[] =>
  output.flatMap((item) =>
    item.type === 'function_call' && (item.status ?? 'completed') === 'completed'
      ? [readToolCall(item)]
      : []
  )

const responseDone = ({ id, status, output, status_details }: ServerResponse): TurnEvent => ({
  type: 'response_done',
  responseId: id,
  status: statusOf({ status }),
  isEmpty:
    status === 'completed' &&
    !output.some((item) => item.type === 'function_call' || (item.content ?? []).length > 0),
  failure: failureOf(
    status_details?.error?.code,
    status_details?.error?.type,
    status_details?.reason
  ),
  hasAudio: output.some(
    (item) =>
      item.type === 'message' &&
      (item.content ?? []).some(({ type }) => type === 'output_audio' || type === 'audio')
  ),
  calls: callsIn(output)
})

/** @returns null for an event that changes nothing; errors go through `eventOfError` */
export const eventOfServer = (event: ServerEvent, nowMs: number): ConversationEvent | null => {
  switch (event.type) {
    case 'error':
      return null
    case 'conversation.item.input_audio_transcription.failed':
      return { type: 'transcript_completed', itemId: event.item_id, text: '' }
    case 'input_audio_buffer.speech_started':
      return { type: 'speech_started', itemId: event.item_id, atMs: nowMs }
    case 'input_audio_buffer.speech_stopped':
      return { type: 'speech_stopped', itemId: event.item_id }
    case 'input_audio_buffer.cleared':
      return { type: 'clear_confirmed' }
    case 'input_audio_buffer.committed':
      return { type: 'item_committed', itemId: event.item_id }
    case 'conversation.item.input_audio_transcription.delta':
      return { type: 'transcript_delta', itemId: event.item_id, delta: event.delta ?? '' }
    case 'conversation.item.input_audio_transcription.completed':
      return { type: 'transcript_completed', itemId: event.item_id, text: event.transcript }
    case 'response.created': {
      const { id, metadata } = event.response
      return { type: 'response_created', responseId: id, requestId: metadata?.request ?? null }
    }
    case 'response.done':
      return responseDone(event.response)
    case 'response.output_item.done': {
      const { response_id: responseId, item } = event
      const [call] = item === null ? [] : callsIn([item])
      return call === undefined ? null : { type: 'tool_called', responseId, call }
    }
    case 'response.output_audio_transcript.delta':
    case 'response.output_text.delta': {
      const { response_id: responseId, item_id: itemId, delta } = event
      return { type: 'answer_delta', responseId, itemId, delta }
    }
    case 'response.output_audio_transcript.done':
    case 'response.output_text.done': {
      const { response_id: responseId, item_id: itemId } = event
      const text = event.type === 'response.output_text.done' ? event.text : event.transcript
      return { type: 'answer_done', responseId, itemId, text }
    }
    case 'output_audio_buffer.started':
      return { type: 'audio_started', responseId: event.response_id }
    case 'output_audio_buffer.stopped':
      return { type: 'audio_stopped', responseId: event.response_id }
    case 'output_audio_buffer.cleared':
      return { type: 'audio_cleared', responseId: event.response_id }
    default:
      return event satisfies never
  }
}

/** @param verdict the meaning of the error for the response queue */
export const eventOfError = (error: ServerError, verdict: QueueErrorVerdict): TurnEvent | null => {
  if (verdict.kind === 'refused') {
    const failure = failureOf(error.code, error.type)
    return { type: 'response_refused', requestId: verdict.requestId, failure }
  }
  const eventId = error.event_id ?? ''
  if (eventId === HANDS_FREE_EVENT_ID) return { type: 'hands_free_refused' }
  if (eventId.startsWith(ITEM_PREFIX)) {
    return { type: 'item_refused', turnId: Number.parseInt(eventId.slice(ITEM_PREFIX.length), 10) }
  }
  return eventId.startsWith(COMMIT_PREFIX)
    ? {
        type: 'commit_refused',
        turnId: Number(eventId.slice(COMMIT_PREFIX.length)),
        empty: error.code === 'input_audio_buffer_commit_empty'
      }
    : null
}
