// Handles realtime-session: admits a member and mints the session's ephemeral key.
import { z } from 'zod'
import { admit, conversationFields } from '../_shared/admission.ts'
import type { Backend } from '../_shared/backend.ts'
import { createEndpoint, type EndpointSettings } from '../_shared/endpoint.ts'
import { NO_OPENAI_KEY } from '../_shared/openai.ts'
import type { Mint } from './mint.ts'

/** Life of a key that opens a call at once: the offer, and a second attempt on a bad network. */
const SECONDS_NOW = 60

type SessionDependencies = EndpointSettings & {
  backend: Pick<Backend, 'verify' | 'voiceAccess'>
  /** Undefined without an OpenAI key. */
  mint: Mint | undefined
  /** Life of a key that is kept ready for a press. */
  keySeconds: number
}

export const createHandler = ({ backend, mint, keySeconds, ...settings }: SessionDependencies) =>
  createEndpoint({
    name: 'realtime-session',
    backend,
    ...settings,
    bodySchema: z.strictObject({
      ...conversationFields,
      /** `now`: a call is opened at once. `ahead`: the key waits for a press. */
      use: z.enum(['now', 'ahead']).default('now')
    }),
    work: async (caller, body, { requestId }) => {
      const { groupId, language } = body
      const seconds = body.use === 'now' ? SECONDS_NOW : keySeconds
      const about = { groupId, language, use: body.use }
      const admission = await admit(backend, caller, body, seconds)
      if (!admission.ok) return { ...admission, log: about }
      const startedMs = performance.now()
      const minted =
        (await mint?.({
          userId: caller.userId,
          requestId,
          asker: admission.value.asker,
          seconds
        })) ?? NO_OPENAI_KEY
      const mintMs = Math.round(performance.now() - startedMs)
      if (!minted.ok) {
        const { refusal, cause } = minted
        return { ok: false, refusal, log: { ...about, mintMs, cause } }
      }
      const { ephemeralKey, expiresAt, model, transcriptionModel } = minted
      const { keyId } = admission.value
      return {
        ok: true,
        body: { ephemeralKey, keyId, expiresAt, model, transcriptionModel, groupId, language },
        log: { ...about, mintMs, model }
      }
    }
  })
