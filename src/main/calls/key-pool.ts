// Mints one ephemeral key ahead, so that a press does not wait for the mint.
import { failed, ok, type Result } from '../../shared/failure.ts'
import type { ConversationLanguage } from '../../shared/language.ts'
import { backoffMs, REQUEST_BACKOFF_MS } from '../backoff.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'

/** A ready key is replaced this long before it expires. */
export const REFRESH_MARGIN_MS = 60_000
/** A key with less than this left is not used: the offer must arrive before it expires. */
const USE_MARGIN_MS = 5_000
/**
 * Assumed lifetime of a fresh key that is expired by this machine's clock: half of the lifetime that the edge function
 * requests. The call mints again when the key is refused.
 */
export const SKEWED_LIFETIME_MS = 300_000
/**
 * Delay of the next mint after a key was taken: the call of a press has machine and network to itself. The next call
 * opens two seconds later at the earliest, and a mint takes less than one.
 */
export const NEXT_KEY_DELAY_MS = 1_000

export type KeyPurpose = {
  groupId: string
  /** Language of the instructions. */
  language: ConversationLanguage
  station?: string | undefined
}
export type EphemeralKey = {
  value: string
  model: string
  /** By this machine's clock. */
  expiresAtMs: number
}
export type Mint = (purpose: KeyPurpose) => Promise<Result<EphemeralKey>>
export type TakenKey = EphemeralKey & {
  /** False when the caller waited for the mint. */
  wasReady: boolean
}

export type KeyPool = {
  /** Keeps one key ready for this purpose. Drops the keys of other groups. */
  keepReady(purpose: KeyPurpose): void
  /** Takes a key for one call; the next key is minted soon. */
  take(purpose: KeyPurpose): Promise<Result<TakenKey>>
  /** Drops all keys and timers; a mint in flight is dropped when it arrives. */
  clear(): void
}

type Slot = {
  purpose: KeyPurpose
  ready: EphemeralKey | null
  minting: Promise<Result<EphemeralKey>> | null
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
    const slot: Slot = { purpose, ready: null, minting: null, cancelTimer: null, failures: 0 }
    slots.set(slotName(purpose), slot)
    return slot
  }

  const dropSlot = (slot: Slot) => {
    slot.cancelTimer?.()
    slots.delete(slotName(slot.purpose))
  }

  const schedule = (slot: Slot, delayMs: number) => {
    slot.cancelTimer?.()
    slot.cancelTimer = clock.after(delayMs, () => {
      slot.cancelTimer = null
      void mintAhead(slot)
    })
  }

  const mintAhead = async (slot: Slot) => {
    if (slot.minting !== null || !isCurrent(slot) || slotName(slot.purpose) !== preparedSlot) return
    slot.cancelTimer?.()
    slot.cancelTimer = null
    const minting = mint(slot.purpose)
    slot.minting = minting
    const minted = await minting
    // A caller took it while it was being minted.
    if (slot.minting !== minting) return
    slot.minting = null
    if (!isCurrent(slot)) return
    if (minted.ok) {
      slot.failures = 0
      slot.ready = minted.value
      const lifetimeMs = minted.value.expiresAtMs - clock.nowMs()
      schedule(slot, Math.max(lifetimeMs - REFRESH_MARGIN_MS, lifetimeMs / 2))
    } else if (TRANSIENT.has(minted.error.code)) {
      const pauseMs = backoffMs(slot.failures, REQUEST_BACKOFF_MS)
      slot.failures += 1
      schedule(slot, Math.max(pauseMs, (minted.error.retryAfterSeconds ?? 0) * 1_000))
    } else {
      log.info('calls.prefetchMintFailed', { code: minted.error.code })
    }
  }

  const takeFrom = async (slot: Slot): Promise<Result<TakenKey>> => {
    const { ready } = slot
    slot.ready = null
    if (ready !== null && ready.expiresAtMs - clock.nowMs() > USE_MARGIN_MS) {
      return ok({ ...ready, wasReady: true })
    }
    const inFlight = slot.minting
    slot.minting = null
    const minted = await (inFlight ?? mint(slot.purpose))
    if (!minted.ok) return minted
    return isCurrent(slot)
      ? ok({ ...minted.value, wasReady: false })
      : failed('not_signed_in', 'The account or the restaurant changed during the mint.')
  }

  return {
    keepReady: (purpose) => {
      preparedSlot = slotName(purpose)
      const slot = slotFor(purpose)
      for (const other of slots.values()) {
        // The other language's key stays until it expires, for a person who switches back.
        if (other !== slot) other.cancelTimer?.()
      }
      if (slot.ready === null) void mintAhead(slot)
      else if (slot.cancelTimer === null) {
        const leftMs = slot.ready.expiresAtMs - clock.nowMs()
        schedule(slot, Math.max(leftMs - REFRESH_MARGIN_MS, 0))
      }
    },
    take: async (purpose) => {
      preparedSlot = slotName(purpose)
      const slot = slotFor(purpose)
      const taken = await takeFrom(slot)
      const isNextDue = slot.ready === null && slot.minting === null && isCurrent(slot)
      if (taken.ok && isNextDue) schedule(slot, NEXT_KEY_DELAY_MS)
      return taken
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
  'model_refused',
  'model_busy',
  'model_unreachable'
])

/** The expiry of a key by this machine's clock, which may be wrong. */
export const localExpiryMs = (expiresAtSeconds: number, nowMs: number): number => {
  const expiresAtMs = expiresAtSeconds * 1_000
  return expiresAtMs > nowMs ? expiresAtMs : nowMs + SKEWED_LIFETIME_MS
}
