// The time limits of the calls, and the next time at which one of them is due.
import type { CallState, LiveCall } from './call-state.ts'
import { isWithin } from './opening-hours.ts'
import { RECONNECT_DELAYS_MS } from './reconnect-policy.ts'

/** Leaves the network to the first question after a connect. */
export const STANDBY_DELAY_MS = 2_000

/** The last delay repeats: a service may refuse every second call. */
export const STANDBY_RETRY_DELAYS_MS = [2_000, 10_000, 30_000, 60_000] as const

/** A question that waits takes the WebSocket at once for this long after WebRTC failed. */
export const WEBSOCKET_PREFERRED_MS = 600_000

/**
 * Delays before WebRTC is tried again beside a WebSocket call; the last one repeats. WebRTC costs less. One failed
 * connect proves little, so the first delay is short.
 */
export const PROBE_DELAYS_MS = [30_000, 120_000, 600_000] as const

/** A call that lasts this long resets the failures before it. */
export const STEADY_MS = 10_000

/** A touch this long before the start is the sign-in: a person is there. */
export const TOUCH_FRESH_MS = 60_000

/** A touch shortens the wait after the last attempt to this. */
export const WAKE_RETRY_MS = 1_000

const MINUTE_MS = 60_000

/** `minuteOfDay` is in the kiosk's time zone; `random` is from 0 up to 1. */
export type Moment = { nowMs: number; minuteOfDay: number; random: number }

export const isOpenFor = (state: CallState, minuteOfDay: number): boolean =>
  state.openingHours !== null && isWithin(state.openingHours, minuteOfDay)

/** When an idle kiosk falls asleep outside opening hours; null: never. */
const sleepsAtMs = (state: CallState): number | null =>
  state.idleMinutes === 0 || state.turnSinceMs !== null || state.isBlocked
    ? null
    : state.idleSinceMs + state.idleMinutes * MINUTE_MS

export const isIdleFor = (state: CallState, nowMs: number): boolean => {
  const atMs = sleepsAtMs(state)
  return atMs !== null && nowMs >= atMs
}

const isOlderThan = (call: LiveCall, ms: number, nowMs: number) => nowMs - call.openedAtMs >= ms

/** Whether a standby call is too old to take over: it would soon be due itself. */
export const isStale = (state: CallState, call: LiveCall, nowMs: number): boolean =>
  isOlderThan(call, state.limits.rotateAfterMs, nowMs)

/** Whether the gap since the last turn is long enough for a rotation. */
export const isIdleGap = (state: CallState, nowMs: number): boolean =>
  state.turnSinceMs === null && nowMs - state.idleSinceMs >= state.limits.idleGapMs

export const isUsedUp = (state: CallState): boolean => state.usedMs >= state.limits.useLimitMs

export const isWebSocketPreferred = (state: CallState, nowMs: number): boolean =>
  state.webSocketSinceMs !== null && nowMs - state.webSocketSinceMs < WEBSOCKET_PREFERRED_MS

/** When WebRTC is tried again; null unless a WebSocket call is in use. */
const probeAtMs = ({ limits, primary, webSocketSinceMs, webRtcTimeoutsInARow }: CallState) => {
  if (limits.path !== 'auto' || primary?.path !== 'websocket') return null
  const last = PROBE_DELAYS_MS.length - 1
  const index = Math.min(Math.max(webRtcTimeoutsInARow - 1, 0), last)
  return (
    (webSocketSinceMs ?? primary.openedAtMs) + (PROBE_DELAYS_MS[index] ?? WEBSOCKET_PREFERRED_MS)
  )
}

export const isProbeDue = (state: CallState, nowMs: number): boolean => {
  const atMs = probeAtMs(state)
  return atMs !== null && nowMs >= atMs
}

/** Whether the call in use should be replaced, now or in the next gap. */
export const isRotationDue = (state: CallState, nowMs: number): boolean => {
  const { limits, primary } = state
  if (primary === null) return false
  const dueMs = Math.min(limits.rotateAfterMs, limits.rotateByMs)
  return isOlderThan(primary, dueMs, nowMs) || isUsedUp(state)
}

/** Whether the call in use may be replaced now. */
export const isRotationNow = (state: CallState, nowMs: number): boolean => {
  if (state.primary === null || state.turnSinceMs !== null) return false
  if (isOlderThan(state.primary, state.limits.rotateByMs, nowMs)) return true
  return isIdleGap(state, nowMs) && isRotationDue(state, nowMs)
}

export const standbyRetryMs = (failuresInARow: number): number => {
  const last = STANDBY_RETRY_DELAYS_MS.length - 1
  return STANDBY_RETRY_DELAYS_MS[Math.min(failuresInARow, last)] ?? STANDBY_RETRY_DELAYS_MS[0]
}

/** The retry delay for a loss with a failure that is not retried: the attempt reports that failure. */
export const LONGEST_RETRY_MS = RECONNECT_DELAYS_MS[RECONNECT_DELAYS_MS.length - 1] ?? MINUTE_MS

/** The next time at which the state changes without an event; null: none. */
export const nextCheckAtMs = (state: CallState, nowMs: number): number | null => {
  if (!state.isWanted) return null
  const moments: (number | null)[] = []
  if (state.openingHours !== null) moments.push(nowMs + MINUTE_MS)
  if (state.isAwake) {
    moments.push(sleepsAtMs(state), state.retryAtMs)
    const { limits, primary, standby } = state
    if (primary !== null) {
      moments.push(
        primary.openedAtMs + limits.rotateAfterMs,
        primary.openedAtMs + limits.rotateByMs,
        state.idleSinceMs + limits.idleGapMs,
        state.standbyAtMs
      )
    }
    if (standby !== null) moments.push(standby.openedAtMs + limits.rotateAfterMs)
    moments.push(probeAtMs(state))
  }
  // A past moment is handled, or waits for an event.
  const coming = moments.filter((atMs): atMs is number => atMs !== null && atMs > nowMs)
  return coming.length === 0 ? null : Math.min(...coming)
}
