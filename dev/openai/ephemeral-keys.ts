// Ephemeral keys: minted with a session, good for several calls until they expire.
import { newIdentifier } from './identifier.ts'
import type { EffectiveSession } from './session-schema.ts'

export const KEY_LIFETIME_SECONDS = { min: 10, max: 7_200, default: 600 } as const

export type EphemeralKey = { value: string; expiresAtMs: number; session: EffectiveSession }

export type EphemeralKeyStore = {
  mint: (session: EffectiveSession, lifetimeSeconds: number, nowMs: number) => EphemeralKey
  find: (value: string, nowMs: number) => EphemeralKey | 'expired' | 'unknown'
}

/** Expired keys are remembered this long, to be told from wrong ones. */
const REMEMBERED_MS = 2 * 60 * 60_000

export const newEphemeralKeyStore = (): EphemeralKeyStore => {
  const keys = new Map<string, EphemeralKey>()
  return {
    mint: (session, lifetimeSeconds, nowMs) => {
      for (const [value, key] of keys)
        if (key.expiresAtMs + REMEMBERED_MS < nowMs) keys.delete(value)
      const key = {
        value: newIdentifier('ek'),
        expiresAtMs: nowMs + lifetimeSeconds * 1_000,
        session
      }
      keys.set(key.value, key)
      return key
    },
    find: (value, nowMs) => {
      const key = keys.get(value)
      if (key === undefined) return 'unknown'
      return key.expiresAtMs <= nowMs ? 'expired' : key
    }
  }
}
