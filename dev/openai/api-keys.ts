// Checks the standard key and mints ephemeral keys, each for several calls until it expires.
import { timingSafeEqual } from 'node:crypto'
import { type ApiError, expiredKey, missingKey, wrongKey } from './api-error.ts'
import { newIdentifier } from './identifier.ts'
import type { EffectiveSession } from './session-schema.ts'

export const KEY_LIFETIME_SECONDS = { min: 10, max: 7_200, default: 600 } as const

/** Expired keys stay known this long, so that their error differs from that of wrong keys. */
const EXPIRED_KEY_MS = 2 * 60 * 60_000

type EphemeralKey = { value: string; expiresAtMs: number; session: EffectiveSession }

export type KeyOwner =
  | { kind: 'standard' }
  | { kind: 'ephemeral'; session: EffectiveSession }
  | { kind: 'refused'; error: ApiError }

const sameSecret = (given: string, expected: string): boolean => {
  const a = Buffer.from(given)
  const b = Buffer.from(expected)
  return a.length === b.length && timingSafeEqual(a, b)
}

/** The key of an `Authorization` header; null without one. */
export const bearerKey = (authorization: string | undefined): string | null =>
  /^Bearer\s+(\S+)$/.exec(authorization ?? '')?.[1] ?? null

/** @param standardKey is never logged. */
export const createApiKeys = (standardKey: string) => {
  const keys = new Map<string, EphemeralKey>()
  return {
    check: (key: string | null): KeyOwner => {
      if (key === null) return { kind: 'refused', error: missingKey() }
      if (sameSecret(key, standardKey)) return { kind: 'standard' }
      const ephemeral = keys.get(key)
      if (ephemeral === undefined) return { kind: 'refused', error: wrongKey(key) }
      if (ephemeral.expiresAtMs <= Date.now()) return { kind: 'refused', error: expiredKey() }
      return { kind: 'ephemeral', session: ephemeral.session }
    },
    mint: (session: EffectiveSession, lifetimeSeconds: number): EphemeralKey => {
      const nowMs = Date.now()
      for (const [value, { expiresAtMs }] of keys)
        if (expiresAtMs + EXPIRED_KEY_MS < nowMs) keys.delete(value)
      const key = {
        value: newIdentifier('ek'),
        expiresAtMs: nowMs + lifetimeSeconds * 1_000,
        session
      }
      keys.set(key.value, key)
      return key
    }
  }
}
export type ApiKeys = ReturnType<typeof createApiKeys>
