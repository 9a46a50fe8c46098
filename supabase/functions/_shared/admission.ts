// Admits a member to a conversation for realtime-session and realtime-call. A question counts at its search, not here.
import { z } from 'zod'
import type { Backend, Caller, VoiceAccess } from './backend.ts'
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

/** @throws as `Backend.voiceAccess` */
export const admit = async (
  backend: Pick<Backend, 'voiceAccess'>,
  caller: Caller,
  { groupId, language, station }: Conversation
): Promise<Result<Asker>> => {
  const access = await backend.voiceAccess(caller, groupId, searchLanguageOf(language))
  if (!access.ok) return access
  const refusal = refusalFor(access.value)
  if (refusal !== null) return { ok: false, refusal }
  const { role, kitchenWords, contents } = access.value
  return { ok: true, value: { language, role: roleOf(role), station, kitchenWords, contents } }
}
