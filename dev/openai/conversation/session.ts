// Shows and updates the session of a conversation.
import type { RealtimeServerEvent } from 'openai/resources/realtime/realtime'
import type { ClientEvent } from '../client-event-schema.ts'
import { conflictIn, updatedSession } from '../session-schema.ts'
import { change, type Draft, emit, refuse } from './draft.ts'
import type { Conversation } from './state.ts'

/** The session as the service shows it: the configuration with its identity and its expiry. */
export const sessionResource = (state: Conversation) => {
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
    // The service sends null for a feature that is off; the package's type has no null there.
  } as unknown as Extract<RealtimeServerEvent, { type: 'session.created' }>['session']
}

const differs = (given: unknown, current: unknown): boolean =>
  given !== undefined && JSON.stringify(given) !== JSON.stringify(current)

/** Refuses another voice once the model's audio was played. Returns true when it did. */
export const refuseFrozenVoice = (
  draft: Draft,
  voice: unknown,
  eventId: string | undefined
): boolean => {
  const { voiceFrozen, session } = draft.state
  if (!voiceFrozen || !differs(voice, session.audio.output.voice)) return false
  refuse(draft, eventId, {
    code: 'cannot_update_voice',
    message: "Cannot update a conversation's voice if assistant audio is present.",
    param: null
  })
  return true
}

export const updateSession = (
  draft: Draft,
  event: Extract<ClientEvent, { type: 'session.update' }>
) => {
  const { session } = draft.state
  const { model, audio, tracing } = event.session
  if (differs(model, session.model))
    return refuse(draft, event.event_id, {
      code: 'invalid_value',
      message: `The model of a session cannot be changed. It is '${session.model}'.`,
      param: 'session.model'
    })
  if (refuseFrozenVoice(draft, audio?.output?.voice, event.event_id)) return
  if (session.tracing !== null && differs(tracing, session.tracing))
    return refuse(draft, event.event_id, {
      code: 'invalid_value',
      message: 'Tracing cannot be changed once it is on.',
      param: 'session.tracing'
    })
  const updated = updatedSession(session, event.session)
  const conflict = conflictIn(updated)
  if (conflict !== null) return refuse(draft, event.event_id, conflict)
  change(draft, { session: updated })
  emit(draft, { type: 'session.updated', session: sessionResource(draft.state) })
}
