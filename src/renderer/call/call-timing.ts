// When something about the calls is due: the limits, each with its reason, and the next moment to look again.
import type { CallState, LiveCall } from './call-state.ts'
import { isWithin } from './opening-hours.ts'
import { RECONNECT_DELAYS_MS } from './reconnect-policy.ts'

/** The first question after a connect has the network to itself. */
export const STANDBY_DELAY_MS = 2_000

/** Nobody waits for a standby, and a service that refuses a second call is not asked for it all day long. */
export const STANDBY_RETRY_DELAYS_MS = [2_000, 10_000, 30_000, 60_000] as const

/** A call that somebody waits for goes over the relay at once, for as long as the network is known to need it. */
export const WEBSOCKET_PREFERRED_MS = 600_000

/**
 * A network that needs the relay is asked again, beside it, whether it lets UDP through: a call costs less that way.
 * Soon after the first connect that was cut off, which says little; the more of them in a row, the later.
 */
export const PROBE_DELAYS_MS = [30_000, 120_000, 600_000] as const

/** A call that lasted this long was a good one: what happened before it is no reason to wait. */
export const STEADY_MS = 10_000

/** Who touched the kiosk this long before it was started is still there: somebody signed it in. */
export const TOUCH_FRESH_MS = 60_000

/** Somebody is there and waits: the next attempt comes no later than this after the last one. */
export const WAKE_RETRY_MS = 1_000

const MINUTE_MS = 60_000

/** `minuteOfDay` is the kiosk's own time; `random` is from 0 up to 1. */
export type Moment = { nowMs: number; minuteOfDay: number; random: number }

export const isOpenFor = (state: CallState, minuteOfDay: number): boolean =>
  state.openingHours !== null && isWithin(state.openingHours, minuteOfDay)

/** When a kiosk that nobody asks anything goes to sleep outside opening hours; null: never. */
const sleepsAtMs = (state: CallState): number | null =>
  state.idleMinutes === 0 || state.turnSinceMs !== null || state.isBlocked
    ? null
    : state.idleSinceMs + state.idleMinutes * MINUTE_MS

export const isIdleFor = (state: CallState, nowMs: number): boolean => {
  const atMs = sleepsAtMs(state)
  return atMs !== null && nowMs >= atMs
}

const isOlderThan = (call: LiveCall, ms: number, nowMs: number) => nowMs - call.openedAtMs >= ms

/** Not one to change to any more: it would have to be replaced soon itself. */
export const isStale = (state: CallState, call: LiveCall, nowMs: number): boolean =>
  isOlderThan(call, state.limits.rotateAfterMs, nowMs)

/** Whether nobody has asked anything for long enough to change calls. */
export const isIdleGap = (state: CallState, nowMs: number): boolean =>
  state.turnSinceMs === null && nowMs - state.idleSinceMs >= state.limits.idleGapMs

export const isUsedUp = (state: CallState): boolean => state.usedMs >= state.limits.useLimitMs

export const isWebSocketPreferred = (state: CallState, nowMs: number): boolean =>
  state.webSocketSinceMs !== null && nowMs - state.webSocketSinceMs < WEBSOCKET_PREFERRED_MS

/** When it is time to see whether WebRTC works here again; null: not while the relay is not in use. */
const probeAtMs = ({ limits, primary, webSocketSinceMs, webRtcTimeoutsInARow }: CallState) => {
  if (limits.path !== 'auto' || primary?.path !== 'websocket') return null
  const last = PROBE_DELAYS_MS.length - 1
  const index = Math.min(Math.max(webRtcTimeoutsInARow - 1, 0), last)
  return (
    (webSocketSinceMs ?? primary.openedAtMs) + (PROBE_DELAYS_MS[index] ?? WEBSOCKET_PREFERRED_MS)
  )
}

/** On the relay, and it is time to see whether WebRTC works here again. */
export const isProbeDue = (state: CallState, nowMs: number): boolean => {
  const atMs = probeAtMs(state)
  return atMs !== null && nowMs >= atMs
}

/** Whether the call in use is to be replaced, now or in the next gap. */
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

/** After a refusal that only a person can change; a loss is answered by an attempt, which will say so. */
export const LONGEST_RETRY_MS = RECONNECT_DELAYS_MS[RECONNECT_DELAYS_MS.length - 1] ?? MINUTE_MS

/** The next moment at which time alone changes something; null: none. */
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
  // What was due was done by now, or waits for an event rather than for time.
  const coming = moments.filter((atMs): atMs is number => atMs !== null && atMs > nowMs)
  return coming.length === 0 ? null : Math.min(...coming)
}
