// Opens, uses, rotates and loses calls on a draft of the state, and lists the effects. Pure.
import type { CallState, LiveCall, OpeningCall } from './call-state.ts'
import {
  isProbeDue,
  isRotationDue,
  isUsedUp,
  isWebSocketPreferred,
  LONGEST_RETRY_MS,
  type Moment,
  STANDBY_DELAY_MS,
  STEADY_MS,
  standbyRetryMs
} from './call-timing.ts'
import type { KioskFailure } from './failures.ts'
import { reconnectDelayMs } from './reconnect-policy.ts'
import type { TransportPath } from './transport.ts'

export type CallEffect =
  | { type: 'open'; id: number; path: TransportPath; microphone: 'on' | 'off' }
  /** Closes the call, or aborts its opening. */
  | { type: 'close'; id: number }
  | { type: 'use'; id: number; replay: boolean }
  /** No call is in use. */
  | { type: 'lost' }

/** A copy of the state that one step may write to. */
export type Draft = { -readonly [K in keyof CallState]: CallState[K] }
export type Emit = (effect: CallEffect) => void

export const openCall = (
  draft: Draft,
  emit: Emit,
  path: TransportPath,
  microphone: 'on' | 'off'
): OpeningCall => {
  draft.lastId += 1
  emit({ type: 'open', id: draft.lastId, path, microphone })
  return { id: draft.lastId, path }
}

export const pathNow = (draft: Draft, at: Moment): TransportPath => {
  const { path } = draft.limits
  if (path !== 'auto') return path
  // A probe runs beside the call in use, so its failure costs no wait.
  if (isProbeDue(draft, at.nowMs)) return 'webrtc'
  return isWebSocketPreferred(draft, at.nowMs) ? 'websocket' : 'webrtc'
}

export const closeStandby = (draft: Draft, emit: Emit) => {
  if (draft.standby !== null) emit({ type: 'close', id: draft.standby.id })
  if (draft.openingStandby !== null) emit({ type: 'close', id: draft.openingStandby.id })
  draft.standby = null
  draft.openingStandby = null
}

export const closeOpening = (draft: Draft, emit: Emit) => {
  if (draft.opening !== null) emit({ type: 'close', id: draft.opening.id })
  draft.opening = null
}

/** Closes every call and clears the failures. */
export const closeAll = (draft: Draft, emit: Emit) => {
  const old = draft.primary
  draft.primary = null
  if (old !== null) {
    emit({ type: 'lost' })
    emit({ type: 'close', id: old.id })
  }
  closeOpening(draft, emit)
  closeStandby(draft, emit)
  draft.replayPending = false
  forgiveFailures(draft)
  draft.lossesInARow = 0
  draft.standbyFailuresInARow = 0
}

const forgiveFailures = (draft: Draft) => {
  draft.failure = null
  draft.isBlocked = false
  draft.retryAtMs = null
  draft.failuresInARow = 0
}

export const fallAsleep = (draft: Draft, emit: Emit) => {
  draft.isAwake = false
  closeAll(draft, emit)
}

export const wakeUp = (draft: Draft, at: Moment) => {
  draft.isAwake = true
  draft.idleSinceMs = at.nowMs
}

const putInUse = (draft: Draft, emit: Emit, at: Moment, call: LiveCall, replay: boolean) => {
  draft.primary = call
  draft.usedMs = 0
  if (at.nowMs - call.openedAtMs >= STEADY_MS) draft.standbyFailuresInARow = 0
  if (draft.turnSinceMs !== null) draft.turnSinceMs = at.nowMs
  if (call.path === 'webrtc') draft.webSocketSinceMs = null
  else if (!isWebSocketPreferred(draft, at.nowMs)) draft.webSocketSinceMs = at.nowMs
  closeOpening(draft, emit)
  forgiveFailures(draft)
  draft.replayPending = true
  draft.standbyAtMs = Math.max(draft.standbyAtMs, at.nowMs + STANDBY_DELAY_MS)
  emit({ type: 'use', id: call.id, replay })
}

/** Puts the standby call in use while the last one still works. */
export const rotate = (draft: Draft, emit: Emit, at: Moment, next: LiveCall) => {
  const old = draft.primary
  const replay = !isUsedUp(draft)
  draft.primary = null
  draft.standby = null
  emit({ type: 'lost' })
  putInUse(draft, emit, at, next, replay)
  // Last, so that no closed call is in use.
  if (old !== null) emit({ type: 'close', id: old.id })
}

const notOpened = (draft: Draft, at: Moment, failure: KioskFailure) => {
  draft.failure = failure
  draft.failedAtMs = at.nowMs
  draft.failuresInARow += 1
  const delayMs = reconnectDelayMs(failure, draft.failuresInARow, at.random)
  draft.isBlocked = delayMs === null
  draft.retryAtMs = delayMs === null ? null : at.nowMs + delayMs
}

const standbyFailed = (draft: Draft, at: Moment, failure: KioskFailure) => {
  const askedMs = (failure.retryAfterSeconds ?? 0) * 1_000
  draft.standbyAtMs = at.nowMs + Math.max(standbyRetryMs(draft.standbyFailuresInARow), askedMs)
  draft.standbyFailuresInARow += 1
}

/** A rotation needs a second call even where the limits allow no standby. */
export const wantsStandby = (draft: Draft, at: Moment): boolean =>
  draft.limits.standby || isProbeDue(draft, at.nowMs) || isRotationDue(draft, at.nowMs)

/** Failures that came before the transport was tried. */
const isBeforeTransport = ({ code }: KioskFailure): boolean =>
  code === 'backend_unreachable' || code === 'backend_failed' || code === 'offline'

export const attemptFailed = (
  draft: Draft,
  emit: Emit,
  at: Moment,
  id: number,
  failure: KioskFailure
) => {
  const isPrimary = draft.opening?.id === id
  const attempt = isPrimary ? draft.opening : draft.openingStandby
  if (attempt?.id !== id) return
  const mayFallBack = attempt.path === 'webrtc' && draft.limits.path === 'auto'
  if (mayFallBack && failure.code === 'call_timeout') {
    draft.webRtcTimeoutsInARow += 1
    // The network seems to block UDP: the attempt goes on over a WebSocket, unless it was only a probe.
    if (draft.primary?.path === 'websocket') draft.webSocketSinceMs = at.nowMs
    if (!isPrimary && !wantsStandby(draft, at)) {
      draft.openingStandby = null
      return
    }
    const fallback = openCall(draft, emit, 'websocket', isPrimary ? 'on' : 'off')
    if (isPrimary) draft.opening = fallback
    else draft.openingStandby = fallback
    return
  }
  if (attempt.path === 'websocket' && draft.primary === null && !isBeforeTransport(failure)) {
    draft.webSocketSinceMs = null
  }
  if (isPrimary) {
    draft.opening = null
    notOpened(draft, at, failure)
  } else {
    draft.openingStandby = null
    standbyFailed(draft, at, failure)
  }
}

export const primaryLost = (draft: Draft, emit: Emit, at: Moment, failure: KioskFailure) => {
  const old = draft.primary
  if (old === null) return
  draft.primary = null
  draft.failure = failure
  draft.failedAtMs = at.nowMs
  if (at.nowMs - old.openedAtMs >= STEADY_MS) draft.lossesInARow = 0
  // Reconnects at once after the first loss, and with a delay after calls that do not last.
  draft.retryAtMs =
    draft.lossesInARow === 0
      ? null
      : at.nowMs + (reconnectDelayMs(failure, draft.lossesInARow, at.random) ?? LONGEST_RETRY_MS)
  draft.lossesInARow += 1
  emit({ type: 'lost' })
  takeOver(draft, emit, at)
  emit({ type: 'close', id: old.id })
}

/** Puts the standby call in use when there is no other, now or once it has opened. */
export const takeOver = (draft: Draft, emit: Emit, at: Moment) => {
  if (draft.primary !== null) return
  const { standby, openingStandby } = draft
  if (standby !== null && !standby.isDisconnected) {
    draft.standby = null
    putInUse(draft, emit, at, standby, draft.replayPending)
  } else if (openingStandby !== null && draft.opening === null) {
    draft.opening = openingStandby
    draft.openingStandby = null
    draft.retryAtMs = null
  }
}

export const callLost = (
  draft: Draft,
  emit: Emit,
  at: Moment,
  id: number,
  failure: KioskFailure
) => {
  if (draft.primary?.id === id) primaryLost(draft, emit, at, failure)
  else if (draft.standby?.id === id) {
    if (at.nowMs - draft.standby.openedAtMs >= STEADY_MS) draft.standbyFailuresInARow = 0
    draft.standby = null
    standbyFailed(draft, at, failure)
    emit({ type: 'close', id })
  } else if (draft.opening?.id === id || draft.openingStandby?.id === id) {
    emit({ type: 'close', id })
    attemptFailed(draft, emit, at, id, failure)
  }
}

export const opened = (draft: Draft, emit: Emit, at: Moment, id: number) => {
  const { opening, openingStandby } = draft
  const isOpened = (call: OpeningCall | null) => call?.id === id && call.path === 'webrtc'
  if (isOpened(opening) || isOpened(openingStandby)) draft.webRtcTimeoutsInARow = 0
  if (opening?.id === id) {
    draft.opening = null
    const call = { ...opening, openedAtMs: at.nowMs, isDisconnected: false }
    putInUse(draft, emit, at, call, draft.replayPending)
  } else if (openingStandby?.id === id) {
    draft.openingStandby = null
    draft.standby = { ...openingStandby, openedAtMs: at.nowMs, isDisconnected: false }
  }
}

export const disconnectedChanged = (draft: Draft, id: number, isDisconnected: boolean) => {
  if (draft.primary?.id === id) draft.primary = { ...draft.primary, isDisconnected }
  if (draft.standby?.id === id) draft.standby = { ...draft.standby, isDisconnected }
}
