// Derives the events of the turn timeline from one step of a conversation.
import type { RealtimeServerEvent } from 'openai/resources/realtime/realtime'
import type { Input } from './conversation/reducer.ts'
import type { BufferContents } from './input-audio-buffer.ts'
import { PASSAGES_MARK } from './model-view.ts'
import type { TurnEvent } from './turn-timeline.ts'

type StepTimes = {
  receivedAtMs: number
  /** The time after the step's events were written. */
  sentAtMs: number
}

/** @param contents of the input buffer before the step's effects. */
export const turnEvents = (
  input: Input,
  sent: readonly RealtimeServerEvent[],
  times: StepTimes,
  contents: () => BufferContents
): TurnEvent[] =>
  [inputEvent(input, times), ...sent.map((event) => sentEvent(event, times, contents))].filter(
    (event) => event !== null
  )

const inputEvent = (input: Input, { receivedAtMs: atMs }: StepTimes): TurnEvent | null => {
  switch (input.type) {
    case 'recognised':
      return { ...input, atMs }
    case 'decided':
      return { type: 'decided', atMs, responseId: input.responseId }
    case 'playback_started':
      return { type: 'audio_sent', atMs, responseId: input.responseId }
    default:
      return null
  }
}

const sentEvent = (
  event: RealtimeServerEvent,
  { receivedAtMs, sentAtMs }: StepTimes,
  contents: () => BufferContents
): TurnEvent | null => {
  switch (event.type) {
    case 'input_audio_buffer.cleared':
      return { type: 'cleared', atMs: receivedAtMs }
    case 'input_audio_buffer.committed':
      return { type: 'committed', atMs: receivedAtMs, itemId: event.item_id, audio: contents() }
    case 'conversation.item.added':
      return itemEvent(event.item, receivedAtMs)
    case 'response.created':
      // A response outside the conversation belongs to no turn.
      return event.response.id === undefined || (event.response.conversation_id ?? null) === null
        ? null
        : { type: 'response_created', atMs: receivedAtMs, responseId: event.response.id }
    case 'response.function_call_arguments.done':
      return {
        type: 'tool_call_sent',
        atMs: sentAtMs,
        responseId: event.response_id,
        toolCallId: event.call_id
      }
    case 'response.output_audio.delta':
      return { type: 'audio_sent', atMs: sentAtMs, responseId: event.response_id }
    case 'response.done':
      return {
        type: 'response_done',
        atMs: sentAtMs,
        responseId: event.response.id ?? '',
        status: event.response.status ?? ''
      }
    default:
      return null
  }
}

type AddedItem = Extract<RealtimeServerEvent, { type: 'conversation.item.added' }>['item']

const itemEvent = (item: AddedItem, atMs: number): TurnEvent | null => {
  if (item.type === 'function_call_output')
    return { type: 'tool_output', atMs, toolCallId: item.call_id }
  if (item.type !== 'message' || item.role !== 'user') return null
  const text = item.content
    .flatMap((part) => (part.type === 'input_text' ? [part.text ?? ''] : []))
    .join(' ')
  const isQuestion = text !== '' && !text.startsWith(PASSAGES_MARK)
  return !isQuestion ? null : { type: 'typed', atMs, itemId: item.id ?? '', text }
}
