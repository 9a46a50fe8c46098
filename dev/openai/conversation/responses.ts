// Writes a response: its message, its tool call and its end, with their events in the documented order.
import type {
  ConversationItem,
  RealtimeConversationItemAssistantMessage,
  RealtimeResponse
} from 'openai/resources/realtime/realtime'
import { approximateTextTokens, assistantAudioTokens } from '../token-count.ts'
import { change, type Draft, emit, insertItem, replaceItem, request } from './draft.ts'
import {
  type ActiveResponse,
  type Conversation,
  findResponse,
  lastItemId,
  type StoredItem,
  silentItem
} from './state.ts'
import { usageOf } from './usage.ts'

/** Length of the pieces in which a tool call's arguments are sent. */
const ARGUMENT_PIECE_CHARACTERS = 12

export type ToolCall = { name: string; argumentsJson: string }

/** The model's decision about a response. */
export type Decision =
  /** `parallel`: calls beside it. */
  | ({ kind: 'call'; parallel?: readonly ToolCall[] } & ToolCall)
  | { kind: 'message' }
  | { kind: 'ended'; ending: Ending }

export type Ending =
  | { status: 'completed' }
  | { status: 'cancelled'; reason: 'client_cancelled' | 'turn_detected' }
  | { status: 'incomplete'; reason: 'max_output_tokens' | 'content_filter' }
  | { status: 'failed'; error: { type: string; code: string; message: string } }

export const applyDecision = (draft: Draft, responseId: string, decision: Decision) => {
  const response = findResponse(draft.state, responseId)
  if (response === undefined) return
  switch (decision.kind) {
    case 'ended':
      return endResponse(draft, response, decision.ending)
    case 'call':
      return callTools(draft, response, [decision, ...(decision.parallel ?? [])])
    case 'message':
      return startMessage(draft, response)
    default:
      return decision satisfies never
  }
}

export const finishAnswer = (draft: Draft, responseId: string, call: ToolCall | undefined) => {
  const response = findResponse(draft.state, responseId)
  if (response === undefined) return
  if (call === undefined) endResponse(draft, response, { status: 'completed' })
  else callTools(draft, response, [call])
}

export const appendText = (draft: Draft, responseId: string, delta: string, audioMs: number) => {
  const response = findResponse(draft.state, responseId)
  if (response === undefined || response.message === null) return
  const { itemId } = response.message
  const message = {
    itemId,
    text: response.message.text + delta,
    audioMs: response.message.audioMs + audioMs
  }
  const written = { ...response, message }
  storeResponse(draft, written)
  const isPlayedHere = draft.state.transport === 'webrtc' && audioMs > 0
  const { output } = draft.state
  if (isPlayedHere && !output.some((queued) => queued.itemId === itemId))
    change(draft, { output: [...output, { responseId, itemId }] })
  emit(draft, {
    type:
      response.modality === 'audio'
        ? 'response.output_audio_transcript.delta'
        : 'response.output_text.delta',
    ...contentPlace(response, itemId),
    delta
  })
  const limit = response.request.max_output_tokens ?? draft.state.session.max_output_tokens
  const spent = approximateTextTokens(message.text) + assistantAudioTokens(message.audioMs)
  if (limit === 'inf' || spent <= limit) return
  request(draft, { type: 'stop_generating', responseId })
  endResponse(draft, written, { status: 'incomplete', reason: 'max_output_tokens' })
}

export const appendAudioDelta = (draft: Draft, responseId: string, base64: string) => {
  const response = findResponse(draft.state, responseId)
  if (response === undefined || response.message === null) return
  change(draft, { voiceFrozen: true })
  emit(draft, {
    type: 'response.output_audio.delta',
    ...contentPlace(response, response.message.itemId),
    delta: base64
  })
}

/** Closes the open message and sends `response.done` with its usage. */
export const endResponse = (draft: Draft, response: ActiveResponse, ending: Ending) => {
  const { status, ...details } = ending
  const isComplete = status === 'completed'
  const closed = closeMessage(draft, response, isComplete ? 'completed' : 'incomplete')
  const usage = usageOf(draft.state, closed)
  const resource = responseResource(draft.state, closed, {
    status,
    usage: usage.resource,
    ...(isComplete ? {} : { status_details: { type: status, ...details } })
  })
  change(
    draft,
    closed.inConversation
      ? { active: null, cached: usage.input }
      : { outOfBand: draft.state.outOfBand.filter(({ id }) => id !== closed.id) }
  )
  emit(draft, { type: 'response.done', response: resource })
}

/** The response as the service shows it. */
export const responseResource = (
  { session, conversationId }: Conversation,
  response: ActiveResponse,
  ending: Pick<RealtimeResponse, 'status' | 'status_details' | 'usage'>
): RealtimeResponse => {
  const { format, voice } = { ...session.audio.output, ...response.request.audio?.output }
  return {
    object: 'realtime.response',
    id: response.id,
    status: 'in_progress',
    output: response.output.map(({ item }) => item),
    output_modalities: [response.modality],
    max_output_tokens: response.request.max_output_tokens ?? session.max_output_tokens,
    metadata: response.request.metadata ?? null,
    audio: { output: { format, voice: typeof voice === 'string' ? voice : voice.id } },
    ...(response.inConversation ? { conversation_id: conversationId } : {}),
    ...ending
  }
}

const storeResponse = (draft: Draft, response: ActiveResponse) => {
  const { active, outOfBand } = draft.state
  if (active?.id === response.id) change(draft, { active: response })
  else
    change(draft, {
      outOfBand: outOfBand.map((other) => (other.id === response.id ? response : other))
    })
}

const startItem = (draft: Draft, response: ActiveResponse, item: ConversationItem) => {
  const previous = lastItemId(draft.state)
  emit(draft, {
    type: 'response.output_item.added',
    response_id: response.id,
    output_index: response.output.length,
    item
  })
  if (!response.inConversation) return
  insertItem(draft, silentItem(item), previous)
  emit(draft, { type: 'conversation.item.added', item, previous_item_id: previous })
}

const finishItem = (draft: Draft, response: ActiveResponse, stored: StoredItem): ActiveResponse => {
  const { item } = stored
  const finished = { ...response, output: [...response.output, stored], message: null }
  emit(draft, {
    type: 'response.output_item.done',
    response_id: response.id,
    output_index: response.output.length,
    item
  })
  if (response.inConversation && item.id !== undefined) {
    const at = draft.state.items.findIndex((other) => other.item.id === item.id)
    replaceItem(draft, item.id, () => stored)
    emit(draft, {
      type: 'conversation.item.done',
      item,
      previous_item_id: draft.state.items[at - 1]?.item.id ?? null
    })
  }
  storeResponse(draft, finished)
  return finished
}

/** Ends the response after its calls. Each item ends before the next one begins. */
const callTools = (draft: Draft, response: ActiveResponse, calls: readonly ToolCall[]) => {
  const spoken = closeMessage(draft, response, 'completed')
  const called = calls.reduce((items, call) => callTool(draft, items, call), spoken)
  endResponse(draft, called, { status: 'completed' })
}

const callTool = (
  draft: Draft,
  response: ActiveResponse,
  { name, argumentsJson }: ToolCall
): ActiveResponse => {
  const item = {
    id: draft.context.newId('item'),
    object: 'realtime.item' as const,
    type: 'function_call' as const,
    status: 'in_progress' as const,
    name,
    call_id: draft.context.newId('call'),
    arguments: ''
  }
  startItem(draft, response, item)
  const place = {
    response_id: response.id,
    item_id: item.id,
    output_index: response.output.length,
    call_id: item.call_id
  }
  for (let at = 0; at < argumentsJson.length; at += ARGUMENT_PIECE_CHARACTERS)
    emit(draft, {
      type: 'response.function_call_arguments.delta',
      ...place,
      delta: argumentsJson.slice(at, at + ARGUMENT_PIECE_CHARACTERS)
    })
  emit(draft, {
    type: 'response.function_call_arguments.done',
    ...place,
    name,
    arguments: argumentsJson
  })
  const completed = { ...item, status: 'completed' as const, arguments: argumentsJson }
  return finishItem(draft, response, silentItem(completed))
}

const contentPlace = (response: ActiveResponse, itemId: string) => ({
  response_id: response.id,
  item_id: itemId,
  output_index: response.output.length,
  content_index: 0
})

const contentPart = ({ modality }: ActiveResponse, text: string) =>
  modality === 'audio'
    ? { type: 'audio' as const, transcript: text }
    : { type: 'text' as const, text }

const startMessage = (draft: Draft, unfinished: ActiveResponse) => {
  const response = closeMessage(draft, unfinished, 'completed')
  const itemId = draft.context.newId('item')
  startItem(draft, response, {
    id: itemId,
    object: 'realtime.item',
    type: 'message',
    role: 'assistant',
    status: 'in_progress',
    content: []
  })
  emit(draft, {
    type: 'response.content_part.added',
    ...contentPlace(response, itemId),
    part: contentPart(response, '')
  })
  storeResponse(draft, { ...response, message: { itemId, text: '', audioMs: 0 } })
}

const closeMessage = (
  draft: Draft,
  response: ActiveResponse,
  status: 'completed' | 'incomplete'
): ActiveResponse => {
  const { message } = response
  if (message === null) return response
  const { itemId, text, audioMs } = message
  const place = contentPlace(response, itemId)
  const isSpoken = response.modality === 'audio'
  if (isSpoken) {
    emit(draft, { type: 'response.output_audio.done', ...place })
    emit(draft, { type: 'response.output_audio_transcript.done', ...place, transcript: text })
  } else emit(draft, { type: 'response.output_text.done', ...place, text })
  emit(draft, {
    type: 'response.content_part.done',
    ...place,
    part: contentPart(response, text)
  })
  const item: RealtimeConversationItemAssistantMessage = {
    id: itemId,
    object: 'realtime.item',
    type: 'message',
    role: 'assistant',
    status,
    content: [isSpoken ? { type: 'output_audio', transcript: text } : { type: 'output_text', text }]
  }
  return finishItem(draft, response, { item, audioMs, recognition: null })
}
