// Admits a member to a conversation for realtime-session and realtime-call, and counts the key. A question counts at its
// search.
import { z } from 'zod'
import type { Backend, Caller, VoiceAccess } from './backend.ts'
import { DatabaseRequestError } from './database-errors.ts'
import { type Asker, roleOf } from './instructions.ts'
import { conversationLanguageSchema, searchLanguageOf } from './language.ts'
import type { Refusal, Result } from './refusals.ts'
import { stationSchema } from './station.ts'

export const conversationFields = {
  groupId: z.uuid(),
  language: conversationLanguageSchema,
  station: stationSchema.optional()
}
type Conversation = z.output<z.ZodObject<typeof conversationFields>>

const refusalFor = (access: VoiceAccess): Refusal | null => {
  const { voiceEnabled, canUseAi, canAsk, dailyCount, dailyLimit } = access
  if (!voiceEnabled) return { code: 'voice_disabled' }
  if (!canUseAi) return { code: 'ai_disabled' }
  if (!canAsk) return { code: 'limit_exceeded', dailyCount, dailyLimit }
  return null
}

export type Admission = {
  asker: Asker
  /** The kiosk reports the calls of the key under this id. */
  keyId: string
}

/**
 * @param keySeconds life of the key; 0 for a call that the server opens
 * @throws as `Backend.voiceAccess`
 */
export const admit = async (
  backend: Pick<Backend, 'voiceAccess'>,
  caller: Caller,
  { groupId, language, station }: Conversation,
  keySeconds: number
): Promise<Result<Admission>> => {
  const access = await backend.voiceAccess(caller, groupId, searchLanguageOf(language), keySeconds)
  if (!access.ok) return access
  const refusal = refusalFor(access.value)
  if (refusal !== null) return { ok: false, refusal }
  const { role, kitchenWords, contents, keyId } = access.value
  if (keyId === null) throw new DatabaseRequestError('key not counted')
  const asker = { language, role: roleOf(role), station, kitchenWords, contents }
  return { ok: true, value: { asker, keyId } }
}
