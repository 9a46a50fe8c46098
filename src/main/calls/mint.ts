// Mints ephemeral keys through the edge function `realtime-session`.
import { z } from 'zod'
import { ok } from '../../shared/failure.ts'
import { REPORT_TOOL_NAME } from '../../shared/handbook.ts'
import { conversationLanguageSchema } from '../../shared/language.ts'
import type { Clock } from '../clock.ts'
import type { EdgeFunctions } from '../edge-function.ts'
import { localExpiryMs, type Mint } from './key-pool.ts'

/** A mint takes 0.2 to 0.9 s at OpenAI; a cold function start adds a second or two. */
export const MINT_DEADLINE_MS = 8_000

/**
 * Tools that this kiosk answers calls to, beside the search: functions that know of them put them into the session, and
 * older ones, which refuse a field of the body that they do not know, pay a header no heed.
 */
const TOOLS_HEADER = { 'x-heard-tools': REPORT_TOOL_NAME }

const mintedSchema = z.object({
  ephemeralKey: z.string().min(1),
  expiresAt: z.number().positive(),
  model: z.string().min(1),
  groupId: z.uuid(),
  language: conversationLanguageSchema
})

export const createMint =
  (edge: EdgeFunctions, clock: Clock): Mint =>
  async (purpose) => {
    const minted = await edge.call({
      name: 'realtime-session',
      body: { ...purpose },
      headers: TOOLS_HEADER,
      answer: mintedSchema,
      deadlineMs: MINT_DEADLINE_MS,
      lateCode: 'backend_unreachable'
    })
    if (!minted.ok) return minted
    const { ephemeralKey, expiresAt, model } = minted.value
    return ok({
      value: ephemeralKey,
      model,
      expiresAtMs: localExpiryMs(expiresAt, clock.nowMs())
    })
  }
