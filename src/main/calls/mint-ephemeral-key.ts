// Mints ephemeral keys through the edge function `realtime-session`.
import { z } from 'zod'
import { ok } from '../../shared/failure.ts'
import { conversationLanguageSchema } from '../../shared/language.ts'
import type { Clock } from '../clock.ts'
import type { EdgeFunctions } from '../edge-function.ts'
import { localExpiryMs, type Mint } from './key-pool.ts'

/** A mint takes 0.2 to 0.9 s at OpenAI; a cold function start adds a second or two. */
const MINT_DEADLINE_MS = 8_000

const mintedSchema = z.object({
  ephemeralKey: z.string().min(1),
  keyId: z.uuid(),
  expiresAt: z.number().positive(),
  model: z.string().min(1),
  transcriptionModel: z.string().min(1),
  groupId: z.uuid(),
  language: conversationLanguageSchema
})

export const createMint =
  (edge: EdgeFunctions, clock: Clock): Mint =>
  async (purpose, use) => {
    const minted = await edge.call({
      name: 'realtime-session',
      body: { ...purpose, use },
      answer: mintedSchema,
      deadlineMs: MINT_DEADLINE_MS,
      lateCode: 'backend_unreachable'
    })
    if (!minted.ok) return minted
    const { ephemeralKey, keyId, expiresAt, model, transcriptionModel } = minted.value
    return ok({
      id: keyId,
      value: ephemeralKey,
      model,
      transcriptionModel,
      expiresAtMs: localExpiryMs(expiresAt, clock.nowMs())
    })
  }
