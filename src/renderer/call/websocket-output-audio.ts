// Plays the answers of a WebSocket call, and emits the `output_audio_buffer.*` events that WebRTC would bring. Only this
// side knows how much of an answer was played.
import { z } from 'zod'
import type { FlushedSegment, Player, PlayerEvent } from '../audio/player.ts'
import { PLAYER_RATE_HZ } from '../audio/player-buffer.ts'

const place = {
  response_id: z.string().min(1),
  item_id: z.string().min(1),
  content_index: z.int().min(0)
}
const responseEnd = z.object({ response: z.object({ id: z.string().min(1) }) })
const schemas = {
  'response.output_audio.delta': z.object({ ...place, delta: z.string() }),
  'response.output_audio.done': z.object(place),
  'response.done': responseEnd
}
type AudioEvent =
  | { type: 'delta'; place: Place; samples: Int16Array<ArrayBuffer> }
  | { type: 'audio_done'; place: Place }
  | { type: 'response_done'; responseId: string }

/** The content part that a segment of audio belongs to. */
type Place = { responseId: string; itemId: string; contentIndex: number }

/** PCM16, little-endian like every machine that runs Chromium. Drops half a sample at the end. */
export const samplesFrom = (base64: string): Int16Array<ArrayBuffer> => {
  const binary = atob(base64)
  const bytes = new Uint8Array(binary.length - (binary.length % 2))
  for (let at = 0; at < bytes.length; at++) bytes[at] = binary.charCodeAt(at)
  return new Int16Array(bytes.buffer)
}

const placeOf = (event: z.output<(typeof schemas)['response.output_audio.done']>): Place => ({
  responseId: event.response_id,
  itemId: event.item_id,
  contentIndex: event.content_index
})

/** Searched for in the text, because most messages need no parsing here. */
const NAMES = Object.keys(schemas)

/** null for a message without audio, or an unreadable one. */
const readAudioEvent = (text: string): AudioEvent | null => {
  if (!NAMES.some((name) => text.includes(`"${name}"`))) return null
  try {
    const data: unknown = JSON.parse(text)
    const type: unknown =
      typeof data === 'object' && data !== null ? Reflect.get(data, 'type') : null
    switch (type) {
      case 'response.output_audio.delta': {
        const event = schemas[type].parse(data)
        return { type: 'delta', place: placeOf(event), samples: samplesFrom(event.delta) }
      }
      case 'response.output_audio.done':
        return { type: 'audio_done', place: placeOf(schemas[type].parse(data)) }
      case 'response.done':
        return { type: 'response_done', responseId: schemas[type].parse(data).response.id }
      default:
        return null
    }
  } catch {
    // The conversation reads every message too, and logs an unreadable one.
    return null
  }
}

export type Truncation = { itemId: string; contentIndex: number; audioEndMs: number }

export type OutputAudioPorts = {
  player: Pick<Player, 'push' | 'end' | 'flush'>
  emit: (event: { type: OutputEventName; response_id: string }) => void
}
export type OutputEventName =
  | 'output_audio_buffer.started'
  | 'output_audio_buffer.stopped'
  | 'output_audio_buffer.cleared'

export type OutputAudio = {
  /** Takes one message of the model. True for audio, which no other part needs. */
  receive: (text: string) => boolean
  played: (event: PlayerEvent) => void
  /** Drops all audio, and what still arrives of its responses. */
  clear: () => Promise<readonly Truncation[]>
  deltas: () => number
}

type Segment = Place & {
  id: number
  isDrained: boolean
}
type Response = {
  hasStarted: boolean
  isDone: boolean
}

/** Cut responses whose audio may still arrive; few cancels are in flight at once. */
const REMEMBERED_CUTS = 16

export const createOutputAudio = ({ player, emit }: OutputAudioPorts): OutputAudio => {
  /** In playing order. Removed when their response has ended. */
  let segments: Segment[] = []
  const responses = new Map<string, Response>()
  const cut = new Set<string>()
  let lastSegment = 0
  let deltas = 0

  const find = (wanted: Place): Segment | undefined =>
    segments.find(
      ({ itemId, contentIndex }) => itemId === wanted.itemId && contentIndex === wanted.contentIndex
    )

  const segmentAt = (wanted: Place): Segment => {
    const known = find(wanted)
    if (known !== undefined) return known
    lastSegment += 1
    const segment = { ...wanted, id: lastSegment, isDrained: false }
    segments.push(segment)
    if (!responses.has(wanted.responseId)) {
      responses.set(wanted.responseId, { hasStarted: false, isDone: false })
    }
    return segment
  }

  /** A response may have several items, so it stops after `response.done` only. */
  const stopIfOver = (responseId: string) => {
    const response = responses.get(responseId)
    const isPlaying = segments.some(
      (segment) => segment.responseId === responseId && !segment.isDrained
    )
    if (response === undefined || !response.isDone || isPlaying) return
    segments = segments.filter((segment) => segment.responseId !== responseId)
    responses.delete(responseId)
    if (response.hasStarted) emit({ type: 'output_audio_buffer.stopped', response_id: responseId })
  }

  const rememberCut = (responseId: string) => {
    cut.add(responseId)
    for (const oldest of cut) {
      if (cut.size <= REMEMBERED_CUTS) break
      cut.delete(oldest)
    }
  }

  return {
    receive: (text) => {
      const event = readAudioEvent(text)
      if (event === null) return false
      switch (event.type) {
        case 'delta':
          deltas += 1
          if (!cut.has(event.place.responseId)) {
            player.push(segmentAt(event.place).id, event.samples)
          }
          return true
        case 'audio_done': {
          const segment = find(event.place)
          if (segment !== undefined) player.end(segment.id)
          return false
        }
        case 'response_done': {
          cut.delete(event.responseId)
          const response = responses.get(event.responseId)
          if (response === undefined) return false
          response.isDone = true
          for (const segment of segments) {
            if (segment.responseId === event.responseId) player.end(segment.id)
          }
          stopIfOver(event.responseId)
          return false
        }
        default:
          return event satisfies never
      }
    },
    played: ({ kind, segment: id }) => {
      const segment = segments.find((other) => other.id === id)
      if (segment === undefined) return
      const { responseId } = segment
      switch (kind) {
        case 'started': {
          const response = responses.get(responseId)
          if (response === undefined || response.hasStarted) return
          response.hasStarted = true
          emit({ type: 'output_audio_buffer.started', response_id: responseId })
          return
        }
        case 'drained':
          segment.isDrained = true
          stopIfOver(responseId)
          return
        default:
          kind satisfies never
      }
    },
    clear: async () => {
      const dropped = segments
      const cleared = [...responses]
      segments = []
      responses.clear()
      for (const [responseId, { isDone }] of cleared) if (!isDone) rememberCut(responseId)
      const cuts = await player.flush()
      for (const [responseId] of cleared) {
        emit({ type: 'output_audio_buffer.cleared', response_id: responseId })
      }
      return truncationsOf(dropped, cuts)
    },
    deltas: () => deltas
  }
}

/** The whole milliseconds played of each item that was cut. */
const truncationsOf = (
  segments: readonly Segment[],
  cuts: readonly FlushedSegment[]
): Truncation[] =>
  cuts.flatMap(({ segment: id, playedSamples }) => {
    const segment = segments.find((other) => other.id === id)
    if (segment === undefined) return []
    // Rounded down: the service rejects more than the item's length.
    const audioEndMs = Math.floor((playedSamples * 1000) / PLAYER_RATE_HZ)
    return [{ itemId: segment.itemId, contentIndex: segment.contentIndex, audioEndMs }]
  })
