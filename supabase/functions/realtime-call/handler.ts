// Handles realtime-call: admits a member, posts the kiosk's offer to the model and returns the answer. No key leaves
// the server.
import { z } from 'zod'
import { admit, conversationFields } from '../_shared/admission.ts'
import type { Backend } from '../_shared/backend.ts'
import { createEndpoint, type EndpointSettings } from '../_shared/endpoint.ts'
import { NO_OPENAI_KEY } from '../_shared/openai.ts'
import { OFFER_LIMIT_BYTES, problemOfOffer } from './offer.ts'
import type { OpenCall } from './open-call.ts'

/** JSON writes a line end in four characters instead of two. */
const BODY_LIMIT_BYTES = 2 * OFFER_LIMIT_BYTES + 4_096
/** A stream's number on an SCTP association; the kiosk's contract has the same limit. */
const LAST_CHANNEL_ID = 1_023

type CallDependencies = EndpointSettings & {
  backend: Pick<Backend, 'verify' | 'voiceAccess'>
  /** Undefined without an OpenAI key. */
  openCall: OpenCall | undefined
}

export const createHandler = ({ backend, openCall, ...settings }: CallDependencies) =>
  createEndpoint({
    name: 'realtime-call',
    backend,
    ...settings,
    bodyLimitBytes: BODY_LIMIT_BYTES,
    bodySchema: z.strictObject({
      ...conversationFields,
      sdp: z.string(),
      channelId: z.int().min(0).max(LAST_CHANNEL_ID).optional()
    }),
    work: async (caller, body, { requestId, signal }) => {
      const { groupId, language, sdp, channelId } = body
      const about = { groupId, language }
      const problem = problemOfOffer(sdp)
      if (problem !== null) {
        return { ok: false, refusal: { code: 'invalid_offer', problem }, log: about }
      }
      const admission = await admit(backend, caller, body, 0)
      if (!admission.ok) return { ...admission, log: about }
      const startedMs = performance.now()
      const opened =
        (await openCall?.({
          userId: caller.userId,
          requestId,
          asker: admission.value.asker,
          sdp,
          channelId,
          signal
        })) ?? NO_OPENAI_KEY
      const callMs = Math.round(performance.now() - startedMs)
      if (!opened.ok) {
        const { refusal, cause } = opened
        return { ok: false, refusal, log: { ...about, callMs, cause } }
      }
      const { callId, model } = opened
      return {
        ok: true,
        body: { sdp: opened.sdp, callId, model },
        log: { ...about, callMs, callId, model }
      }
    }
  })
