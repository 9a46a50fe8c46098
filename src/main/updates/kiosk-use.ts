// Knows since when a person uses the kiosk, as the page reports it.
import type { Clock } from '../clock.ts'

export type KioskUse = {
  /** null while the kiosk is not in use. */
  inUseSinceMs(): number | null
  /** The end of the last use, or the kiosk's start. */
  lastUseAtMs(): number
  kioskStarted(): void
  setInUse(isInUse: boolean): void
  pageLost(): void
}

export const createKioskUse = (clock: Clock): KioskUse => {
  let inUseSinceMs: number | null = null
  let lastUseAtMs = clock.nowMs()
  return {
    inUseSinceMs: () => inUseSinceMs,
    lastUseAtMs: () => lastUseAtMs,
    kioskStarted: () => {
      lastUseAtMs = clock.nowMs()
    },
    setInUse: (isInUse) => {
      inUseSinceMs = isInUse ? clock.nowMs() : null
      lastUseAtMs = clock.nowMs()
    },
    pageLost: () => {
      if (inUseSinceMs !== null) lastUseAtMs = clock.nowMs()
      inUseSinceMs = null
    }
  }
}
