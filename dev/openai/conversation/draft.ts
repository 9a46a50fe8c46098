// Collects the next state, the server events and the effects of one input.
import type { RealtimeServerEvent } from 'openai/resources/realtime/realtime'
import type { Refusal } from '../api-error.ts'
import type { IdentifierPrefix } from '../identifier.ts'
import type { Conversation, StoredItem } from './state.ts'

export type Effect =
  /** Move the input buffer's audio to this item and recognise it. */
  | { type: 'take_audio'; itemId: string }
  | { type: 'append_audio'; base64: string }
  /** Audio that came inside an item. */
  | { type: 'store_audio'; itemId: string; base64: string }
  | { type: 'drop_audio' }
  | { type: 'generate'; responseId: string }
  | { type: 'stop_generating'; responseId: string }
  /** Empty the output buffer at once. */
  | { type: 'stop_playing' }
  | { type: 'hang_up' }

/** The facts that the reducer needs at the moment of an input. */
export type StepContext = {
  /** Length of the uncommitted audio in the input buffer. */
  bufferedMs: number
  /** Length of the playing response's audio that has been sent. */
  playedMs: number
  newId: (prefix: IdentifierPrefix) => string
  /** Base64 PCM16 of a user's item, for `conversation.item.retrieve`. */
  audioOf: (itemId: string) => string | null
}

type EventWithoutId = RealtimeServerEvent extends infer E
  ? E extends { event_id: string }
    ? Omit<E, 'event_id'>
    : E
  : never

export type Draft = {
  state: Conversation
  readonly context: StepContext
  readonly events: RealtimeServerEvent[]
  readonly effects: Effect[]
}

export const emit = (draft: Draft, event: EventWithoutId) => {
  // TypeScript cannot see that `EventWithoutId` with an id is a server event again.
  draft.events.push({ ...event, event_id: draft.context.newId('event') } as RealtimeServerEvent)
}

export const request = (draft: Draft, effect: Effect) => {
  draft.effects.push(effect)
}

export const change = (draft: Draft, patch: Partial<Conversation>) => {
  draft.state = { ...draft.state, ...patch }
}

export const refuse = (draft: Draft, eventId: string | null | undefined, refusal: Refusal) =>
  emit(draft, {
    type: 'error',
    error: { type: 'invalid_request_error', ...refusal, event_id: eventId ?? null }
  })

/** Inserts an item after `previous`; null puts it first. */
export const insertItem = (draft: Draft, stored: StoredItem, previous: string | null) => {
  const { items } = draft.state
  const at = previous === null ? 0 : items.findIndex(({ item }) => item.id === previous) + 1
  change(draft, { items: items.toSpliced(at, 0, stored) })
}

/** Inserts an item that is complete when it comes. */
export const addItem = (draft: Draft, stored: StoredItem, previous: string | null) => {
  insertItem(draft, stored, previous)
  const added = { item: stored.item, previous_item_id: previous }
  emit(draft, { type: 'conversation.item.added', ...added })
  emit(draft, { type: 'conversation.item.done', ...added })
}

export const replaceItem = (
  draft: Draft,
  itemId: string,
  replaced: (stored: StoredItem) => StoredItem
) =>
  change(draft, {
    items: draft.state.items.map((stored) =>
      stored.item.id === itemId ? replaced(stored) : stored
    )
  })
