// realtime-call: the unified interface. A kiosk's offer goes in, the model's answer comes out, and no key of any kind
// leaves the server. The same checks as realtime-session; nothing is counted until a question is searched.
import { z } from 'zod'
import { admit, conversationFields } from '../_shared/admission.ts'
import type { Backend } from '../_shared/backend.ts'
import { createEndpoint } from '../_shared/endpoint.ts'
import type { Log } from '../_shared/log.ts'
import type { RateLimit } from '../_shared/rate-limit.ts'
import { OFFER_LIMIT_BYTES, problemOfOffer } from './offer.ts'
import type { OpenCall } from './open-call.ts'

/** JSON writes a line's end in four characters instead of two; no offer doubles by that. */
const BODY_LIMIT_BYTES = 2 * OFFER_LIMIT_BYTES + 4_096
/** As the kiosk's own contract; a stream's number on an SCTP association. */
const LAST_CHANNEL_ID = 1_023

export type CallDependencies = {
  backend: Pick<Backend, 'verify' | 'voiceAccess'>
  /** Absent when the project has no OpenAI key. */
  openCall: OpenCall | undefined
  rateLimit: RateLimit
  allowedOrigins: readonly string[]
  log: Log
}

export const createHandler = ({ backend, openCall, ...around }: CallDependencies) =>
  createEndpoint({
    name: 'realtime-call',
    backend,
    ...around,
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
      const admission = await admit(backend, caller, body)
      if (!admission.ok) return { ...admission, log: about }
      if (openCall === undefined) {
        return {
          ok: false,
          refusal: { code: 'model_failed' },
          log: { ...about, cause: 'OPENAI_API_KEY is not set' }
        }
      }
      const startedMs = performance.now()
      const opened = await openCall({
        userId: caller.userId,
        requestId,
        asker: admission.asker,
        sdp,
        channelId,
        signal
      })
      const callMs = Math.round(performance.now() - startedMs)
      if (!opened.ok) {
        return {
          ok: false,
          refusal: opened.refusal,
          log: { ...about, callMs, cause: opened.cause }
        }
      }
      const { callId, model } = opened
      return {
        ok: true,
        body: { sdp: opened.sdp, callId, model },
        log: { ...about, callMs, callId, model }
      }
    }
  })
