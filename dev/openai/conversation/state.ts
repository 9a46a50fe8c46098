// The state of a realtime conversation: its items, its responses and its audio buffers.
import type { ConversationItem } from 'openai/resources/realtime/realtime'
import type { ResponseRequest } from '../client-event-schema.ts'
import type { EffectiveSession, ToolChoice } from '../session-schema.ts'
import { NO_TOKENS, type TokenCount } from '../token-count.ts'

/** What the speech recogniser made of a user's audio. */
export type RecognisedSpeech =
  | { kind: 'recognised'; text: string }
  | { kind: 'unclear' }
  /** There is no recogniser here. */
  | { kind: 'unable' }

export type Recognition = RecognisedSpeech | { kind: 'pending' }

export type StoredItem = {
  item: ConversationItem
  /** Length of the item's audio, as spoken or as kept after a truncation. */
  audioMs: number
  /** Of a user's audio only. */
  recognition: Recognition | null
  /** The part of its transcript that was sent before the commit. */
  partialTranscript?: string
}

/** An item without audio. */
export const silentItem = (item: ConversationItem): StoredItem => ({
  item,
  audioMs: 0,
  recognition: null
})

export type ActiveResponse = {
  id: string
  /** False for `conversation: "none"`: its items stay outside the conversation. */
  inConversation: boolean
  modality: 'text' | 'audio'
  request: ResponseRequest
  /** The items that the model reads: the conversation's at the time, or the response's own `input`. */
  input: readonly StoredItem[]
  output: readonly StoredItem[]
  /** The message that is being written. */
  message: { itemId: string; text: string; audioMs: number } | null
}

/** Over a WebSocket the events carry an answer's audio, and the client plays it. */
export type SessionTransport = 'webrtc' | 'websocket'

export type Conversation = {
  transport: SessionTransport
  sessionId: string
  conversationId: string
  session: EffectiveSession
  /** Unix seconds at which the session expires. */
  expiresAt: number
  items: readonly StoredItem[]
  active: ActiveResponse | null
  outOfBand: readonly ActiveResponse[]
  /** Messages whose audio is in the output buffer, in the order of playback; the first one's response is playing. */
  output: readonly { responseId: string; itemId: string }[]
  /** Id of the item that voice activity detection began and has not committed. */
  speechItemId: string | null
  /** Transcript of the uncommitted audio that was sent already, and the id that its item will have. */
  partialTranscript: { itemId: string; text: string } | null
  /** True once the model's audio was played: its voice cannot change any more. */
  voiceFrozen: boolean
  /** Input tokens of the previous response, which the next one finds in the cache. */
  cached: TokenCount
}

export const newConversation = (
  session: EffectiveSession,
  ids: { sessionId: string; conversationId: string },
  expiresAt: number,
  transport: SessionTransport = 'webrtc'
): Conversation => ({
  ...ids,
  transport,
  session,
  expiresAt,
  items: [],
  active: null,
  outOfBand: [],
  output: [],
  speechItemId: null,
  partialTranscript: null,
  voiceFrozen: false,
  cached: NO_TOKENS
})

export const findItem = ({ items }: Conversation, itemId: string): StoredItem | undefined =>
  items.find(({ item }) => item.id === itemId)

export const lastItemId = ({ items }: Conversation): string | null => items.at(-1)?.item.id ?? null

export const findResponse = (
  { active, outOfBand }: Conversation,
  responseId: string
): ActiveResponse | undefined =>
  active?.id === responseId ? active : outOfBand.find(({ id }) => id === responseId)

/** Milliseconds of audio in an answer's message, which may be unfinished. */
export const lengthOfAnswer = (state: Conversation, itemId: string): number => {
  const message = state.active?.message
  return message?.itemId === itemId ? message.audioMs : (findItem(state, itemId)?.audioMs ?? 0)
}

export const isInOutputBuffer = ({ output }: Conversation, responseId: string): boolean =>
  output.some((queued) => queued.responseId === responseId)

export const toolChoiceOf = ({ session }: Conversation, { request }: ActiveResponse): ToolChoice =>
  request.tool_choice ?? session.tool_choice
