// Swaps access tokens at the gateway: outside, ES256 with a published key, as hosted Supabase; inside, HS256, the only
// one that lite's Auth API knows.
import { importJWK, type JWTPayload, type JWTVerifyResult, jwtVerify, SignJWT } from 'jose'
import type { SigningKey } from './project-keys.ts'

/** Tokens in the cache. */
const CACHE_SIZE = 200

/** The only accepted role. */
const PERSON_ROLE = 'authenticated'

export type TokenError = { ok: false; reason: 'expired' | 'invalid' }

/** @param issuer `<project>/auth/v1` */
export const createTokens = async (
  signingKey: SigningKey,
  jwtSecret: string,
  issuer: () => string
) => {
  const { d: _private, ...publicKey } = signingKey
  const signing = await importJWK(signingKey, 'ES256')
  const checking = await importJWK(publicKey, 'ES256')
  const inner = new TextEncoder().encode(jwtSecret)
  // A kiosk uses a token for an hour, and verifying it takes longer than many queries.
  const swapped = new Map<string, { token: string; expiresAtSeconds: number }>()

  return {
    /** The public key, for `/auth/v1/.well-known/jwks.json`. */
    jwks: { keys: [{ ...publicKey, alg: 'ES256', use: 'sig', key_ops: ['verify'], ext: true }] },
    /** Signs an Auth API token again for the outside. */
    outward: async (innerToken: string): Promise<string> => {
      const { payload } = await jwtVerify(innerToken, inner, { algorithms: ['HS256'] })
      return new SignJWT({ ...payload, iss: issuer() })
        .setProtectedHeader({ alg: 'ES256', kid: signingKey.kid, typ: 'JWT' })
        .sign(signing)
    },
    /** Verifies an outside token and signs it again for the Auth and Data APIs. */
    inward: async (outerToken: string): Promise<{ ok: true; token: string } | TokenError> => {
      const cached = swapped.get(outerToken)
      if (cached !== undefined && cached.expiresAtSeconds > Math.floor(Date.now() / 1_000)) {
        return { ok: true, token: cached.token }
      }
      swapped.delete(outerToken)
      let verified: JWTVerifyResult<JWTPayload>
      try {
        // One algorithm and one key: a signature with the inner secret or the public key fails.
        verified = await jwtVerify(outerToken, checking, {
          algorithms: ['ES256'],
          audience: PERSON_ROLE,
          requiredClaims: ['exp', 'sub', 'session_id']
        })
      } catch (error) {
        const expired =
          error instanceof Error && 'code' in error && error.code === 'ERR_JWT_EXPIRED'
        return { ok: false, reason: expired ? 'expired' : 'invalid' }
      }
      if (verified.payload.role !== PERSON_ROLE) return { ok: false, reason: 'invalid' }
      const token = await new SignJWT(verified.payload)
        .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
        .sign(inner)
      if (swapped.size >= CACHE_SIZE) swapped.clear()
      swapped.set(outerToken, { token, expiresAtSeconds: verified.payload.exp ?? 0 })
      return { ok: true, token }
    }
  }
}
export type Tokens = Awaited<ReturnType<typeof createTokens>>
