// Follows the output audio buffer of a WebRTC call: its start, its end and its clearing.
import { change, type Draft, emit, request } from './draft.ts'
import { cutAnswer } from './items.ts'
import { isInOutputBuffer } from './state.ts'

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
  for (const { itemId } of output)
    cutAnswer(draft, itemId, itemId === playing.itemId ? draft.context.playedMs : 0)
  for (const { responseId } of output)
    emit(draft, { type: 'output_audio_buffer.cleared', response_id: responseId })
}
