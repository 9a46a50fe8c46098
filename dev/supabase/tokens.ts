// Hosted Supabase signs access tokens with ES256 and publishes the key; the Auth API in here knows
// HS256 only. Tokens are swapped at the gateway, both ways, so that neither side meets the other's.
import { importJWK, type JWTPayload, type JWTVerifyResult, jwtVerify, SignJWT } from 'jose'
import type { SigningKey } from './project-keys.ts'

/** Of people at once; who comes after that is checked as if for the first time. */
const KEPT_TOKENS = 200

/** Role of a person's token. A token for any other role is never let in, whoever signed it. */
const PERSON_ROLE = 'authenticated'

export type TokenError = { ok: false; reason: 'expired' | 'invalid' }

export type Tokens = {
  /** What `/auth/v1/.well-known/jwks.json` answers: the public half. */
  readonly jwks: { keys: Record<string, string | boolean | string[]>[] }
  /** A token of the Auth API's, signed again for the world. */
  outward: (innerToken: string) => Promise<string>
  /** A token from the world, checked and signed again for the Auth and Data APIs. */
  inward: (outerToken: string) => Promise<{ ok: true; token: string } | TokenError>
}

/** @param issuer `<project>/auth/v1`, as a hosted project names itself. */
export const createTokens = async (
  signingKey: SigningKey,
  jwtSecret: string,
  issuer: () => string
): Promise<Tokens> => {
  const { d: _private, ...publicKey } = signingKey
  const signing = await importJWK(signingKey, 'ES256')
  const checking = await importJWK(publicKey, 'ES256')
  const inner = new TextEncoder().encode(jwtSecret)
  // A kiosk asks with the same token for an hour, and checking it takes longer than many a query.
  const swapped = new Map<string, { token: string; expiresAtSeconds: number }>()

  return {
    jwks: { keys: [{ ...publicKey, alg: 'ES256', use: 'sig', key_ops: ['verify'], ext: true }] },
    outward: async (innerToken) => {
      const { payload } = await jwtVerify(innerToken, inner, { algorithms: ['HS256'] })
      return new SignJWT({ ...payload, iss: issuer() })
        .setProtectedHeader({ alg: 'ES256', kid: signingKey.kid, typ: 'JWT' })
        .sign(signing)
    },
    inward: async (outerToken) => {
      const kept = swapped.get(outerToken)
      if (kept !== undefined && kept.expiresAtSeconds > Math.floor(Date.now() / 1_000)) {
        return { ok: true, token: kept.token }
      }
      swapped.delete(outerToken)
      let verified: JWTVerifyResult<JWTPayload>
      try {
        // One algorithm and one key: neither the inner secret nor the public key passes for a signature.
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
      if (swapped.size >= KEPT_TOKENS) swapped.clear()
      swapped.set(outerToken, { token, expiresAtSeconds: verified.payload.exp ?? 0 })
      return { ok: true, token }
    }
  }
}
