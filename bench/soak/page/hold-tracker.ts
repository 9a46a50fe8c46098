// Tracks when a person holds to talk, by the rules of the kiosk.
import type { ActionObservation, HoldObservation } from '../observations.ts'

/** The kiosk allows 350 ms between two taps; timers run late. */
const LATCH_GAP_MS = 450
const TAP_LIMIT_MS = 260

export const createHoldTracker = (onHold: (hold: HoldObservation) => void) => {
  const held = new Set<string>()
  let holdingSinceMs: number | null = null
  let lastReleaseAtMs = 0
  let isLatched = false
  let pressedAtMs = 0
  let releasedAtMs = 0
  let wasTap = false
  let isSecondTap = false

  const update = (atMs: number): void => {
    if (held.size > 0 || isLatched) holdingSinceMs ??= atMs
    else if (holdingSinceMs !== null) {
      onHold({ fromMs: holdingSinceMs, toMs: atMs })
      holdingSinceMs = null
      lastReleaseAtMs = atMs
    }
  }

  return {
    /** True where the screen decides whether the hold is latched: call `settle` once it has. */
    apply: (kind: ActionObservation['kind'], source: string, atMs: number): boolean => {
      if (kind === 'press') {
        isSecondTap = wasTap && atMs - releasedAtMs <= LATCH_GAP_MS
        wasTap = false
        pressedAtMs = atMs
        held.add(source)
      } else if (held.size > 0) {
        // Any release ends the hold, and so does a typed question.
        held.clear()
        if (kind === 'release' || kind === 'gone') {
          wasTap = kind === 'release' && atMs - pressedAtMs < TAP_LIMIT_MS
          releasedAtMs = atMs
        }
      }
      if (kind !== 'release') isLatched = false
      const mayLatch = kind === 'release' && wasTap && isSecondTap
      if (!mayLatch) update(atMs)
      return mayLatch
    },
    settle: (atMs: number, latched: boolean): void => {
      if (latched) isLatched = true
      update(atMs)
    },
    isHolding: () => holdingSinceMs !== null,
    isLatchedAlone: () => isLatched && held.size === 0,
    lastReleaseAtMs: () => lastReleaseAtMs
  }
}
