// realtime-session: may this person talk to this restaurant's handbook now? If so, mints the ephemeral key.
import { z } from 'zod'
import { admit, conversationFields } from '../_shared/admission.ts'
import type { Backend } from '../_shared/backend.ts'
import { createEndpoint } from '../_shared/endpoint.ts'
import type { Log } from '../_shared/log.ts'
import type { RateLimit } from '../_shared/rate-limit.ts'
import type { Mint } from './mint.ts'

export type SessionDependencies = {
  backend: Pick<Backend, 'verify' | 'voiceAccess'>
  /** Absent when the project has no OpenAI key. */
  mint: Mint | undefined
  rateLimit: RateLimit
  allowedOrigins: readonly string[]
  log: Log
}

export const createHandler = ({ backend, mint, ...around }: SessionDependencies) =>
  createEndpoint({
    name: 'realtime-session',
    backend,
    ...around,
    bodySchema: z.strictObject(conversationFields),
    work: async (caller, body, { requestId }) => {
      const { groupId, language } = body
      const about = { groupId, language }
      const admission = await admit(backend, caller, body)
      if (!admission.ok) return { ...admission, log: about }
      if (mint === undefined) {
        return {
          ok: false,
          refusal: { code: 'model_failed' },
          log: { ...about, cause: 'OPENAI_API_KEY is not set' }
        }
      }
      const startedMs = performance.now()
      const minted = await mint({ userId: caller.userId, requestId, asker: admission.asker })
      const mintMs = Math.round(performance.now() - startedMs)
      if (!minted.ok) {
        return {
          ok: false,
          refusal: minted.refusal,
          log: { ...about, mintMs, cause: minted.cause }
        }
      }
      const { ephemeralKey, expiresAt, model } = minted
      return {
        ok: true,
        body: { ephemeralKey, expiresAt, model, groupId, language },
        log: { ...about, mintMs, model }
      }
    }
  })
