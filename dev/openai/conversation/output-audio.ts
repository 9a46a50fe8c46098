// Follows the output audio buffer of a WebRTC call: its start, its end and its clearing.
import { change, type Draft, emit, request } from './draft.ts'
import { cutAnswer } from './items.ts'
import { findItem, isInOutputBuffer, lengthOfAnswer } from './state.ts'

export const playbackStarted = (draft: Draft, responseId: string) => {
  if (!isInOutputBuffer(draft.state, responseId)) return
  change(draft, { voiceFrozen: true })
  emit(draft, { type: 'output_audio_buffer.started', response_id: responseId })
}

export const playbackDrained = (draft: Draft, responseId: string) => {
  if (!isInOutputBuffer(draft.state, responseId)) return
  change(draft, {
    output: draft.state.output.filter((queued) => queued.responseId !== responseId)
  })
  emit(draft, { type: 'output_audio_buffer.stopped', response_id: responseId })
}

export const clearOutput = (draft: Draft) => {
  const { output } = draft.state
  const playing = output[0]
  // The event names a response, and an empty buffer has none.
  if (playing === undefined) return
  request(draft, { type: 'stop_playing' })
  change(draft, { output: [] })
  for (const responseId of new Set(output.map((queued) => queued.responseId)))
    emit(draft, { type: 'output_audio_buffer.cleared', response_id: responseId })
  // The items of the playing response were played one after the other.
  let playedMs = draft.context.playedMs
  for (const { responseId, itemId } of output) {
    const isPlaying = responseId === playing.responseId
    const endMs = isPlaying ? Math.min(playedMs, lengthOfAnswer(draft.state, itemId)) : 0
    playedMs -= endMs
    truncatePlayed(draft, itemId, endMs)
  }
}

/** A clear truncates the conversation too, unlike a clear of a WebSocket's client. */
const truncatePlayed = (draft: Draft, itemId: string, endMs: number) => {
  cutAnswer(draft, itemId, endMs)
  if (findItem(draft.state, itemId) === undefined) return
  emit(draft, {
    type: 'conversation.item.truncated',
    item_id: itemId,
    content_index: 0,
    audio_end_ms: Math.floor(endMs)
  })
}
