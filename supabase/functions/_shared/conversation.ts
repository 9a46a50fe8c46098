// What realtime-session and realtime-call have in common: who asks to talk, in what language and where, and whether
// they may. Nothing is counted here: a question is, when it is searched.
import { z } from 'zod'
import type { Backend, Caller, VoiceAccess } from './backend.ts'
import { type Asker, roleOf } from './instructions.ts'
import { conversationLanguageSchema, searchLanguageOf } from './language.ts'
import type { Refusal } from './refusals.ts'
import { REPORT_TOOL_NAME } from './session-shape.ts'
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

export type Admission = { ok: true; asker: Asker } | { ok: false; refusal: Refusal }

/**
 * Tools that the asker answers calls to, by name, beside the search: a call that nobody answers would hang over the
 * conversation. A header and not a field of the body: functions of before it refuse a field that they do not know.
 */
const TOOLS_HEADER = 'x-heard-tools'

/** Names of tools that are made up later are of no meaning here. */
const answersReports = (headers: Headers): boolean =>
  (headers.get(TOOLS_HEADER) ?? '').split(',').some((name) => name.trim() === REPORT_TOOL_NAME)

/** @throws as `Backend.voiceAccess` */
export const admit = async (
  backend: Pick<Backend, 'voiceAccess'>,
  caller: Caller,
  { groupId, language, station }: Conversation,
  headers: Headers
): Promise<Admission> => {
  const access = await backend.voiceAccess(caller, groupId, searchLanguageOf(language))
  if (!access.ok) return access
  const refusal = refusalFor(access.value)
  if (refusal !== null) return { ok: false, refusal }
  const { role, kitchenWords } = access.value
  const reportsAnswer = answersReports(headers)
  return {
    ok: true,
    asker: { language, role: roleOf(role), station, kitchenWords, reportsAnswer }
  }
}
