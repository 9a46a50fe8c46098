// Creates, retrieves, deletes and truncates the items of a conversation.
import type { ClientEvent, ItemRequest } from '../client-event-schema.ts'
import { NO_TOKENS } from '../token-count.ts'
import { addItem, change, type Draft, emit, refuse, replaceItem, request } from './draft.ts'
import { findItem, lastItemId, type StoredItem, silentItem } from './state.ts'

type ItemEvent<T extends string> = Extract<ClientEvent, { type: `conversation.item.${T}` }>

export const createItem = (draft: Draft, { item, ...event }: ItemEvent<'create'>) => {
  const id = item.id ?? draft.context.newId('item')
  if (findItem(draft.state, id) !== undefined)
    return refuse(draft, event.event_id, {
      code: 'invalid_value',
      message: `Error adding item: an item with id '${id}' already exists.`,
      param: 'item.id'
    })
  const after = event.previous_item_id ?? lastItemId(draft.state)
  const previous = after === 'root' ? null : after
  if (previous !== null && findItem(draft.state, previous) === undefined)
    return refuse(draft, event.event_id, {
      code: 'invalid_value',
      message: `Error adding item: the previous item with id '${previous}' does not exist.`,
      param: 'previous_item_id'
    })
  if (item.type === 'function_call_output' && !hasCall(draft, item.call_id))
    return refuse(draft, event.event_id, {
      code: 'invalid_tool_call_id',
      message: `Tool call ID '${item.call_id}' not found in conversation.`,
      param: 'item.call_id'
    })
  addItem(draft, storedItem(draft, item, id), previous)
}

const hasCall = ({ state }: Draft, callId: string): boolean =>
  state.items.some(({ item }) => item.type === 'function_call' && item.call_id === callId)

/** Bytes of a base64 text, without decoding it. */
const base64Bytes = (base64: string): number =>
  Math.floor((base64.replace(/=+$/, '').length * 3) / 4)

/** 24 kHz, 16 bit, one channel. */
const PCM_BYTES_PER_MS = 48

export const storedItem = (draft: Draft, given: ItemRequest, id: string): StoredItem => {
  const common = { id, object: 'realtime.item' as const, status: 'completed' as const }
  if (given.type === 'function_call')
    return silentItem({
      ...given,
      ...common,
      call_id: given.call_id ?? draft.context.newId('call')
    })
  if (given.type === 'function_call_output' || given.role !== 'user')
    return silentItem({ ...given, ...common })
  let audioMs = 0
  const content = given.content.map((part) => {
    if (part.type !== 'input_audio') return part
    audioMs += base64Bytes(part.audio) / PCM_BYTES_PER_MS
    request(draft, { type: 'store_audio', itemId: id, base64: part.audio })
    return { type: 'input_audio' as const }
  })
  return {
    item: { type: 'message', role: 'user', content, ...common },
    audioMs,
    recognition: audioMs > 0 ? { kind: 'pending' } : null
  }
}

const ITEM_VERBS = { retrieve: 'retrieving', delete: 'deleting', truncate: 'truncating' } as const

const refuseMissingItem = (
  draft: Draft,
  verb: keyof typeof ITEM_VERBS,
  event: { item_id: string; event_id?: string }
) =>
  refuse(draft, event.event_id, {
    code: `item_${verb}_invalid_item_id`,
    message: `Error ${ITEM_VERBS[verb]} item: the item with id '${event.item_id}' does not exist.`,
    param: 'item_id'
  })

export const retrieveItem = (draft: Draft, event: ItemEvent<'retrieve'>) => {
  const stored = findItem(draft.state, event.item_id)
  if (stored === undefined) return refuseMissingItem(draft, 'retrieve', event)
  const audio = draft.context.audioOf(event.item_id)
  const { item } = stored
  emit(draft, {
    type: 'conversation.item.retrieved',
    item:
      audio !== null && item.type === 'message' && item.role === 'user'
        ? {
            ...item,
            content: item.content.map((part) =>
              part.type === 'input_audio' ? { ...part, audio } : part
            )
          }
        : item
  })
}

export const deleteItem = (draft: Draft, event: ItemEvent<'delete'>) => {
  if (findItem(draft.state, event.item_id) === undefined)
    return refuseMissingItem(draft, 'delete', event)
  change(draft, {
    items: draft.state.items.filter(({ item }) => item.id !== event.item_id),
    // The cache holds prefixes of the conversation: a changed history is not in it.
    cached: NO_TOKENS
  })
  emit(draft, { type: 'conversation.item.deleted', item_id: event.item_id })
}

export const truncateItem = (draft: Draft, event: ItemEvent<'truncate'>) => {
  const { item_id, content_index, audio_end_ms } = event
  const stored = findItem(draft.state, item_id)
  if (stored === undefined) return refuseMissingItem(draft, 'truncate', event)
  const { item, audioMs } = stored
  const isAnswer = item.type === 'message' && item.role === 'assistant' && audioMs > 0
  if (!isAnswer || content_index !== 0)
    return refuse(draft, event.event_id, {
      code: 'invalid_value',
      message: 'Only model output audio messages can be truncated',
      param: content_index === 0 ? 'item_id' : 'content_index'
    })
  if (audio_end_ms > audioMs)
    return refuse(draft, event.event_id, {
      code: 'invalid_value',
      message: `Audio content of ${Math.round(audioMs)}ms is already shorter than ${audio_end_ms}ms`,
      param: 'audio_end_ms'
    })
  cutAnswer(draft, item_id, audio_end_ms)
  emit(draft, { type: 'conversation.item.truncated', item_id, content_index, audio_end_ms })
}

/** Shortens an answer to its played audio and empties its transcript: the model must not remember unplayed words. */
export const cutAnswer = (draft: Draft, itemId: string, audioEndMs: number) => {
  replaceItem(draft, itemId, (stored) =>
    stored.item.type === 'message' && stored.item.role === 'assistant'
      ? {
          ...stored,
          audioMs: Math.min(stored.audioMs, audioEndMs),
          item: { ...stored.item, content: [{ type: 'output_audio', transcript: '' }] }
        }
      : stored
  )
  change(draft, { cached: NO_TOKENS })
}
