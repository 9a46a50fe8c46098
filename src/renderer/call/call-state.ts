// The state of the calls, and the connection status that the screen shows.
import type { CallLimits } from '../../shared/call-limits.ts'
import type { KioskFailure } from './failures.ts'
import type { OpeningHours } from './opening-hours.ts'
import type { TransportPath } from './transport.ts'

export type ConnectionStatus =
  | { state: 'stopped' }
  /** Idle: the next touch opens a call. */
  | { state: 'asleep' }
  | { state: 'connecting'; failure: KioskFailure | null }
  | { state: 'connected'; path: TransportPath; hasStandby: boolean }
  /** The last attempt failed; the next one is scheduled. */
  | { state: 'waiting'; failure: KioskFailure }
  /** The last attempt failed; a person has to act before the next one. */
  | { state: 'blocked'; failure: KioskFailure }

export type LiveCall = {
  readonly id: number
  readonly path: TransportPath
  readonly openedAtMs: number
  /** ICE is `disconnected` and may recover; a rotation avoids this call. */
  readonly isDisconnected: boolean
}
export type OpeningCall = { readonly id: number; readonly path: TransportPath }

/** All times are of one monotonic clock. */
export type CallState = {
  readonly limits: CallLimits
  readonly idleMinutes: number
  readonly openingHours: OpeningHours | null
  readonly isWanted: boolean
  readonly isAwake: boolean
  /** There was an earlier start. */
  readonly hasStarted: boolean
  readonly touchedAtMs: number | null
  readonly lastId: number
  /** The call in use. */
  readonly primary: LiveCall | null
  /** Opening because no call is in use. */
  readonly opening: OpeningCall | null
  readonly standby: LiveCall | null
  readonly openingStandby: OpeningCall | null
  /** The next call in use needs a replay of the last exchanges. */
  readonly replayPending: boolean
  /** Why there is no call in use. */
  readonly failure: KioskFailure | null
  /** A person has to ask for the next attempt. */
  readonly isBlocked: boolean
  readonly failedAtMs: number
  readonly retryAtMs: number | null
  readonly failuresInARow: number
  /** Calls in a row that opened and did not last. */
  readonly lossesInARow: number
  /** The earliest time to open a standby call. */
  readonly standbyAtMs: number
  readonly standbyFailuresInARow: number
  /** null without a turn under way. */
  readonly turnSinceMs: number | null
  /** The end of the last turn, or the last wake-up. */
  readonly idleSinceMs: number
  /** Time in finished turns on the call in use. */
  readonly usedMs: number
  /** Since when this network needs the WebSocket; null for WebRTC. */
  readonly webSocketSinceMs: number | null
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
