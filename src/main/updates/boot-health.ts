// Decides at each start whether the installed version stays. A version proves itself by running with its page open;
// after three recorded failures it is rolled back. Pure: `boot-check.ts` and `updates.ts` act on it.
import { ATTEMPTS_LIMIT, retryInMs } from './update-plan.ts'
import { type UpdateState, withKnownBad } from './update-state.ts'

/** A failure is recorded: the page crashed or never loaded, or the process ended with an error. */
export const FAILURES_BEFORE_ROLLBACK = 3
/** Starts that leave no record are power cuts. So many in a row, each within a minute, are rather a main that hangs. */
const STARTS_BEFORE_ROLLBACK = 10

/** Counts a start. Call it before anything of the start can fail. */
export const evaluateBoot = (
  state: UpdateState,
  runningVersion: string,
  nowMs: number
): { state: UpdateState; action: 'continue' | 'roll_back' } => {
  const { install } = state
  if (install === null) return { state, action: 'continue' }
  if (install.version !== runningVersion) {
    if (install.outcome !== 'pending') return { state, action: 'continue' }
    // The installer reported no error, and the old version runs.
    const notInstalled: UpdateState = {
      ...state,
      install: { ...install, outcome: 'not_installed' },
      unprovenStarts: 0,
      bootFailures: 0
    }
    return { state: withInstallFailure(notInstalled, install.version, nowMs), action: 'continue' }
  }
  if (install.outcome !== 'pending' && install.outcome !== 'proving') {
    return { state, action: 'continue' }
  }
  if (
    state.bootFailures >= FAILURES_BEFORE_ROLLBACK ||
    state.unprovenStarts >= STARTS_BEFORE_ROLLBACK
  ) {
    return { state: withKnownBad(state, install.version, nowMs), action: 'roll_back' }
  }
  return {
    state: {
      ...state,
      install: { ...install, outcome: 'proving' },
      unprovenStarts: state.unprovenStarts + 1
    },
    action: 'continue'
  }
}

/** One more failed attempt that is not the version's fault: a network or a disk. */
export const withFailure = (state: UpdateState, version: string, nowMs: number): UpdateState => {
  const count = state.failures?.version === version ? state.failures.count + 1 : 1
  return { ...state, failures: { version, count, retryAtMs: nowMs + retryInMs(count) } }
}

/** One more failed installation; the version becomes known bad at `ATTEMPTS_LIMIT`. */
export const withInstallFailure = (
  state: UpdateState,
  version: string,
  nowMs: number
): UpdateState => {
  const next = withFailure(state, version, nowMs)
  return (next.failures?.count ?? 0) >= ATTEMPTS_LIMIT ? withKnownBad(next, version, nowMs) : next
}

/** The version ran for long enough with its page open. */
export const markBootHealthy = (state: UpdateState): UpdateState =>
  state.install?.outcome === 'proving'
    ? {
        ...state,
        unprovenStarts: 0,
        bootFailures: 0,
        install: { ...state.install, outcome: 'good' }
      }
    : state

/** One more recorded failure of a version that has not proved healthy. */
export const withBootFailure = (state: UpdateState): UpdateState =>
  state.install?.outcome === 'proving' ? { ...state, bootFailures: state.bootFailures + 1 } : state

/** The kiosk was ended properly before it proved itself: that start does not count. */
export const uncountEndedBoot = (state: UpdateState): UpdateState =>
  state.install?.outcome === 'proving'
    ? { ...state, unprovenStarts: Math.max(0, state.unprovenStarts - 1) }
    : state
