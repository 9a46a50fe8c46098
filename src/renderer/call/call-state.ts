// What is known of the calls, the one in use and the one that stands by, and what the screen is told of them.
import type { CallLimits } from '../../shared/call-limits.ts'
import type { KioskFailure } from './failures.ts'
import type { OpeningHours } from './opening-hours.ts'
import type { TransportPath } from './transport.ts'

export type ConnectionStatus =
  | { state: 'stopped' }
  /** No call, because nobody is there: the first touch opens one. */
  | { state: 'asleep' }
  | { state: 'connecting'; failure: KioskFailure | null }
  | { state: 'connected'; path: TransportPath; hasStandby: boolean }
  /** The last attempt failed; the next one comes by itself. */
  | { state: 'waiting'; failure: KioskFailure }
  /** The last attempt failed in a way that only a person can change. */
  | { state: 'blocked'; failure: KioskFailure }

export type LiveCall = {
  readonly id: number
  readonly path: TransportPath
  readonly openedAtMs: number
  /** `disconnected` for the moment: not one to change to. */
  readonly isDisconnected: boolean
}
export type OpeningCall = { readonly id: number; readonly path: TransportPath }

/** All times are of one clock that only grows. */
export type CallState = {
  readonly limits: CallLimits
  readonly idleMinutes: number
  readonly openingHours: OpeningHours | null
  readonly isWanted: boolean
  readonly isAwake: boolean
  /** Whether there was a start before this one. */
  readonly hasStarted: boolean
  readonly touchedAtMs: number | null
  readonly lastId: number
  /** The call in use. */
  readonly primary: LiveCall | null
  /** Being opened because there is none in use. */
  readonly opening: OpeningCall | null
  readonly standby: LiveCall | null
  readonly openingStandby: OpeningCall | null
  /** Whether the next call in use is told what was said on the one before. */
  readonly replayPending: boolean
  /** Why there is no call in use. */
  readonly failure: KioskFailure | null
  /** Nothing is tried before a person asks for it. */
  readonly isBlocked: boolean
  readonly failedAtMs: number
  readonly retryAtMs: number | null
  readonly failuresInARow: number
  /** Calls that opened and did not last. */
  readonly lossesInARow: number
  /** No standby is opened before. */
  readonly standbyAtMs: number
  readonly standbyFailuresInARow: number
  /** Since when a turn is under way. */
  readonly turnSinceMs: number | null
  /** The last moment of a turn, or of waking up. */
  readonly idleSinceMs: number
  /** How long turns were under way on the call in use, the present one left out. */
  readonly usedMs: number
  /** Since when this network is known to need the relay. */
  readonly webSocketSinceMs: number | null
  /** Calls over WebRTC that could not connect, since one could. */
  readonly webRtcTimeoutsInARow: number
}

export const initialCallState = (limits: CallLimits): CallState => ({
  limits,
  idleMinutes: 0,
  openingHours: null,
  isWanted: false,
  isAwake: false,
  hasStarted: false,
  touchedAtMs: null,
  lastId: 0,
  primary: null,
  opening: null,
  standby: null,
  openingStandby: null,
  replayPending: false,
  failure: null,
  isBlocked: false,
  failedAtMs: 0,
  retryAtMs: null,
  failuresInARow: 0,
  lossesInARow: 0,
  standbyAtMs: 0,
  standbyFailuresInARow: 0,
  turnSinceMs: null,
  idleSinceMs: 0,
  usedMs: 0,
  webSocketSinceMs: null,
  webRtcTimeoutsInARow: 0
})

export const statusOf = (state: CallState): ConnectionStatus => {
  const { failure, primary } = state
  if (!state.isWanted) return { state: 'stopped' }
  if (!state.isAwake) return { state: 'asleep' }
  if (primary !== null) {
    return { state: 'connected', path: primary.path, hasStandby: state.standby !== null }
  }
  if (state.opening !== null || failure === null) return { state: 'connecting', failure }
  return state.isBlocked ? { state: 'blocked', failure } : { state: 'waiting', failure }
}
