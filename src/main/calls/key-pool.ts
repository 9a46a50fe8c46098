// One fresh ephemeral key, minted before it is needed, so that a press does not wait for the mint.
import { failed, ok, type Result } from '../../shared/failure.ts'
import type { ConversationLanguage } from '../../shared/language.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'

/** A ready key is replaced this long before it expires. */
export const REFRESH_MARGIN_MS = 60_000
/** A key with less than this left is not used: the offer has to arrive before it expires. */
export const USE_MARGIN_MS = 5_000
/**
 * What a fresh key is trusted for when this machine's clock says that it was born expired: half of what the
 * edge function asks for. A key that is refused after all is minted again by `calls.ts`.
 */
export const SKEWED_LIFETIME_MS = 300_000
/**
 * The key after one that was taken waits for this long: somebody may have pressed, and their call has the machine and
 * the network to itself. The next call is opened two seconds later at the earliest, and a mint takes less than one.
 */
export const NEXT_KEY_DELAY_MS = 1_000
/** Pauses after a mint that failed in passing. */
const RETRY_MS = { first: 2_000, longest: 60_000 } as const

/** Whose key, for instructions in which language and at which station (a short label; none unless given). */
export type KeyPurpose = {
  groupId: string
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
  /** Keeps one key ready for this purpose from now on. Keys of another group are dropped. */
  keepReady(purpose: KeyPurpose): void
  /** A key that nobody else gets; the next one is minted soon. */
  take(purpose: KeyPurpose): Promise<Result<TakenKey>>
  /** Drops every key and timer; a mint in flight is dropped when it arrives. */
  clear(): void
}

type Slot = {
  purpose: KeyPurpose
  ready: EphemeralKey | null
  minting: Promise<Result<EphemeralKey>> | null
  cancelTimer: (() => void) | null
  failures: number
}

/** What a key's instructions depend on, within a group. No language has a slash. */
const slotName = ({ language, station }: KeyPurpose): string => `${language}/${station ?? ''}`

export const createKeyPool = (mint: Mint, clock: Clock, log: Log): KeyPool => {
  const slots = new Map<string, Slot>()
  let kept: string | null = null

  const isCurrent = (slot: Slot) => slots.get(slotName(slot.purpose)) === slot

  const slotFor = (purpose: KeyPurpose): Slot => {
    for (const slot of slots.values()) {
      // A key is bound to its group: another group's must not be lying about.
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
      mintAhead(slot)
    })
  }

  const mintAhead = (slot: Slot) => {
    if (slot.minting !== null || !isCurrent(slot) || slotName(slot.purpose) !== kept) return
    slot.cancelTimer?.()
    slot.cancelTimer = null
    const minting = mint(slot.purpose)
    slot.minting = minting
    void minting.then((minted) => {
      // Somebody took it while it was being minted, or the pool was cleared.
      if (slot.minting !== minting) return
      slot.minting = null
      if (!isCurrent(slot)) return
      if (minted.ok) {
        slot.failures = 0
        slot.ready = minted.value
        const lifetimeMs = minted.value.expiresAtMs - clock.nowMs()
        schedule(slot, Math.max(lifetimeMs - REFRESH_MARGIN_MS, lifetimeMs / 2))
      } else if (passes(minted.error.code)) {
        const pauseMs = Math.min(RETRY_MS.first * 2 ** slot.failures, RETRY_MS.longest)
        slot.failures += 1
        schedule(slot, Math.max(pauseMs, (minted.error.retryAfterSeconds ?? 0) * 1_000))
      } else {
        log.info('calls.prefetchMintFailed', { code: minted.error.code })
      }
    })
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
    if (!isCurrent(slot)) {
      return failed(
        'not_signed_in',
        'The account or the restaurant changed while a key was minted.'
      )
    }
    return ok({ ...minted.value, wasReady: false })
  }

  return {
    keepReady: (purpose) => {
      kept = slotName(purpose)
      const slot = slotFor(purpose)
      for (const other of slots.values()) {
        // The other language's key stays until it expires, for a person who switches back.
        if (other !== slot) other.cancelTimer?.()
      }
      if (slot.ready === null) mintAhead(slot)
      else if (slot.cancelTimer === null) {
        const leftMs = slot.ready.expiresAtMs - clock.nowMs()
        schedule(slot, Math.max(leftMs - REFRESH_MARGIN_MS, 0))
      }
    },
    take: async (purpose) => {
      kept = slotName(purpose)
      const slot = slotFor(purpose)
      const taken = await takeFrom(slot)
      const isNextDue = slot.ready === null && slot.minting === null && isCurrent(slot)
      if (taken.ok && isNextDue) schedule(slot, NEXT_KEY_DELAY_MS)
      return taken
    },
    clear: () => {
      kept = null
      for (const slot of slots.values()) dropSlot(slot)
    }
  }
}

/** Failures that pass by themselves; the others wait for a person to ask again. */
const passes = (code: string): boolean =>
  code === 'backend_unreachable' ||
  code === 'backend_failed' ||
  code === 'model_refused' ||
  code === 'model_busy' ||
  code === 'model_unreachable'

/** When a key expires by this machine's clock, which may be wrong. */
export const localExpiryMs = (expiresAtSeconds: number, nowMs: number): number => {
  const expiresAtMs = expiresAtSeconds * 1_000
  return expiresAtMs > nowMs ? expiresAtMs : nowMs + SKEWED_LIFETIME_MS
}
