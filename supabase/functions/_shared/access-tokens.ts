// Verifies access tokens. A token's algorithm and key are checked before anything is computed or fetched for it.
import type { SupabaseClient } from '@supabase/supabase-js'
import { z } from 'zod'
import type { Backend } from './backend.ts'
import { readJson } from './read-json.ts'

/** Auth's own caching time for the list: a key that is removed there is refused here after at most this time. */
const KEYS_AGE_MS = 600_000
/** A new key is published before it signs, so a token with an unknown key is rarely a reason to look again. */
const UNKNOWN_KEY_PAUSE_MS = 60_000

/** The algorithms of a project's signing keys that supabase-js verifies. */
const algorithmSchema = z.enum(['ES256', 'RS256'])
const headerSchema = z.object({ alg: algorithmSchema, kid: z.string().min(1) })
const claimsSchema = z.object({ sub: z.uuid(), role: z.literal('authenticated') })
const keySchema = z.looseObject({
  kid: z.string(),
  alg: algorithmSchema,
  kty: z.enum(['EC', 'RSA']),
  key_ops: z.array(z.string()).default(['verify'])
})
type SigningKey = z.output<typeof keySchema>
const keysSchema = z.object({ keys: z.array(z.unknown()) })

/** @returns the list as Auth publishes it @throws when Auth is unreachable */
export type FetchKeys = () => Promise<unknown>

/** Caches the project's public keys, and fetches them once for simultaneous callers. @param nowMs a monotonic clock */
const createKeyCache = (fetchKeys: FetchKeys, nowMs: () => number) => {
  let keys: readonly SigningKey[] = []
  let fetchedAtMs = Number.NEGATIVE_INFINITY
  let fetching: Promise<void> | undefined

  const refresh = async (): Promise<void> => {
    const list = keysSchema.parse(await fetchKeys())
    // A key of another kind is left out: the project may have one for another purpose.
    keys = list.keys.flatMap((key) => keySchema.safeParse(key).data ?? [])
    fetchedAtMs = nowMs()
  }

  return async (kid: string): Promise<SigningKey | undefined> => {
    const known = () => keys.find((key) => key.kid === kid)
    const ageMs = nowMs() - fetchedAtMs
    if (ageMs >= (known() === undefined ? UNKNOWN_KEY_PAUSE_MS : KEYS_AGE_MS)) {
      fetching ??= refresh().finally(() => {
        fetching = undefined
      })
      await fetching
    }
    return known()
  }
}

/** The JSON of a token's part; undefined where it is none. */
const readPart = (part: string | undefined): unknown => {
  try {
    return readJson(atob((part ?? '').replaceAll('-', '+').replaceAll('_', '/')))
  } catch {
    return undefined
  }
}

/**
 * Returns the person of a token; null for a token that names none, is expired, or is not signed with a key of the project.
 * @throws when the keys are needed and Auth is unreachable: that must not sign a kiosk out
 */
export const createVerify = (
  auth: Pick<SupabaseClient['auth'], 'getClaims'>,
  fetchKeys: FetchKeys,
  nowMs: () => number = () => performance.now()
): Backend['verify'] => {
  const keyOf = createKeyCache(fetchKeys, nowMs)

  return async (token) => {
    const header = headerSchema.safeParse(readPart(token.split('.')[0]))
    if (!header.success) return null
    const { alg, kid } = header.data
    const key = await keyOf(kid)
    if (key?.alg !== alg) return null
    try {
      const { data } = await auth.getClaims(token, { jwks: { keys: [key] } })
      const claims = claimsSchema.safeParse(data?.claims)
      return claims.success ? { userId: claims.data.sub, token } : null
    } catch {
      // The key is given, so nothing was requested: the token has no signature or claims of the form of a JWT.
      return null
    }
  }
}
