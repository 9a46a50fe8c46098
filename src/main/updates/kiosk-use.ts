// Knows since when a person uses the kiosk, as the page reports it.
import type { Clock } from '../clock.ts'

export type KioskUse = ReturnType<typeof createKioskUse>

export const createKioskUse = (clock: Clock) => {
  let inUseSinceMs: number | null = null
  let lastUseAtMs = clock.nowMs()
  return {
    /** null while the kiosk is not in use. */
    inUseSinceMs: () => inUseSinceMs,
    /** The end of the last use, or the kiosk's start. */
    lastUseAtMs: () => lastUseAtMs,
    kioskStarted: () => {
      lastUseAtMs = clock.nowMs()
    },
    setInUse: (isInUse: boolean) => {
      inUseSinceMs = isInUse ? clock.nowMs() : null
      lastUseAtMs = clock.nowMs()
    },
    pageLost: () => {
      if (inUseSinceMs !== null) lastUseAtMs = clock.nowMs()
      inUseSinceMs = null
    }
  }
}
