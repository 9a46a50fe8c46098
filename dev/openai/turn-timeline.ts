// Reduces the events of all calls to the times of their last turns, as the model sees them.
import type { Recognition } from './conversation/state.ts'
import type { Counters } from './counters.ts'
import type { BufferContents } from './input-audio-buffer.ts'

/** Turns in the timeline, of all calls together. */
export const STORED_TURNS = 64

/** Milliseconds since the epoch with fractions, monotonic within this process, as `performance` counts in browsers. */
export const wallClockMs = (): number => performance.timeOrigin + performance.now()

export type TurnResponse = {
  id: string
  /** Arrival of `response.create`, or the end of speech under voice activity detection. */
  createdAtMs: number
  decidedAtMs: number | null
  toolCallIds: readonly string[]
  /** The first complete tool call was written to the channel. */
  toolCallSentAtMs: number | null
  /** Arrival of the output of its last tool call. */
  toolOutputAtMs: number | null
  firstAudioSentAtMs: number | null
  /** The first packet with a voice in it, after the voice's own silence. Null over a WebSocket. */
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
  /** Arrival of the first and the last packet or append that is as loud as speech. */
  firstSpeechAtMs: number | null
  lastSpeechAtMs: number | null
  /** Arrival of the commit or of a typed question. */
  commitAtMs: number
  committedItemId: string
  /** Length of the committed audio that came by `input_audio_buffer.append`, and by RTP. */
  appendedMs: number
  rtpMs: number
  /** Both: no client should do this, since the order of the two is undefined. */
  mixed: boolean
  transcript: TurnTranscript
  responses: readonly TurnResponse[]
}

type Waiting = {
  clearedAtMs: number | null
  typed: { itemId: string; text: string; atMs: number } | null
}

export type Timeline = {
  turns: readonly Turn[]
  /** By call: the last clear, and the typed question that waits for its response. */
  waiting: ReadonlyMap<string, Waiting>
}

export type TurnEvent = { atMs: number } & (
  | { type: 'cleared' }
  | { type: 'committed'; itemId: string; audio: BufferContents }
  | { type: 'typed'; itemId: string; text: string }
  | { type: 'recognised'; itemId: string; recognition: Recognition }
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

const NO_AUDIO: BufferContents = {
  appendedMs: 0,
  rtpMs: 0,
  firstPacketAtMs: null,
  firstSpeechAtMs: null,
  lastSpeechAtMs: null
}

const withWaiting = (timeline: Timeline, callId: string, patch: Partial<Waiting>): Timeline => ({
  ...timeline,
  waiting: new Map(timeline.waiting).set(callId, {
    ...(timeline.waiting.get(callId) ?? NOTHING_WAITING),
    ...patch
  })
})

const withTurn = (timeline: Timeline, turn: Turn): Timeline => ({
  ...timeline,
  turns: [...timeline.turns, turn].slice(-STORED_TURNS)
})

const withResponse = (
  timeline: Timeline,
  isMeant: (response: TurnResponse) => boolean,
  patchOf: (response: TurnResponse) => Partial<TurnResponse>
): Timeline => ({
  ...timeline,
  turns: timeline.turns.map((turn) =>
    turn.responses.some(isMeant)
      ? {
          ...turn,
          responses: turn.responses.map((response) =>
            isMeant(response) ? { ...response, ...patchOf(response) } : response
          )
        }
      : turn
  )
})

const committed = (
  timeline: Timeline,
  callId: string,
  { atMs, itemId, audio }: Extract<TurnEvent, { type: 'committed' }>
): Timeline =>
  withTurn(withWaiting(timeline, callId, NOTHING_WAITING), {
    callId,
    clearedAtMs: timeline.waiting.get(callId)?.clearedAtMs ?? null,
    ...audio,
    commitAtMs: atMs,
    committedItemId: itemId,
    mixed: isMixed(audio),
    transcript: { kind: 'pending', text: '' },
    responses: []
  })

/** A typed question becomes a turn with its response; replayed history gets none. */
const typedTurn = (timeline: Timeline, callId: string): Timeline => {
  const typed = timeline.waiting.get(callId)?.typed ?? null
  if (typed === null) return timeline
  return withTurn(withWaiting(timeline, callId, { typed: null }), {
    callId,
    clearedAtMs: null,
    ...NO_AUDIO,
    commitAtMs: typed.atMs,
    committedItemId: typed.itemId,
    mixed: false,
    transcript: { kind: 'typed', text: typed.text },
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

/** Adds one event of a call. */
export const withEvent = (timeline: Timeline, callId: string, event: TurnEvent): Timeline => {
  const { atMs } = event
  const patchResponse = (
    responseId: string,
    patchOf: (response: TurnResponse) => Partial<TurnResponse>
  ): Timeline => withResponse(timeline, ({ id }) => id === responseId, patchOf)
  const noteFirst = (
    responseId: string,
    time: 'decidedAtMs' | 'firstAudioSentAtMs' | 'firstSoundSentAtMs'
  ): Timeline => patchResponse(responseId, ({ [time]: known }) => ({ [time]: known ?? atMs }))
  switch (event.type) {
    case 'cleared':
      return withWaiting(timeline, callId, { clearedAtMs: atMs })
    case 'committed':
      return committed(timeline, callId, event)
    case 'typed':
      return withWaiting(timeline, callId, {
        typed: { itemId: event.itemId, text: event.text, atMs }
      })
    case 'recognised': {
      const { itemId, recognition } = event
      const text = recognition.kind === 'recognised' ? recognition.text : ''
      const transcript = { kind: recognition.kind, text }
      return {
        ...timeline,
        turns: timeline.turns.map((turn) =>
          turn.committedItemId === itemId ? { ...turn, transcript } : turn
        )
      }
    }
    case 'response_created':
      return responseCreated(timeline, callId, event)
    case 'decided':
      return noteFirst(event.responseId, 'decidedAtMs')
    case 'tool_call_sent':
      return patchResponse(event.responseId, ({ toolCallIds, toolCallSentAtMs }) => ({
        toolCallIds: [...toolCallIds, event.toolCallId],
        toolCallSentAtMs: toolCallSentAtMs ?? atMs
      }))
    case 'tool_output':
      return withResponse(
        timeline,
        ({ toolCallIds }) => toolCallIds.includes(event.toolCallId),
        () => ({ toolOutputAtMs: atMs })
      )
    case 'audio_sent':
      return noteFirst(event.responseId, 'firstAudioSentAtMs')
    case 'audio_sounded':
      return noteFirst(event.responseId, 'firstSoundSentAtMs')
    case 'response_done':
      return patchResponse(event.responseId, () => ({ doneAtMs: atMs, status: event.status }))
    case 'call_ended': {
      const waiting = new Map(timeline.waiting)
      waiting.delete(callId)
      return { ...timeline, waiting }
    }
    default:
      return event satisfies never
  }
}

const isMixed = ({ appendedMs, rtpMs }: BufferContents): boolean => appendedMs > 0 && rtpMs > 0

/** Holds the newest timeline and its sums in `counters`. */
export const createTurnLog = (counters: Counters) => {
  let timeline = newTimeline()
  return {
    note: (callId: string, event: TurnEvent): void => {
      timeline = withEvent(timeline, callId, event)
      if (event.type !== 'committed') return
      if (event.audio.appendedMs > 0) counters.appendedCommits += 1
      if (isMixed(event.audio)) counters.mixedTurns += 1
    },
    turns: () => timeline.turns
  }
}
export type TurnLog = ReturnType<typeof createTurnLog>
