// Reads POST /v1/realtime/client_secrets: the session and the lifetime of an ephemeral key.
import { z } from 'zod'
import type { Refusal } from './api-error.ts'
import { KEY_LIFETIME_SECONDS } from './api-keys.ts'
import { apiErrorFromZod } from './schema-error.ts'
import {
  conflictIn,
  type EffectiveSession,
  effectiveSession,
  parseSession
} from './session-schema.ts'

const requestSchema = z.strictObject({
  expires_after: z
    .strictObject({
      anchor: z.literal('created_at').exactOptional(),
      seconds: z.int().min(KEY_LIFETIME_SECONDS.min).max(KEY_LIFETIME_SECONDS.max).exactOptional()
    })
    .exactOptional(),
  session: z.unknown().exactOptional()
})

export type ReadSecretsRequest =
  | { ok: true; session: EffectiveSession; lifetimeSeconds: number }
  | { ok: false; refusal: Refusal }

export const readSecretsRequest = (data: unknown): ReadSecretsRequest => {
  const parsed = requestSchema.safeParse(data)
  if (!parsed.success) return { ok: false, refusal: apiErrorFromZod(parsed.error, '', data) }
  const { session, expires_after } = parsed.data
  const given = session === undefined ? null : parseSession(session)
  if (given?.ok === false) return given
  const effective = effectiveSession(given?.session)
  const conflict = conflictIn(effective)
  if (conflict !== null) return { ok: false, refusal: conflict }
  return {
    ok: true,
    session: effective,
    lifetimeSeconds: expires_after?.seconds ?? KEY_LIFETIME_SECONDS.default
  }
}
