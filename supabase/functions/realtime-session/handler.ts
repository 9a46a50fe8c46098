// Handles realtime-session: admits a member and mints the session's ephemeral key.
import { z } from 'zod'
import { admit, conversationFields } from '../_shared/admission.ts'
import type { Backend } from '../_shared/backend.ts'
import { createEndpoint, type EndpointSettings } from '../_shared/endpoint.ts'
import { NO_OPENAI_KEY } from '../_shared/openai.ts'
import type { Mint } from './mint.ts'

type SessionDependencies = EndpointSettings & {
  backend: Pick<Backend, 'verify' | 'voiceAccess'>
  /** Undefined without an OpenAI key. */
  mint: Mint | undefined
}

export const createHandler = ({ backend, mint, ...settings }: SessionDependencies) =>
  createEndpoint({
    name: 'realtime-session',
    backend,
    ...settings,
    bodySchema: z.strictObject(conversationFields),
    work: async (caller, body, { requestId }) => {
      const { groupId, language } = body
      const about = { groupId, language }
      const admission = await admit(backend, caller, body)
      if (!admission.ok) return { ...admission, log: about }
      const startedMs = performance.now()
      const minted =
        (await mint?.({ userId: caller.userId, requestId, asker: admission.value })) ??
        NO_OPENAI_KEY
      const mintMs = Math.round(performance.now() - startedMs)
      if (!minted.ok) {
        const { refusal, cause } = minted
        return { ok: false, refusal, log: { ...about, mintMs, cause } }
      }
      const { ephemeralKey, expiresAt, model } = minted
      return {
        ok: true,
        body: { ephemeralKey, expiresAt, model, groupId, language },
        log: { ...about, mintMs, model }
      }
    }
  })
