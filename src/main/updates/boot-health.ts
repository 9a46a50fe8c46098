// Whether the version that was just installed is any good: it is proven by a start that goes well, and taken back
// after three that did not. Pure; `first.ts` and `updates.ts` act on it.

import { ATTEMPTS_LIMIT, retryInMs } from './update-plan.ts'
import { type UpdateState, withKnownBad } from './update-state.ts'

/** One bad start may be a power cut, two a careless person with a plug. */
export const BOOTS_BEFORE_ROLLBACK = 3

export type BootEvaluation = {
  memory: UpdateState
  action: 'go_on' | 'roll_back'
  /** What this start has shown of the last installation. */
  news: 'proving' | 'not_installed' | null
}

/** At the very beginning of every start: counts it, before it can fail. */
export const evaluateBoot = (
  memory: UpdateState,
  runningVersion: string,
  nowMs: number
): BootEvaluation => {
  const { install } = memory
  if (install === null) return { memory, action: 'go_on', news: null }
  if (install.version !== runningVersion) {
    if (install.outcome !== 'pending') return { memory, action: 'go_on', news: null }
    // The installer said nothing, and the old version runs: it has come to nothing.
    return {
      memory: withFailure(
        { ...memory, install: { ...install, outcome: 'not_installed' }, unprovenStarts: 0 },
        install.version,
        true,
        nowMs
      ),
      action: 'go_on',
      news: 'not_installed'
    }
  }
  if (install.outcome !== 'pending' && install.outcome !== 'proving') {
    return { memory, action: 'go_on', news: null }
  }
  if (memory.unprovenStarts >= BOOTS_BEFORE_ROLLBACK) {
    return { memory: withKnownBad(memory, install.version), action: 'roll_back', news: null }
  }
  return {
    memory: {
      ...memory,
      install: { ...install, outcome: 'proving' },
      unprovenStarts: memory.unprovenStarts + 1
    },
    action: 'go_on',
    news: install.outcome === 'pending' ? 'proving' : null
  }
}

/**
 * One more attempt that came to nothing.
 * @param isToBlame whether the version may be what is wrong: not when the network was
 */
export const withFailure = (
  memory: UpdateState,
  version: string,
  isToBlame: boolean,
  nowMs: number
): UpdateState => {
  const count = memory.failures?.version === version ? memory.failures.count + 1 : 1
  const isBad = isToBlame && count >= ATTEMPTS_LIMIT
  return {
    ...(isBad ? withKnownBad(memory, version) : memory),
    failures: { version, count, retryAtMs: nowMs + retryInMs(count) }
  }
}

/** The kiosk has run for a while with its page there. */
export const markBootHealthy = (memory: UpdateState): UpdateState => ({
  ...memory,
  unprovenStarts: 0,
  install:
    memory.install?.outcome === 'proving' ? { ...memory.install, outcome: 'good' } : memory.install
})

/** The kiosk was ended as it should be, before it could prove itself: that start counts neither way. */
export const uncountEndedBoot = (memory: UpdateState): UpdateState => ({
  ...memory,
  unprovenStarts:
    memory.install?.outcome === 'proving'
      ? Math.max(0, memory.unprovenStarts - 1)
      : memory.unprovenStarts
})
