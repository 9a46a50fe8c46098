// Answers `response.create` and `response.cancel`.
import type { ClientEvent, ResponseRequest } from '../client-event-schema.ts'
import { change, type Draft, emit, refuse, request } from './draft.ts'
import { storedItem } from './items.ts'
import { endResponse, responseResource } from './responses.ts'
import { refuseFrozenVoice } from './session.ts'
import { type ActiveResponse, findResponse } from './state.ts'

/** No test reaches these limits: clients read their shape only. */
const RATE_LIMITS = [
  { name: 'requests', limit: 5_000, remaining: 4_999, reset_seconds: 0.012 },
  { name: 'tokens', limit: 400_000, remaining: 395_904, reset_seconds: 0.614 }
] as const

export const createResponse = (
  draft: Draft,
  given: ResponseRequest,
  eventId: string | undefined
) => {
  const { active, session, items } = draft.state
  const { newId } = draft.context
  const inConversation = given.conversation !== 'none'
  if (inConversation && active !== null)
    return refuse(draft, eventId, {
      code: 'conversation_already_has_active_response',
      message: `Conversation already has an active response in progress: ${active.id}. Wait until the response is finished before creating a new one.`,
      param: null
    })
  if (refuseFrozenVoice(draft, given.audio?.output?.voice, eventId)) return
  const choice = given.tool_choice
  const tools = given.tools ?? session.tools
  if (typeof choice === 'object' && !tools.some(({ name }) => name === choice.name))
    return refuse(draft, eventId, {
      code: 'invalid_value',
      message: `Tool choice '${choice.name}' not found in 'tools'.`,
      param: 'response.tool_choice'
    })
  const response: ActiveResponse = {
    id: newId('resp'),
    inConversation,
    modality: (given.output_modalities ?? session.output_modalities)[0] ?? 'audio',
    request: given,
    input: given.input?.map((item) => storedItem(draft, item, item.id ?? newId('item'))) ?? items,
    output: [],
    message: null
  }
  if (inConversation) change(draft, { active: response })
  else change(draft, { outOfBand: [...draft.state.outOfBand, response] })
  emit(draft, { type: 'response.created', response: responseResource(draft.state, response, {}) })
  emit(draft, {
    type: 'rate_limits.updated',
    rate_limits: RATE_LIMITS.map((limit) => ({ ...limit }))
  })
  request(draft, { type: 'generate', responseId: response.id })
}

export const cancelResponse = (
  draft: Draft,
  event: Extract<ClientEvent, { type: 'response.cancel' }>
) => {
  const response =
    event.response_id === undefined
      ? draft.state.active
      : findResponse(draft.state, event.response_id)
  if (response === null || response === undefined)
    return refuse(draft, event.event_id, {
      code: 'response_cancel_not_active',
      message: 'Cancellation failed: no active response found',
      param: null
    })
  request(draft, { type: 'stop_generating', responseId: response.id })
  endResponse(draft, response, { status: 'cancelled', reason: 'client_cancelled' })
}
