// The rules of a realtime conversation as a pure function: (state, input) → state, the server events to
// send in their documented order, and what the call has to do. No clock, no socket, no randomness of its own.
import type {
  ConversationItem,
  RealtimeConversationItemAssistantMessage,
  RealtimeResponse,
  RealtimeResponseStatus,
  RealtimeServerEvent
} from 'openai/resources/realtime/realtime'
import type { Refusal } from './api-error.ts'
import type { ClientEvent, ItemRequest, ResponseRequest } from './client-event-schema.ts'
import type { IdentifierPrefix } from './identifier.ts'
import { type EffectiveSession, type ToolChoice, updatedSession } from './session-schema.ts'
import {
  addTokens,
  approximateTextTokens,
  assistantAudioTokens,
  itemTokens,
  NO_TOKENS,
  type TokenCount
} from './token-count.ts'

/** Shorter than this is `input_audio_buffer_commit_empty`. */
export const SHORTEST_COMMIT_MS = 100

/** Length of the pieces in which text and arguments are told. */
const ARGUMENT_PIECE_CHARACTERS = 12

/** How a user's audio was understood; `pending` until the ears have answered. */
export type Recognition =
  | { kind: 'pending' }
  | { kind: 'heard'; text: string }
  | { kind: 'unclear' }
  | { kind: 'unable'; reason: 'no_recogniser' | 'language' }

export type StoredItem = {
  item: ConversationItem
  /** Length of the item's audio, as spoken or as kept after a truncation. */
  audioMs: number
  /** For a user's audio only. */
  hearing: Recognition | null
  /** What of its transcript was told before it was committed. */
  partialTranscript?: string
}

export type ActiveResponse = {
  id: string
  /** False for `conversation: "none"`: its items stay outside the conversation. */
  inConversation: boolean
  modality: 'text' | 'audio'
  request: ResponseRequest
  /** Items the model reads: the conversation's at the time, or the response's own `input`. */
  input: readonly StoredItem[]
  output: readonly StoredItem[]
  /** The message being written, if there is one. */
  message: { itemId: string; text: string; audioMs: number } | null
}

/** What carries the session. Over a WebSocket an answer's sound is in the events, and the client plays it. */
export type SessionTransport = 'webrtc' | 'websocket'

export type Conversation = {
  transport: SessionTransport
  sessionId: string
  conversationId: string
  session: EffectiveSession
  /** Unix seconds at which the session ends by itself. */
  expiresAt: number
  items: readonly StoredItem[]
  active: ActiveResponse | null
  outOfBand: readonly ActiveResponse[]
  /** Answers whose audio is in the output buffer, in the order they are heard; the first is playing. */
  output: readonly { responseId: string; itemId: string }[]
  /** Named when speech starts under voice activity detection, before it is committed. */
  speechItemId: string | null
  /** Transcript of the uncommitted audio that was told already, and the name its item will have. */
  partialTranscript: { itemId: string; text: string } | null
  /** Once audio was heard from the model the voice is frozen. */
  voiceFrozen: boolean
  /** Input tokens of the response before, which the next one finds in the cache. */
  cached: TokenCount
}

/** What the call knows and the rules need, at the moment of the input. */
export type BufferPositions = {
  /** Length of the uncommitted audio in the input buffer. */
  bufferedMs: number
  /** How much of the audio of the response that is playing has left for the client. */
  playedMs: number
}

export type ToolCallDecision = { name: string; argumentsJson: string }

/** What the model decided to do with a response. */
export type Decision =
  | ({ kind: 'call' } & ToolCallDecision)
  | { kind: 'message' }
  | { kind: 'failed'; code: string; message: string }

export type Input =
  | { type: 'opened' }
  | { type: 'client'; event: ClientEvent }
  | { type: 'refused'; refusal: Refusal; eventId: string | null }
  | { type: 'transcribed'; itemId: string; hearing: Exclude<Recognition, { kind: 'pending' }> }
  /** All that was understood so far of audio that is not committed. */
  | { type: 'partial_transcript'; text: string }
  | { type: 'decided'; responseId: string; decision: Decision }
  /** Some words of the message, with the length of their audio (0 for text). */
  | { type: 'text_delta'; responseId: string; delta: string; audioMs: number }
  /** Over a WebSocket: a piece of the answer's sound, PCM16 at 24 kHz in base64. */
  | { type: 'audio_delta'; responseId: string; base64: string }
  /** The message is whole. `call`: a function that is called after it, in the same response. */
  | { type: 'finished'; responseId: string; call?: ToolCallDecision }
  | { type: 'playback_started'; responseId: string }
  | { type: 'playback_drained'; responseId: string }
  | { type: 'speech_started'; atMs: number }
  | { type: 'speech_stopped'; atMs: number }
  | { type: 'expired' }

export type Effect =
  /** Move the input buffer's audio to this item and start recognising it. */
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

export type Context = {
  facts: BufferPositions
  newId: (prefix: IdentifierPrefix) => string
  /** Base64 PCM16 of a user's item, for `conversation.item.retrieve`. */
  audioOf: (itemId: string) => string | null
}

export type Step = { state: Conversation; events: RealtimeServerEvent[]; effects: Effect[] }

type EventWithoutId = RealtimeServerEvent extends infer E
  ? E extends { event_id: string }
    ? Omit<E, 'event_id'>
    : E
  : never

/** Collects what one input leads to; the state is replaced, never changed in place. */
type StepBuilder = {
  state: Conversation
  tell: (event: EventWithoutId) => void
  act: (effect: Effect) => void
  context: Context
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

/** One input, and everything it leads to. */
export const step = (state: Conversation, input: Input, context: Context): Step => {
  const events: RealtimeServerEvent[] = []
  const effects: Effect[] = []
  const draft: StepBuilder = {
    state,
    context,
    // Every server event carries an id; the union is closed over by `EventWithoutId`.
    tell: (event) =>
      events.push({ ...event, event_id: context.newId('event') } as RealtimeServerEvent),
    act: (effect) => effects.push(effect)
  }
  apply(draft, input)
  return { state: draft.state, events, effects }
}

const apply = (draft: StepBuilder, input: Input) => {
  switch (input.type) {
    case 'opened':
      return draft.tell({ type: 'session.created', session: sessionResource(draft.state) })
    case 'client':
      return applyClientEvent(draft, input.event)
    case 'refused':
      return refuse(draft, input.refusal, input.eventId)
    case 'transcribed':
      return transcribed(draft, input.itemId, input.hearing)
    case 'partial_transcript':
      return partialTranscript(draft, input.text)
    case 'decided':
      return decided(draft, input.responseId, input.decision)
    case 'text_delta':
      return textDelta(draft, input.responseId, input.delta, input.audioMs)
    case 'audio_delta':
      return audioDelta(draft, input.responseId, input.base64)
    case 'finished': {
      const response = responseOf(draft.state, input.responseId)
      if (response === null) return
      // The message is closed before the call begins: each item is whole before the next one is told.
      if (input.call !== undefined) callTool(draft, closeMessage(draft, response, true), input.call)
      else endResponse(draft, response, { status: 'completed' })
      return
    }
    case 'playback_started':
      if (!isInOutput(draft.state, input.responseId)) return
      change(draft, { voiceFrozen: true })
      return draft.tell({ type: 'output_audio_buffer.started', response_id: input.responseId })
    case 'playback_drained':
      if (!isInOutput(draft.state, input.responseId)) return
      change(draft, {
        output: draft.state.output.filter(({ responseId }) => responseId !== input.responseId)
      })
      return draft.tell({ type: 'output_audio_buffer.stopped', response_id: input.responseId })
    case 'speech_started':
      return speechStarted(draft, input.atMs)
    case 'speech_stopped':
      return speechStopped(draft, input.atMs)
    case 'expired':
      refuse(
        draft,
        {
          code: 'session_expired',
          message: 'Your session hit the maximum duration of 60 minutes.',
          param: null
        },
        null
      )
      return draft.act({ type: 'hang_up' })
    default:
      return unreachable(input)
  }
}

const isInOutput = (state: Conversation, responseId: string): boolean =>
  state.output.some((queued) => queued.responseId === responseId)

const unreachable = (value: never): never => {
  throw new Error(`Unhandled: ${JSON.stringify(value)}`)
}

const change = (draft: StepBuilder, patch: Partial<Conversation>) => {
  draft.state = { ...draft.state, ...patch }
}

/** The session as the service tells it: the configuration with its identity and its end. */
const sessionResource = (state: Conversation) => {
  const { voice, ...output } = state.session.audio.output
  return {
    ...state.session,
    object: 'realtime.session' as const,
    id: state.sessionId,
    expires_at: state.expiresAt,
    audio: {
      input: state.session.audio.input,
      output: { ...output, voice: typeof voice === 'string' ? voice : voice.id }
    }
    // The package's type has no null for features that are off; the service sends it.
  } as unknown as Extract<RealtimeServerEvent, { type: 'session.created' }>['session']
}

const refuse = (
  draft: StepBuilder,
  refusal: Refusal,
  eventId: string | null | undefined,
  type = 'invalid_request_error'
) =>
  draft.tell({
    type: 'error',
    error: {
      type,
      code: refusal.code,
      message: refusal.message,
      param: refusal.param,
      event_id: eventId ?? null
    }
  })

const applyClientEvent = (draft: StepBuilder, event: ClientEvent) => {
  switch (event.type) {
    case 'session.update':
      return updateSession(draft, event)
    case 'input_audio_buffer.append':
      return append(draft, event.audio, event.event_id)
    case 'input_audio_buffer.clear':
      change(draft, { partialTranscript: null })
      draft.act({ type: 'drop_audio' })
      return draft.tell({ type: 'input_audio_buffer.cleared' })
    case 'input_audio_buffer.commit':
      return commit(draft, event.event_id)
    case 'output_audio_buffer.clear':
      if (draft.state.transport === 'webrtc') return clearOutput(draft)
      // Documented as "WebRTC/SIP only": there is no output buffer at this end of a WebSocket.
      return refuse(
        draft,
        {
          code: 'invalid_value',
          message: `Invalid value: '${event.type}'. It is supported over WebRTC and SIP only.`,
          param: 'type'
        },
        event.event_id
      )
    case 'conversation.item.create':
      return createItem(draft, event)
    case 'conversation.item.retrieve':
      return retrieveItem(draft, event)
    case 'conversation.item.truncate':
      return truncateItem(draft, event)
    case 'conversation.item.delete':
      return deleteItem(draft, event)
    case 'response.create':
      return createResponse(draft, event.response ?? {}, event.event_id)
    case 'response.cancel':
      return cancelResponse(draft, event)
    default:
      return unreachable(event)
  }
}

const updateSession = (
  draft: StepBuilder,
  event: Extract<ClientEvent, { type: 'session.update' }>
) => {
  const { session } = draft.state
  if (event.session.model !== undefined && event.session.model !== session.model)
    return refuse(
      draft,
      {
        code: 'invalid_value',
        message: `The model of a session cannot be changed. It is '${session.model}'.`,
        param: 'session.model'
      },
      event.event_id
    )
  const voice = event.session.audio?.output?.voice
  if (
    draft.state.voiceFrozen &&
    voice !== undefined &&
    JSON.stringify(voice) !== JSON.stringify(session.audio.output.voice)
  )
    return refuse(
      draft,
      {
        code: 'cannot_update_voice',
        message: "Cannot update a conversation's voice if assistant audio is present.",
        param: null
      },
      event.event_id
    )
  if (session.tracing !== null && event.session.tracing !== undefined) {
    if (JSON.stringify(event.session.tracing) !== JSON.stringify(session.tracing))
      return refuse(
        draft,
        {
          code: 'invalid_value',
          message: 'Tracing cannot be changed once it is on.',
          param: 'session.tracing'
        },
        event.event_id
      )
  }
  change(draft, { session: updatedSession(session, event.session) })
  draft.tell({ type: 'session.updated', session: sessionResource(draft.state) })
}

const append = (draft: StepBuilder, base64: string, eventId: string | undefined) => {
  if (draft.state.session.audio.input.format.type !== 'audio/pcm')
    return refuse(
      draft,
      {
        code: 'invalid_value',
        message: 'This stand-in takes appended audio as audio/pcm at 24000 Hz only.',
        param: 'audio'
      },
      eventId
    )
  draft.act({ type: 'append_audio', base64 })
}

const lastItemId = (state: Conversation): string | null => state.items.at(-1)?.item.id ?? null

const commit = (draft: StepBuilder, eventId: string | undefined) => {
  const { bufferedMs } = draft.context.facts
  if (bufferedMs < SHORTEST_COMMIT_MS)
    return refuse(
      draft,
      {
        code: 'input_audio_buffer_commit_empty',
        message: `Error committing input audio buffer: buffer too small. Expected at least ${SHORTEST_COMMIT_MS}ms of audio, but buffer only has ${bufferedMs.toFixed(2)}ms of audio.`,
        param: null
      },
      eventId
    )
  const early = draft.state.partialTranscript
  const itemId = draft.state.speechItemId ?? early?.itemId ?? draft.context.newId('item')
  const previous = lastItemId(draft.state)
  change(draft, { speechItemId: null, partialTranscript: null })
  draft.tell({ type: 'input_audio_buffer.committed', item_id: itemId, previous_item_id: previous })
  draft.act({ type: 'take_audio', itemId })
  addItem(
    draft,
    {
      item: {
        id: itemId,
        object: 'realtime.item',
        type: 'message',
        role: 'user',
        status: 'completed',
        content: [{ ...UNHEARD }]
      },
      audioMs: bufferedMs,
      hearing: { kind: 'pending' },
      ...(early === null ? {} : { partialTranscript: early.text })
    },
    previous
  )
}

/** Adds an item that is complete as it comes: `added`, then `done`. */
const addItem = (draft: StepBuilder, stored: StoredItem, previous: string | null) => {
  insert(draft, stored, previous)
  const told = { item: stored.item, previous_item_id: previous }
  draft.tell({ type: 'conversation.item.added', ...told })
  draft.tell({ type: 'conversation.item.done', ...told })
}

const insert = (draft: StepBuilder, stored: StoredItem, previous: string | null) => {
  const { items } = draft.state
  const at = previous === null ? 0 : items.findIndex(({ item }) => item.id === previous) + 1
  change(draft, { items: [...items.slice(0, at), stored, ...items.slice(at)] })
}

const replaceItem = (
  draft: StepBuilder,
  itemId: string,
  replaced: (stored: StoredItem) => StoredItem
) =>
  change(draft, {
    items: draft.state.items.map((stored) =>
      stored.item.id === itemId ? replaced(stored) : stored
    )
  })

/** What is left to tell of a transcript; told words cannot be taken back, only put right by `completed`. */
const untold = (text: string, told: string): string => {
  if (told === '') return text
  return text.startsWith(`${told} `) ? text.slice(told.length) : ''
}

/** As gpt-live-transcribe does: deltas while the audio comes, under the name the commit will give. */
const partialTranscript = (draft: StepBuilder, text: string) => {
  if (draft.state.session.audio.input.transcription === null) return
  const early = draft.state.partialTranscript ?? {
    itemId: draft.state.speechItemId ?? draft.context.newId('item'),
    text: ''
  }
  const more = untold(text, early.text)
  if (more === '') return
  change(draft, { partialTranscript: { ...early, text } })
  for (const word of wordsOf(more))
    draft.tell({
      type: 'conversation.item.input_audio_transcription.delta',
      item_id: early.itemId,
      content_index: 0,
      delta: word
    })
}

const transcribed = (
  draft: StepBuilder,
  itemId: string,
  hearing: Exclude<Recognition, { kind: 'pending' }>
) => {
  const stored = draft.state.items.find(({ item }) => item.id === itemId)
  if (stored === undefined) return
  const told = draft.state.session.audio.input.transcription !== null
  replaceItem(draft, itemId, (current) => ({
    ...current,
    hearing,
    item:
      told && hearing.kind === 'heard' ? withTranscript(current.item, hearing.text) : current.item
  }))
  if (!told) return
  const place = { item_id: itemId, content_index: 0 }
  switch (hearing.kind) {
    case 'heard':
      for (const word of wordsOf(untold(hearing.text, stored.partialTranscript ?? '')))
        draft.tell({
          type: 'conversation.item.input_audio_transcription.delta',
          ...place,
          delta: word
        })
      return draft.tell({
        type: 'conversation.item.input_audio_transcription.completed',
        ...place,
        transcript: hearing.text,
        usage: { type: 'duration', seconds: Math.ceil(stored.audioMs / 1_000) }
      })
    case 'unclear':
      return draft.tell({
        type: 'conversation.item.input_audio_transcription.failed',
        ...place,
        error: {
          type: 'transcription_error',
          code: 'audio_unintelligible',
          message: 'The audio could not be transcribed.'
        }
      })
    case 'unable':
      return draft.tell({
        type: 'conversation.item.input_audio_transcription.failed',
        ...place,
        error: {
          type: 'transcription_error',
          code: 'server_error',
          message:
            hearing.reason === 'language'
              ? 'This stand-in can hear English only.'
              : 'This stand-in has no ears: install pocketsphinx and pocketsphinx-en-us.'
        }
      })
    default:
      return unreachable(hearing)
  }
}

/**
 * The service says of audio that it has not transcribed yet that its transcript is null; clients that check what they
 * are told throw without it. The package's type has no null there.
 */
const UNHEARD = { type: 'input_audio', transcript: null } as unknown as { type: 'input_audio' }

const withTranscript = (item: ConversationItem, transcript: string): ConversationItem =>
  item.type === 'message' && item.role === 'user'
    ? { ...item, content: item.content.map((part) => ({ ...part, transcript })) }
    : item

/** Words with the space before them, so that the pieces put together are the text. */
export const wordsOf = (text: string): string[] => text.match(/\s*\S+/gu) ?? []

const createItem = (
  draft: StepBuilder,
  event: Extract<ClientEvent, { type: 'conversation.item.create' }>
) => {
  const { items } = draft.state
  const id = event.item.id ?? draft.context.newId('item')
  if (items.some(({ item }) => item.id === id))
    return refuse(
      draft,
      {
        code: 'invalid_value',
        message: `Error adding item: an item with id '${id}' already exists.`,
        param: 'item.id'
      },
      event.event_id
    )
  const after = event.previous_item_id ?? lastItemId(draft.state)
  const previous = after === 'root' ? null : after
  if (previous !== null && !items.some(({ item }) => item.id === previous))
    return refuse(
      draft,
      {
        code: 'invalid_value',
        message: `Error adding item: the previous item with id '${previous}' does not exist.`,
        param: 'previous_item_id'
      },
      event.event_id
    )
  const request = event.item
  if (
    request.type === 'function_call_output' &&
    !items.some(({ item }) => item.type === 'function_call' && item.call_id === request.call_id)
  )
    return refuse(
      draft,
      {
        code: 'invalid_tool_call_id',
        message: `Tool call ID '${request.call_id}' not found in conversation.`,
        param: 'item.call_id'
      },
      event.event_id
    )
  addItem(draft, storedItem(draft, request, id), previous)
}

/** Bytes of a base64 text, without decoding it. */
const base64Bytes = (base64: string): number =>
  Math.floor((base64.replace(/=+$/, '').length * 3) / 4)

/** 24 kHz, 16 bit, one channel. */
const PCM_BYTES_PER_MS = 48

const storedItem = (draft: StepBuilder, request: ItemRequest, id: string): StoredItem => {
  const common = { id, object: 'realtime.item' as const, status: 'completed' as const }
  if (request.type === 'function_call')
    return {
      item: { ...request, ...common, call_id: request.call_id ?? draft.context.newId('call') },
      audioMs: 0,
      hearing: null
    }
  if (request.type === 'function_call_output')
    return { item: { ...request, ...common }, audioMs: 0, hearing: null }
  if (request.role !== 'user') return { item: { ...request, ...common }, audioMs: 0, hearing: null }
  let audioMs = 0
  const content = request.content.map((part) => {
    if (part.type !== 'input_audio') return part
    audioMs += base64Bytes(part.audio) / PCM_BYTES_PER_MS
    draft.act({ type: 'store_audio', itemId: id, base64: part.audio })
    return { type: 'input_audio' as const }
  })
  return {
    item: { type: 'message', role: 'user', content, ...common },
    audioMs,
    hearing: audioMs > 0 ? { kind: 'pending' } : null
  }
}

const missingItem = (what: string, code: string, itemId: string): Refusal => ({
  code,
  message: `Error ${what} item: the item with id '${itemId}' does not exist.`,
  param: 'item_id'
})

const retrieveItem = (
  draft: StepBuilder,
  event: Extract<ClientEvent, { type: 'conversation.item.retrieve' }>
) => {
  const stored = draft.state.items.find(({ item }) => item.id === event.item_id)
  if (stored === undefined)
    return refuse(
      draft,
      missingItem('retrieving', 'item_retrieve_invalid_item_id', event.item_id),
      event.event_id
    )
  const audio = draft.context.audioOf(event.item_id)
  const { item } = stored
  draft.tell({
    type: 'conversation.item.retrieved',
    item:
      audio !== null && item.type === 'message' && item.role === 'user'
        ? { ...item, content: item.content.map((part) => withAudio(part, audio)) }
        : item
  })
}

const withAudio = <P extends { type?: string }>(part: P, audio: string): P =>
  part.type === 'input_audio' ? { ...part, audio } : part

const deleteItem = (
  draft: StepBuilder,
  event: Extract<ClientEvent, { type: 'conversation.item.delete' }>
) => {
  if (!draft.state.items.some(({ item }) => item.id === event.item_id))
    return refuse(
      draft,
      missingItem('deleting', 'item_delete_invalid_item_id', event.item_id),
      event.event_id
    )
  change(draft, {
    items: draft.state.items.filter(({ item }) => item.id !== event.item_id),
    // A changed past is not found in the cache.
    cached: NO_TOKENS
  })
  draft.tell({ type: 'conversation.item.deleted', item_id: event.item_id })
}

const truncateItem = (
  draft: StepBuilder,
  event: Extract<ClientEvent, { type: 'conversation.item.truncate' }>
) => {
  const stored = draft.state.items.find(({ item }) => item.id === event.item_id)
  if (stored === undefined)
    return refuse(
      draft,
      missingItem('truncating', 'item_truncate_invalid_item_id', event.item_id),
      event.event_id
    )
  if (
    stored.item.type !== 'message' ||
    stored.item.role !== 'assistant' ||
    stored.audioMs === 0 ||
    event.content_index !== 0
  )
    return refuse(
      draft,
      {
        code: 'invalid_value',
        message: 'Only model output audio messages can be truncated',
        param: event.content_index === 0 ? 'item_id' : 'content_index'
      },
      event.event_id
    )
  if (event.audio_end_ms > stored.audioMs)
    return refuse(
      draft,
      {
        code: 'invalid_value',
        message: `Audio content of ${Math.round(stored.audioMs)}ms is already shorter than ${event.audio_end_ms}ms`,
        param: 'audio_end_ms'
      },
      event.event_id
    )
  cutItem(draft, event.item_id, event.audio_end_ms)
  draft.tell({
    type: 'conversation.item.truncated',
    item_id: event.item_id,
    content_index: 0,
    audio_end_ms: event.audio_end_ms
  })
}

/** Keeps what was heard; the transcript goes, so that nothing is remembered that nobody heard. */
const cutItem = (draft: StepBuilder, itemId: string, audioEndMs: number) => {
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

const clearOutput = (draft: StepBuilder) => {
  const { output } = draft.state
  const playing = output[0]
  // Without audio in the buffer there is no response to name in the event.
  if (playing === undefined) return
  draft.act({ type: 'stop_playing' })
  change(draft, { output: [] })
  for (const { itemId } of output)
    cutItem(draft, itemId, itemId === playing.itemId ? draft.context.facts.playedMs : 0)
  for (const { responseId } of output)
    draft.tell({ type: 'output_audio_buffer.cleared', response_id: responseId })
}

const responseOf = (state: Conversation, responseId: string): ActiveResponse | null =>
  state.active?.id === responseId
    ? state.active
    : (state.outOfBand.find(({ id }) => id === responseId) ?? null)

const keepResponse = (draft: StepBuilder, response: ActiveResponse) => {
  if (draft.state.active?.id === response.id) change(draft, { active: response })
  else
    change(draft, {
      outOfBand: draft.state.outOfBand.map((other) => (other.id === response.id ? response : other))
    })
}

const createResponse = (
  draft: StepBuilder,
  request: ResponseRequest,
  eventId: string | undefined
) => {
  const inConversation = request.conversation !== 'none'
  if (inConversation && draft.state.active !== null)
    return refuse(
      draft,
      {
        code: 'conversation_already_has_active_response',
        message: `Conversation already has an active response in progress: ${draft.state.active.id}. Wait until the response is finished before creating a new one.`,
        param: null
      },
      eventId
    )
  const voice = request.audio?.output?.voice
  if (
    draft.state.voiceFrozen &&
    voice !== undefined &&
    JSON.stringify(voice) !== JSON.stringify(draft.state.session.audio.output.voice)
  )
    return refuse(
      draft,
      {
        code: 'cannot_update_voice',
        message: "Cannot update a conversation's voice if assistant audio is present.",
        param: null
      },
      eventId
    )
  const tools = request.tools ?? draft.state.session.tools
  const choice = request.tool_choice
  if (typeof choice === 'object' && !tools.some(({ name }) => name === choice.name))
    return refuse(
      draft,
      {
        code: 'invalid_value',
        message: `Tool choice '${choice.name}' not found in 'tools'.`,
        param: 'response.tool_choice'
      },
      eventId
    )
  const response: ActiveResponse = {
    id: draft.context.newId('resp'),
    inConversation,
    modality: (request.output_modalities ?? draft.state.session.output_modalities)[0] ?? 'audio',
    request,
    input:
      request.input?.map((item) =>
        storedItem(draft, item, item.id ?? draft.context.newId('item'))
      ) ?? draft.state.items,
    output: [],
    message: null
  }
  if (inConversation) change(draft, { active: response })
  else change(draft, { outOfBand: [...draft.state.outOfBand, response] })
  draft.tell({ type: 'response.created', response: toldResponse(draft.state, response, {}) })
  tellRateLimits(draft)
  draft.act({ type: 'generate', responseId: response.id })
}

const toldResponse = (
  state: Conversation,
  response: ActiveResponse,
  ending: Pick<RealtimeResponse, 'status' | 'status_details' | 'usage'>
): RealtimeResponse => {
  const { audio } = state.session
  const voice = response.request.audio?.output?.voice ?? audio.output.voice
  return {
    object: 'realtime.response',
    id: response.id,
    status: 'in_progress',
    output: response.output.map(({ item }) => item),
    output_modalities: [response.modality],
    max_output_tokens: response.request.max_output_tokens ?? state.session.max_output_tokens,
    metadata: response.request.metadata ?? null,
    audio: {
      output: {
        format: response.request.audio?.output?.format ?? audio.output.format,
        voice: typeof voice === 'string' ? voice : voice.id
      }
    },
    ...(response.inConversation ? { conversation_id: state.conversationId } : {}),
    ...ending
  }
}

/** Limits nobody reaches on one machine: the shape is what clients read. */
const RATE_LIMITS = [
  { name: 'requests', limit: 5_000, remaining: 4_999, reset_seconds: 0.012 },
  { name: 'tokens', limit: 400_000, remaining: 395_904, reset_seconds: 0.614 }
] as const

const tellRateLimits = (draft: StepBuilder) =>
  draft.tell({
    type: 'rate_limits.updated',
    rate_limits: RATE_LIMITS.map((limit) => ({ ...limit }))
  })

const decided = (draft: StepBuilder, responseId: string, decision: Decision) => {
  const response = responseOf(draft.state, responseId)
  if (response === null) return
  switch (decision.kind) {
    case 'failed':
      return endResponse(draft, response, {
        status: 'failed',
        error: { type: 'server_error', code: decision.code, message: decision.message }
      })
    case 'call':
      callTool(draft, response, decision)
      return
    case 'message':
      return startMessage(draft, response)
    default:
      return unreachable(decision)
  }
}

/** An output item as it starts: told by the response, and by the conversation if it belongs to it. */
const startItem = (
  draft: StepBuilder,
  response: ActiveResponse,
  item: ConversationItem
): string | null => {
  const previous = response.inConversation ? lastItemId(draft.state) : null
  draft.tell({
    type: 'response.output_item.added',
    response_id: response.id,
    output_index: response.output.length,
    item
  })
  if (response.inConversation) {
    insert(draft, { item, audioMs: 0, hearing: null }, previous)
    draft.tell({ type: 'conversation.item.added', item, previous_item_id: previous })
  }
  return previous
}

const finishItem = (
  draft: StepBuilder,
  response: ActiveResponse,
  stored: StoredItem
): ActiveResponse => {
  const { item } = stored
  const finished = { ...response, output: [...response.output, stored], message: null }
  draft.tell({
    type: 'response.output_item.done',
    response_id: response.id,
    output_index: response.output.length,
    item
  })
  if (response.inConversation && item.id !== undefined) {
    const at = draft.state.items.findIndex((other) => other.item.id === item.id)
    replaceItem(draft, item.id, () => stored)
    draft.tell({
      type: 'conversation.item.done',
      item,
      previous_item_id: draft.state.items[at - 1]?.item.id ?? null
    })
  }
  keepResponse(draft, finished)
  return finished
}

const callTool = (draft: StepBuilder, response: ActiveResponse, call: ToolCallDecision) => {
  const item = {
    id: draft.context.newId('item'),
    object: 'realtime.item' as const,
    type: 'function_call' as const,
    status: 'in_progress' as const,
    name: call.name,
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
  for (let at = 0; at < call.argumentsJson.length; at += ARGUMENT_PIECE_CHARACTERS)
    draft.tell({
      type: 'response.function_call_arguments.delta',
      ...place,
      delta: call.argumentsJson.slice(at, at + ARGUMENT_PIECE_CHARACTERS)
    })
  draft.tell({
    type: 'response.function_call_arguments.done',
    ...place,
    name: call.name,
    arguments: call.argumentsJson
  })
  const finished = finishItem(draft, response, {
    item: { ...item, status: 'completed', arguments: call.argumentsJson },
    audioMs: 0,
    hearing: null
  })
  endResponse(draft, finished, { status: 'completed' })
}

const startMessage = (draft: StepBuilder, response: ActiveResponse) => {
  const itemId = draft.context.newId('item')
  startItem(draft, response, {
    id: itemId,
    object: 'realtime.item',
    type: 'message',
    role: 'assistant',
    status: 'in_progress',
    content: []
  })
  draft.tell({
    type: 'response.content_part.added',
    ...placeOf(response, itemId),
    part:
      response.modality === 'audio' ? { type: 'audio', transcript: '' } : { type: 'text', text: '' }
  })
  keepResponse(draft, { ...response, message: { itemId, text: '', audioMs: 0 } })
}

const placeOf = (response: ActiveResponse, itemId: string) => ({
  response_id: response.id,
  item_id: itemId,
  output_index: response.output.length,
  content_index: 0
})

const textDelta = (draft: StepBuilder, responseId: string, delta: string, audioMs: number) => {
  const response = responseOf(draft.state, responseId)
  if (response === null || response.message === null) return
  const { itemId } = response.message
  const message = {
    itemId,
    text: response.message.text + delta,
    audioMs: response.message.audioMs + audioMs
  }
  const told = { ...response, message }
  keepResponse(draft, told)
  const isPlayedHere = draft.state.transport === 'webrtc' && audioMs > 0
  if (isPlayedHere && !isInOutput(draft.state, responseId))
    change(draft, { output: [...draft.state.output, { responseId, itemId }] })
  draft.tell({
    type:
      response.modality === 'audio'
        ? 'response.output_audio_transcript.delta'
        : 'response.output_text.delta',
    ...placeOf(response, itemId),
    delta
  })
  const limit = response.request.max_output_tokens ?? draft.state.session.max_output_tokens
  const spent = approximateTextTokens(message.text) + assistantAudioTokens(message.audioMs)
  if (limit !== 'inf' && spent > limit) {
    draft.act({ type: 'stop_generating', responseId })
    endResponse(draft, told, { status: 'incomplete', reason: 'max_output_tokens' })
  }
}

const audioDelta = (draft: StepBuilder, responseId: string, base64: string) => {
  const response = responseOf(draft.state, responseId)
  if (response === null || response.message === null) return
  change(draft, { voiceFrozen: true })
  draft.tell({
    type: 'response.output_audio.delta',
    ...placeOf(response, response.message.itemId),
    delta: base64
  })
}

type Ending =
  | { status: 'completed' }
  | { status: 'cancelled'; reason: 'client_cancelled' | 'turn_detected' }
  | { status: 'incomplete'; reason: 'max_output_tokens' }
  | { status: 'failed'; error: { type: string; code: string; message: string } }

/** Closes what is open, in the documented order, and tells `response.done` with its usage. */
const endResponse = (draft: StepBuilder, response: ActiveResponse, ending: Ending) => {
  const closed = closeMessage(draft, response, ending.status === 'completed')
  const usage = usageOf(draft.state, closed)
  const { status, ...details } = ending
  const statusDetails: RealtimeResponseStatus = { type: status, ...details }
  const told = toldResponse(draft.state, closed, {
    status,
    usage: usage.told,
    ...(status === 'completed' ? {} : { status_details: statusDetails })
  })
  change(
    draft,
    closed.inConversation
      ? { active: null, cached: usage.input }
      : { outOfBand: draft.state.outOfBand.filter(({ id }) => id !== closed.id) }
  )
  draft.tell({ type: 'response.done', response: told })
}

const closeMessage = (
  draft: StepBuilder,
  response: ActiveResponse,
  complete: boolean
): ActiveResponse => {
  const { message } = response
  if (message === null) return response
  const place = placeOf(response, message.itemId)
  const spoken = response.modality === 'audio'
  if (spoken) {
    draft.tell({ type: 'response.output_audio.done', ...place })
    draft.tell({
      type: 'response.output_audio_transcript.done',
      ...place,
      transcript: message.text
    })
  } else draft.tell({ type: 'response.output_text.done', ...place, text: message.text })
  draft.tell({
    type: 'response.content_part.done',
    ...place,
    part: spoken
      ? { type: 'audio', transcript: message.text }
      : { type: 'text', text: message.text }
  })
  const item: RealtimeConversationItemAssistantMessage = {
    id: message.itemId,
    object: 'realtime.item',
    type: 'message',
    role: 'assistant',
    status: complete ? 'completed' : 'incomplete',
    content: [
      spoken
        ? { type: 'output_audio', transcript: message.text }
        : { type: 'output_text', text: message.text }
    ]
  }
  return finishItem(draft, response, { item, audioMs: message.audioMs, hearing: null })
}

const usageOf = (state: Conversation, response: ActiveResponse) => {
  const tools = response.request.tools ?? state.session.tools
  const instructions = response.request.instructions ?? state.session.instructions
  let input: TokenCount = {
    text: approximateTextTokens(instructions + (tools.length > 0 ? JSON.stringify(tools) : '')),
    audio: 0
  }
  for (const { item, audioMs } of response.input)
    input = addTokens(input, itemTokens(item, audioMs))
  let output = NO_TOKENS
  for (const { item, audioMs } of response.output) {
    const count = itemTokens(item, audioMs)
    // The words of a spoken answer are generated too, and counted as text.
    const transcript =
      item.type === 'message' && item.role === 'assistant'
        ? approximateTextTokens(item.content.map((part) => part.transcript ?? '').join(''))
        : 0
    output = addTokens(output, { ...count, text: count.text + transcript })
  }
  const cached = {
    text: Math.min(state.cached.text, input.text),
    audio: Math.min(state.cached.audio, input.audio)
  }
  return {
    input,
    told: {
      total_tokens: input.text + input.audio + output.text + output.audio,
      input_tokens: input.text + input.audio,
      output_tokens: output.text + output.audio,
      input_token_details: {
        text_tokens: input.text,
        audio_tokens: input.audio,
        image_tokens: 0,
        cached_tokens: cached.text + cached.audio,
        cached_tokens_details: {
          text_tokens: cached.text,
          audio_tokens: cached.audio,
          image_tokens: 0
        }
      },
      output_token_details: { text_tokens: output.text, audio_tokens: output.audio }
    }
  }
}

const cancelResponse = (
  draft: StepBuilder,
  event: Extract<ClientEvent, { type: 'response.cancel' }>
) => {
  const response =
    event.response_id === undefined
      ? draft.state.active
      : responseOf(draft.state, event.response_id)
  if (response === null)
    return refuse(
      draft,
      {
        code: 'response_cancel_not_active',
        message: 'Cancellation failed: no active response found',
        param: null
      },
      event.event_id
    )
  draft.act({ type: 'stop_generating', responseId: response.id })
  endResponse(draft, response, { status: 'cancelled', reason: 'client_cancelled' })
}

const speechStarted = (draft: StepBuilder, atMs: number) => {
  const detection = draft.state.session.audio.input.turn_detection
  if (detection === null) return
  const itemId = draft.context.newId('item')
  change(draft, { speechItemId: itemId })
  draft.tell({ type: 'input_audio_buffer.speech_started', item_id: itemId, audio_start_ms: atMs })
  if (detection.interrupt_response === false) return
  const { active } = draft.state
  if (active !== null) {
    draft.act({ type: 'stop_generating', responseId: active.id })
    endResponse(draft, active, { status: 'cancelled', reason: 'turn_detected' })
  }
  clearOutput(draft)
}

const speechStopped = (draft: StepBuilder, atMs: number) => {
  const detection = draft.state.session.audio.input.turn_detection
  const itemId = draft.state.speechItemId
  if (detection === null || itemId === null) return
  draft.tell({ type: 'input_audio_buffer.speech_stopped', item_id: itemId, audio_end_ms: atMs })
  commit(draft, undefined)
  if (detection.create_response !== false && draft.state.active === null)
    createResponse(draft, {}, undefined)
}

/** What the model is told about tools for this response. */
export const toolChoiceOf = (state: Conversation, response: ActiveResponse): ToolChoice =>
  response.request.tool_choice ?? state.session.tool_choice
