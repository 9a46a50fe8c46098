// realtime-session: may this person talk to this restaurant's handbook now? If so, mints the ephemeral key.
// Nothing is counted here: a question is, when it is searched.
import { z } from 'zod'
import type { Backend } from '../_shared/backend.ts'
import { createEndpoint } from '../_shared/endpoint.ts'
import { languageSchema } from '../_shared/language.ts'
import type { Log } from '../_shared/log.ts'
import type { Refusal } from '../_shared/refusals.ts'
import type { Mint } from './mint.ts'

const bodySchema = z.strictObject({ groupId: z.uuid(), language: languageSchema })

export type SessionDependencies = {
  backend: Pick<Backend, 'verify' | 'voiceAccess'>
  /** Absent when the project has no OpenAI key. */
  mint: Mint | undefined
  allowedOrigins: readonly string[]
  log: Log
}

export const createHandler = ({ backend, mint, allowedOrigins, log }: SessionDependencies) =>
  createEndpoint({
    name: 'realtime-session',
    allowedOrigins,
    backend,
    log,
    bodySchema,
    work: async (caller, { groupId, language }) => {
      const about = { groupId, language }
      const refuse = (refusal: Refusal) => ({ ok: false as const, refusal, log: about })

      const access = await backend.voiceAccess(caller, groupId)
      if (!access.ok) return refuse(access.refusal)
      const { voiceEnabled, canUseAi, canAsk, dailyCount, dailyLimit } = access.value
      if (!voiceEnabled) return refuse({ code: 'voice_disabled' })
      if (!canUseAi) return refuse({ code: 'ai_disabled' })
      if (!canAsk) return refuse({ code: 'limit_exceeded', dailyCount, dailyLimit })

      if (mint === undefined) {
        return {
          ok: false,
          refusal: { code: 'model_failed' },
          log: { ...about, cause: 'OPENAI_API_KEY is not set' }
        }
      }
      const startedMs = performance.now()
      const minted = await mint({ userId: caller.userId, language })
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
