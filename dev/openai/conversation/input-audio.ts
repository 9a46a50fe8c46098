// Appends to, clears and commits the input audio buffer.
import type { ClientEvent } from '../client-event-schema.ts'
import { addItem, change, type Draft, emit, refuse, request } from './draft.ts'
import { lastItemId } from './state.ts'

/** Below this length a commit is `input_audio_buffer_commit_empty`. */
const SHORTEST_COMMIT_MS = 100

/**
 * The transcript of audio that is not transcribed yet is null. Clients that check events against the documents throw
 * without it; the package's type has no null there.
 */
const UNTRANSCRIBED = { type: 'input_audio', transcript: null } as unknown as {
  type: 'input_audio'
}

export const appendAudio = (
  draft: Draft,
  event: Extract<ClientEvent, { type: 'input_audio_buffer.append' }>
) => {
  if (draft.state.session.audio.input.format.type !== 'audio/pcm')
    return refuse(draft, event.event_id, {
      code: 'invalid_value',
      message: 'This stand-in takes appended audio as audio/pcm at 24000 Hz only.',
      param: 'audio'
    })
  request(draft, { type: 'append_audio', base64: event.audio })
}

export const clearAudio = (draft: Draft) => {
  change(draft, { partialTranscript: null })
  request(draft, { type: 'drop_audio' })
  emit(draft, { type: 'input_audio_buffer.cleared' })
}

export const commitAudio = (draft: Draft, eventId: string | undefined) => {
  const { bufferedMs, newId } = draft.context
  if (bufferedMs < SHORTEST_COMMIT_MS)
    return refuse(draft, eventId, {
      code: 'input_audio_buffer_commit_empty',
      message: `Error committing input audio buffer: buffer too small. Expected at least ${SHORTEST_COMMIT_MS}ms of audio, but buffer only has ${bufferedMs.toFixed(2)}ms of audio.`,
      param: null
    })
  const { speechItemId, partialTranscript } = draft.state
  const itemId = speechItemId ?? partialTranscript?.itemId ?? newId('item')
  const previous = lastItemId(draft.state)
  change(draft, { speechItemId: null, partialTranscript: null })
  emit(draft, {
    type: 'input_audio_buffer.committed',
    item_id: itemId,
    previous_item_id: previous
  })
  request(draft, { type: 'take_audio', itemId })
  addItem(
    draft,
    {
      item: {
        id: itemId,
        object: 'realtime.item',
        type: 'message',
        role: 'user',
        status: 'completed',
        content: [{ ...UNTRANSCRIBED }]
      },
      audioMs: bufferedMs,
      recognition: { kind: 'pending' },
      ...(partialTranscript === null ? {} : { partialTranscript: partialTranscript.text })
    },
    previous
  )
}
