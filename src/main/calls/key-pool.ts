// Holds the ephemeral key of the kiosk: one that lives, for all calls until it expires.
import { failed, ok, type Result } from '../../shared/failure.ts'
import type { ConversationLanguage } from '../../shared/language.ts'
import { backoffMs, REQUEST_BACKOFF_MS } from '../backoff.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { SessionModels } from '../usage/call-reports.ts'

/** A key that waits for a press is replaced this long before it expires; a mint takes less than a second. */
export const REFRESH_MARGIN_MS = 15_000
/** A key with less than this left is not used: the offer must arrive before it expires. */
const USE_MARGIN_MS = 5_000
/**
 * Assumed lifetime of a fresh key that is expired by this machine's clock: the shortest that the edge function requests,
 * without the mint. The call mints again when the key is refused.
 */
export const SKEWED_LIFETIME_MS = 55_000

export type KeyPurpose = {
  groupId: string
  /** Language of the instructions. */
  language: ConversationLanguage
  station?: string | undefined
}
/** `now`: a call is opened at once, and the key lives for a minute. `ahead`: the key waits for a press. */
export type KeyUse = 'now' | 'ahead'
export type EphemeralKey = SessionModels & {
  /** By the backend's count. */
  id: string
  value: string
  /** By this machine's clock. */
  expiresAtMs: number
}
export type Mint = (purpose: KeyPurpose, use: KeyUse) => Promise<Result<EphemeralKey>>
export type TakenKey = EphemeralKey & {
  /** False when the caller waited for the mint. */
  wasReady: boolean
}

export type KeyPool = {
  /**
   * Keeps a key ready for this purpose until a call takes it. Drops the keys of other groups.
   * @param use of a key that is minted for this: `now` does nothing while a call of this purpose uses a key
   */
  keepReady(purpose: KeyPurpose, use: KeyUse): void
  /** Returns the live key, or mints one. It is not replaced before the next `keepReady`. */
  take(purpose: KeyPurpose): Promise<Result<TakenKey>>
  /** The model refused this key. */
  refuse(key: EphemeralKey): void
  /** Drops all keys and timers; a mint in flight is dropped when it arrives. */
  clear(): void
}

type Slot = {
  purpose: KeyPurpose
  key: EphemeralKey | null
  minting: Promise<Result<EphemeralKey>> | null
  /** A call took the key, and none has been kept ready since. */
  isTaken: boolean
  cancelTimer: (() => void) | null
  failures: number
}

/** The instructions of a key depend on both, within a group. No language has a slash. */
const slotName = ({ language, station }: KeyPurpose): string => `${language}/${station ?? ''}`

export const createKeyPool = (mint: Mint, clock: Clock, log: Log): KeyPool => {
  const slots = new Map<string, Slot>()
  /** Name of the slot that is kept ready. */
  let preparedSlot: string | null = null

  const isCurrent = (slot: Slot) => slots.get(slotName(slot.purpose)) === slot

  const slotFor = (purpose: KeyPurpose): Slot => {
    for (const slot of slots.values()) {
      if (slot.purpose.groupId !== purpose.groupId) dropSlot(slot)
    }
    const existing = slots.get(slotName(purpose))
    if (existing !== undefined) return existing
    const slot: Slot = {
      purpose,
      key: null,
      minting: null,
      isTaken: false,
      cancelTimer: null,
      failures: 0
    }
    slots.set(slotName(purpose), slot)
    return slot
  }

  const stopTimer = (slot: Slot) => {
    slot.cancelTimer?.()
    slot.cancelTimer = null
  }
  const dropSlot = (slot: Slot) => {
    stopTimer(slot)
    slots.delete(slotName(slot.purpose))
  }

  const liveKey = ({ key }: Slot): EphemeralKey | null =>
    key !== null && key.expiresAtMs - clock.nowMs() > USE_MARGIN_MS ? key : null

  /** One mint at a time, which all callers wait for. */
  const mintFor = (slot: Slot, use: KeyUse): Promise<Result<EphemeralKey>> => {
    slot.minting ??= mint(slot.purpose, use).then((minted) => {
      slot.minting = null
      if (minted.ok) {
        slot.key = minted.value
        slot.failures = 0
      }
      return minted
    })
    return slot.minting
  }

  const mintLater = (slot: Slot, delayMs: number) => {
    stopTimer(slot)
    slot.cancelTimer = clock.after(delayMs, () => {
      slot.cancelTimer = null
      void mintAhead(slot, 'ahead')
    })
  }
  const replaceBeforeExpiry = (slot: Slot, { expiresAtMs }: EphemeralKey) =>
    mintLater(slot, Math.max(expiresAtMs - clock.nowMs() - REFRESH_MARGIN_MS, 0))

  const isWaiting = (slot: Slot) =>
    isCurrent(slot) && !slot.isTaken && slotName(slot.purpose) === preparedSlot

  const mintAhead = async (slot: Slot, use: KeyUse) => {
    if (!isWaiting(slot)) return
    const minted = await mintFor(slot, use)
    if (!isWaiting(slot)) return
    if (minted.ok) replaceBeforeExpiry(slot, minted.value)
    else if (TRANSIENT.has(minted.error.code)) {
      const pauseMs = backoffMs(slot.failures, REQUEST_BACKOFF_MS)
      slot.failures += 1
      mintLater(slot, Math.max(pauseMs, (minted.error.retryAfterSeconds ?? 0) * 1_000))
    } else log.info('calls.prefetchMintFailed', { code: minted.error.code })
  }

  return {
    keepReady: (purpose, use) => {
      const slot = slotFor(purpose)
      const isPrepared = preparedSlot === slotName(purpose)
      preparedSlot = slotName(purpose)
      for (const other of slots.values()) {
        // The other language's key stays until it expires, for a person who switches back.
        if (other !== slot) stopTimer(other)
      }
      if (use === 'now' && slot.isTaken && isPrepared) return
      slot.isTaken = false
      const key = liveKey(slot)
      if (key === null) void mintAhead(slot, use)
      else if (slot.cancelTimer === null) replaceBeforeExpiry(slot, key)
    },
    take: async (purpose) => {
      preparedSlot = slotName(purpose)
      const slot = slotFor(purpose)
      stopTimer(slot)
      slot.isTaken = true
      const key = liveKey(slot)
      if (key !== null) return ok({ ...key, wasReady: true })
      const minted = await mintFor(slot, 'now')
      if (!minted.ok) return minted
      return isCurrent(slot)
        ? ok({ ...minted.value, wasReady: false })
        : failed('not_signed_in', 'The account or the restaurant changed during the mint.')
    },
    refuse: ({ value }) => {
      for (const slot of slots.values()) if (slot.key?.value === value) slot.key = null
    },
    clear: () => {
      preparedSlot = null
      for (const slot of slots.values()) dropSlot(slot)
    }
  }
}

/** Failures that are retried; after the others a press tries again. */
const TRANSIENT: ReadonlySet<string> = new Set([
  'backend_unreachable',
  'backend_failed',
  'voice_limit_exceeded',
  'model_refused',
  'model_busy',
  'model_unreachable'
])

/** The expiry of a key by this machine's clock, which may be wrong. */
export const localExpiryMs = (expiresAtSeconds: number, nowMs: number): number => {
  const expiresAtMs = expiresAtSeconds * 1_000
  return expiresAtMs > nowMs ? expiresAtMs : nowMs + SKEWED_LIFETIME_MS
}
