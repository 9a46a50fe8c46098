// Begins and commits turns under server voice activity detection.
import { change, type Draft, emit, request } from './draft.ts'
import { commitAudio } from './input-audio.ts'
import { clearOutput } from './output-audio.ts'
import { createResponse } from './response-requests.ts'
import { endResponse } from './responses.ts'

export const speechStarted = (draft: Draft, atMs: number) => {
  const detection = draft.state.session.audio.input.turn_detection
  if (detection === null) return
  const itemId = draft.context.newId('item')
  change(draft, { speechItemId: itemId })
  emit(draft, {
    type: 'input_audio_buffer.speech_started',
    item_id: itemId,
    audio_start_ms: atMs
  })
  if (detection.interrupt_response === false) return
  const { active } = draft.state
  if (active !== null) {
    request(draft, { type: 'stop_generating', responseId: active.id })
    endResponse(draft, active, { status: 'cancelled', reason: 'turn_detected' })
  }
  clearOutput(draft)
}

export const speechStopped = (draft: Draft, atMs: number) => {
  const detection = draft.state.session.audio.input.turn_detection
  const itemId = draft.state.speechItemId
  if (detection === null || itemId === null) return
  emit(draft, { type: 'input_audio_buffer.speech_stopped', item_id: itemId, audio_end_ms: atMs })
  commitAudio(draft, undefined)
  if (detection.create_response !== false && draft.state.active === null)
    createResponse(draft, {}, undefined)
}
