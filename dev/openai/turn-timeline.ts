// What happened in each turn and when, as seen from the model's end: the last turns of all calls, for benches and
// for tests that assert order. Pure; the log at the end only holds the newest state.
import type { RealtimeServerEvent } from 'openai/resources/realtime/realtime'
import type { Input, Recognition } from './conversation-reducer.ts'
import type { Counters } from './counters.ts'
import type { BufferContents } from './input-audio-buffer.ts'

/** Turns that are kept, of all calls together. */
export const KEPT_TURNS = 64

/** Milliseconds since the epoch with fractions, monotonic within this process; browsers count the same way. */
export const wallClockMs = (): number => performance.timeOrigin + performance.now()

export type TurnResponse = {
  id: string
  /** `response.create` was received (or the end of speech, under voice activity detection). */
  createdAtMs: number
  decidedAtMs: number | null
  toolCallIds: readonly string[]
  /** The first complete tool call was written to the channel. */
  toolCallSentAtMs: number | null
  /** The output of the last of its tool calls was received. */
  toolOutputAtMs: number | null
  firstAudioSentAtMs: number | null
  /** The first packet in which a voice is; the silence before it is the voice's own. Null over a WebSocket. */
  firstSoundSentAtMs: number | null
  doneAtMs: number | null
  status: string | null
}

export type TurnTranscript = { kind: Recognition['kind'] | 'typed'; text: string }

export type Turn = {
  callId: string
  /** The last `input_audio_buffer.clear` before the commit; null for a typed turn. */
  clearedAtMs: number | null
  /** Arrival of the first RTP packet or append in the committed audio. */
  firstPacketAtMs: number | null
  /** Arrival of the first packet or append whose sound is as loud as speech. */
  firstSpeechAtMs: number | null
  /** Commit received, or a typed question. */
  commitAtMs: number
  committedItemId: string
  /** How much of the committed audio came by `input_audio_buffer.append`, and how much by RTP. */
  appendedMs: number
  rtpMs: number
  /** Both: the seam between them has no defined place, so no client should do this. */
  mixed: boolean
  heard: TurnTranscript
  responses: readonly TurnResponse[]
}

export type Timeline = {
  turns: readonly Turn[]
  /** By call: when its buffer was cleared, and the typed question that waits for its response. */
  waiting: ReadonlyMap<string, Waiting>
}

type Waiting = {
  clearedAtMs: number | null
  typed: { itemId: string; text: string; atMs: number } | null
}

export type TurnEvent = { atMs: number } & (
  | { type: 'cleared' }
  | { type: 'committed'; itemId: string; audio: BufferContents }
  | { type: 'typed'; itemId: string; text: string }
  | { type: 'heard'; itemId: string; hearing: Recognition }
  | { type: 'response_created'; responseId: string }
  | { type: 'decided'; responseId: string }
  | { type: 'tool_call_sent'; responseId: string; toolCallId: string }
  | { type: 'tool_output'; toolCallId: string }
  | { type: 'audio_sent'; responseId: string }
  | { type: 'audio_sounded'; responseId: string }
  | { type: 'response_done'; responseId: string; status: string }
  | { type: 'call_ended' }
)

export const newTimeline = (): Timeline => ({ turns: [], waiting: new Map() })

const NOTHING_WAITING: Waiting = { clearedAtMs: null, typed: null }

const withWaiting = (timeline: Timeline, callId: string, patch: Partial<Waiting>): Timeline => ({
  ...timeline,
  waiting: new Map(timeline.waiting).set(callId, {
    ...(timeline.waiting.get(callId) ?? NOTHING_WAITING),
    ...patch
  })
})

const withTurn = (timeline: Timeline, turn: Turn): Timeline => ({
  ...timeline,
  turns: [...timeline.turns, turn].slice(-KEPT_TURNS)
})

const withResponse = (
  timeline: Timeline,
  isMeant: (response: TurnResponse) => boolean,
  changed: (response: TurnResponse) => TurnResponse
): Timeline => ({
  ...timeline,
  turns: timeline.turns.map((turn) =>
    turn.responses.some(isMeant)
      ? {
          ...turn,
          responses: turn.responses.map((response) =>
            isMeant(response) ? changed(response) : response
          )
        }
      : turn
  )
})

const turnTranscript = (hearing: Recognition): TurnTranscript => ({
  kind: hearing.kind,
  text: hearing.kind === 'heard' ? hearing.text : ''
})

const committed = (
  timeline: Timeline,
  callId: string,
  { atMs, itemId, audio }: Extract<TurnEvent, { type: 'committed' }>
): Timeline => {
  const turn: Turn = {
    callId,
    clearedAtMs: timeline.waiting.get(callId)?.clearedAtMs ?? null,
    ...audio,
    commitAtMs: atMs,
    committedItemId: itemId,
    mixed: isMixed(audio),
    heard: { kind: 'pending', text: '' },
    responses: []
  }
  return withTurn(withWaiting(timeline, callId, NOTHING_WAITING), turn)
}

/** A typed question becomes a turn when it is to be answered: replayed history never is. */
const typedTurn = (timeline: Timeline, callId: string): Timeline => {
  const typed = timeline.waiting.get(callId)?.typed ?? null
  if (typed === null) return timeline
  return withTurn(withWaiting(timeline, callId, { typed: null }), {
    callId,
    clearedAtMs: null,
    firstPacketAtMs: null,
    firstSpeechAtMs: null,
    commitAtMs: typed.atMs,
    committedItemId: typed.itemId,
    appendedMs: 0,
    rtpMs: 0,
    mixed: false,
    heard: { kind: 'typed', text: typed.text },
    responses: []
  })
}

const responseCreated = (
  timeline: Timeline,
  callId: string,
  { atMs, responseId }: Extract<TurnEvent, { type: 'response_created' }>
): Timeline => {
  const withTyped = typedTurn(timeline, callId)
  const latest = withTyped.turns.findLast((turn) => turn.callId === callId)
  const response: TurnResponse = {
    id: responseId,
    createdAtMs: atMs,
    decidedAtMs: null,
    toolCallIds: [],
    toolCallSentAtMs: null,
    toolOutputAtMs: null,
    firstAudioSentAtMs: null,
    firstSoundSentAtMs: null,
    doneAtMs: null,
    status: null
  }
  return {
    ...withTyped,
    turns: withTyped.turns.map((turn) =>
      turn === latest ? { ...turn, responses: [...turn.responses, response] } : turn
    )
  }
}

/** One thing that happened in a call. */
export const noted = (timeline: Timeline, callId: string, event: TurnEvent): Timeline => {
  const { atMs } = event
  switch (event.type) {
    case 'cleared':
      return withWaiting(timeline, callId, { clearedAtMs: atMs })
    case 'committed':
      return committed(timeline, callId, event)
    case 'typed':
      return withWaiting(timeline, callId, {
        typed: { itemId: event.itemId, text: event.text, atMs }
      })
    case 'heard':
      return {
        ...timeline,
        turns: timeline.turns.map((turn) =>
          turn.committedItemId === event.itemId
            ? { ...turn, heard: turnTranscript(event.hearing) }
            : turn
        )
      }
    case 'response_created':
      return responseCreated(timeline, callId, event)
    case 'decided':
      return withResponse(
        timeline,
        ({ id }) => id === event.responseId,
        (response) => ({ ...response, decidedAtMs: response.decidedAtMs ?? atMs })
      )
    case 'tool_call_sent':
      return withResponse(
        timeline,
        ({ id }) => id === event.responseId,
        (response) => ({
          ...response,
          toolCallIds: [...response.toolCallIds, event.toolCallId],
          toolCallSentAtMs: response.toolCallSentAtMs ?? atMs
        })
      )
    case 'tool_output':
      return withResponse(
        timeline,
        ({ toolCallIds }) => toolCallIds.includes(event.toolCallId),
        (response) => ({ ...response, toolOutputAtMs: atMs })
      )
    case 'audio_sent':
      return withResponse(
        timeline,
        ({ id }) => id === event.responseId,
        (response) => ({ ...response, firstAudioSentAtMs: response.firstAudioSentAtMs ?? atMs })
      )
    case 'audio_sounded':
      return withResponse(
        timeline,
        ({ id }) => id === event.responseId,
        (response) => ({ ...response, firstSoundSentAtMs: response.firstSoundSentAtMs ?? atMs })
      )
    case 'response_done':
      return withResponse(
        timeline,
        ({ id }) => id === event.responseId,
        (response) => ({ ...response, doneAtMs: atMs, status: event.status })
      )
    case 'call_ended': {
      const waiting = new Map(timeline.waiting)
      waiting.delete(callId)
      return { ...timeline, waiting }
    }
    default:
      return unreachable(event)
  }
}

const unreachable = (value: never): never => {
  throw new Error(`Unhandled: ${JSON.stringify(value)}`)
}

const isMixed = ({ appendedMs, rtpMs }: BufferContents): boolean => appendedMs > 0 && rtpMs > 0

type StepTimes = {
  /** When the input came. */
  receivedAtMs: number
  /** When what it led to had been written. */
  sentAtMs: number
}

/**
 * What one step of a conversation says about its turns.
 * @param told the server events the step led to. @param contents of the input buffer before the step's effects.
 */
export const turnEvents = (
  input: Input,
  told: readonly RealtimeServerEvent[],
  { receivedAtMs, sentAtMs }: StepTimes,
  contents: () => BufferContents
): TurnEvent[] => {
  const events: TurnEvent[] = []
  if (input.type === 'decided')
    events.push({ type: 'decided', atMs: receivedAtMs, responseId: input.responseId })
  if (input.type === 'playback_started')
    events.push({ type: 'audio_sent', atMs: receivedAtMs, responseId: input.responseId })
  for (const event of told) {
    const found = turnEventOf(event, { receivedAtMs, sentAtMs }, contents)
    if (found !== null) events.push(found)
  }
  return events
}

const turnEventOf = (
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
  return text === '' ? null : { type: 'typed', atMs, itemId: item.id ?? '', text }
}

export type TurnLog = {
  note: (callId: string, event: TurnEvent) => void
  turns: () => readonly Turn[]
}

/** Keeps the timeline of the whole stand-in, and its sums in `counters`. */
export const createTurnLog = (counters: Counters): TurnLog => {
  let timeline = newTimeline()
  return {
    note: (callId, event) => {
      timeline = noted(timeline, callId, event)
      if (event.type !== 'committed') return
      if (event.audio.appendedMs > 0) counters.appendedCommits += 1
      if (isMixed(event.audio)) counters.mixedTurns += 1
    },
    turns: () => timeline.turns
  }
}
