// Which calls there are to be: one in use for as long as it is wanted, and a second one that stands by to take
// over. A pure plan, (state, event, moment) → (state, effects): it opens nothing and knows no timer.
import type { CallState, LiveCall, OpeningCall } from './call-state.ts'
import {
  isIdleFor,
  isIdleGap,
  isOpenFor,
  isProbeDue,
  isRotationDue,
  isRotationNow,
  isStale,
  isUsedUp,
  isWebSocketPreferred,
  LONGEST_RETRY_MS,
  type Moment,
  nextCheckAtMs,
  STANDBY_DELAY_MS,
  STEADY_MS,
  standbyRetryMs,
  TOUCH_FRESH_MS,
  WAKE_RETRY_MS
} from './call-timing.ts'
import { type KioskFailure, kioskFailure } from './failures.ts'
import type { OpeningHours } from './opening-hours.ts'
import { reconnectDelayMs } from './reconnect-policy.ts'
import type { TransportPath } from './transport.ts'

export type CallEvent =
  | { type: 'start' }
  | { type: 'stop' }
  /** The language or the restaurant changed: no call of before is any good. */
  | { type: 'renew' }
  | { type: 'retry_now' }
  /** Somebody touched the kiosk, or waits for a call. */
  | { type: 'wake' }
  /** The call in use is said to be dead, whatever its transport says. */
  | { type: 'replace'; failure: KioskFailure }
  | { type: 'turn'; isUnderWay: boolean }
  | { type: 'settings'; idleMinutes: number; openingHours: OpeningHours | null }
  | { type: 'opened'; id: number }
  | { type: 'not_opened'; id: number; failure: KioskFailure }
  | { type: 'lost'; id: number; failure: KioskFailure }
  | { type: 'disconnected_changed'; id: number; isDisconnected: boolean }
  /** Time has passed. */
  | { type: 'tick' }

export type CallEffect =
  | { type: 'open'; id: number; path: TransportPath; microphone: 'on' | 'off' }
  /** Closes the call, or gives up opening it, and hangs it up. */
  | { type: 'close'; id: number }
  /** This call is the one in use from now on. */
  | { type: 'use'; id: number; replay: boolean }
  /** The call in use is not in use any more. */
  | { type: 'lost' }

export type CallStep = {
  state: CallState
  effects: readonly CallEffect[]
  /** When the plan is to be asked again, if nothing happens before; null: not by itself. */
  checkAtMs: number | null
}

/** One step being made: the only thing that is written to, and gone when the step is done. */
type Draft = { -readonly [K in keyof CallState]: CallState[K] }
type Tell = (effect: CallEffect) => void

const openCall = (
  draft: Draft,
  tell: Tell,
  path: TransportPath,
  microphone: 'on' | 'off'
): OpeningCall => {
  draft.lastId += 1
  tell({ type: 'open', id: draft.lastId, path, microphone })
  return { id: draft.lastId, path }
}

const pathNow = (draft: Draft, at: Moment): TransportPath => {
  const { path } = draft.limits
  if (path !== 'auto') return path
  // Nobody waits for a call beside the one in use: it may try what failed a while ago.
  if (isProbeDue(draft, at.nowMs)) return 'webrtc'
  return isWebSocketPreferred(draft, at.nowMs) ? 'websocket' : 'webrtc'
}

const closeStandby = (draft: Draft, tell: Tell) => {
  if (draft.standby !== null) tell({ type: 'close', id: draft.standby.id })
  if (draft.openingStandby !== null) tell({ type: 'close', id: draft.openingStandby.id })
  draft.standby = null
  draft.openingStandby = null
}

const closeOpening = (draft: Draft, tell: Tell) => {
  if (draft.opening !== null) tell({ type: 'close', id: draft.opening.id })
  draft.opening = null
}

/** Puts every call down, and forgets why there was none. */
const closeAll = (draft: Draft, tell: Tell) => {
  const old = draft.primary
  draft.primary = null
  if (old !== null) {
    tell({ type: 'lost' })
    tell({ type: 'close', id: old.id })
  }
  closeOpening(draft, tell)
  closeStandby(draft, tell)
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

const fallAsleep = (draft: Draft, tell: Tell) => {
  draft.isAwake = false
  closeAll(draft, tell)
}

const wakeUp = (draft: Draft, at: Moment) => {
  draft.isAwake = true
  draft.idleSinceMs = at.nowMs
}

const putInUse = (draft: Draft, tell: Tell, at: Moment, call: LiveCall, replay: boolean) => {
  draft.primary = call
  draft.usedMs = 0
  if (at.nowMs - call.openedAtMs >= STEADY_MS) draft.standbyFailuresInARow = 0
  if (draft.turnSinceMs !== null) draft.turnSinceMs = at.nowMs
  if (call.path === 'webrtc') draft.webSocketSinceMs = null
  else if (!isWebSocketPreferred(draft, at.nowMs)) draft.webSocketSinceMs = at.nowMs
  closeOpening(draft, tell)
  forgiveFailures(draft)
  draft.replayPending = true
  draft.standbyAtMs = Math.max(draft.standbyAtMs, at.nowMs + STANDBY_DELAY_MS)
  tell({ type: 'use', id: call.id, replay })
}

/** Changes to the standby while the call in use is still good. */
const rotate = (draft: Draft, tell: Tell, at: Moment, next: LiveCall) => {
  const old = draft.primary
  const replay = !isUsedUp(draft)
  draft.primary = null
  draft.standby = null
  tell({ type: 'lost' })
  putInUse(draft, tell, at, next, replay)
  // Last: what is in use is never a call that was hung up.
  if (old !== null) tell({ type: 'close', id: old.id })
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

/** Also without a standby another call is opened before the one in use is put down. */
const wantsStandby = (draft: Draft, at: Moment): boolean =>
  draft.limits.standby || isProbeDue(draft, at.nowMs) || isRotationDue(draft, at.nowMs)

/** Failures before the model's network was tried say nothing of the path. */
const saysNothingOfThePath = ({ code }: KioskFailure): boolean =>
  code === 'backend_unreachable' || code === 'backend_failed' || code === 'offline'

const attemptFailed = (draft: Draft, tell: Tell, at: Moment, id: number, failure: KioskFailure) => {
  const isPrimary = draft.opening?.id === id
  const attempt = isPrimary ? draft.opening : draft.openingStandby
  if (attempt?.id !== id) return
  const mayRelay = attempt.path === 'webrtc' && draft.limits.path === 'auto'
  if (mayRelay && failure.code === 'call_timeout') {
    draft.webRtcTimeoutsInARow += 1
    // No UDP here, it seems: the same attempt goes on over the relay, unless that was all there was to find out.
    if (draft.primary?.path === 'websocket') draft.webSocketSinceMs = at.nowMs
    if (!isPrimary && !wantsStandby(draft, at)) {
      draft.openingStandby = null
      return
    }
    const relay = openCall(draft, tell, 'websocket', isPrimary ? 'on' : 'off')
    if (isPrimary) draft.opening = relay
    else draft.openingStandby = relay
    return
  }
  if (attempt.path === 'websocket' && draft.primary === null && !saysNothingOfThePath(failure)) {
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

const primaryLost = (draft: Draft, tell: Tell, at: Moment, failure: KioskFailure) => {
  const old = draft.primary
  if (old === null) return
  draft.primary = null
  draft.failure = failure
  draft.failedAtMs = at.nowMs
  if (at.nowMs - old.openedAtMs >= STEADY_MS) draft.lossesInARow = 0
  // The first loss is answered at once; calls that open and do not last are not opened in a loop.
  draft.retryAtMs =
    draft.lossesInARow === 0
      ? null
      : at.nowMs + (reconnectDelayMs(failure, draft.lossesInARow, at.random) ?? LONGEST_RETRY_MS)
  draft.lossesInARow += 1
  tell({ type: 'lost' })
  takeOver(draft, tell, at)
  tell({ type: 'close', id: old.id })
}

/** With no call in use: the standby is, in the same tick; or it is once it has been opened. */
const takeOver = (draft: Draft, tell: Tell, at: Moment) => {
  if (draft.primary !== null) return
  const { standby, openingStandby } = draft
  if (standby !== null && !standby.isDisconnected) {
    draft.standby = null
    putInUse(draft, tell, at, standby, draft.replayPending)
  } else if (openingStandby !== null && draft.opening === null) {
    draft.opening = openingStandby
    draft.openingStandby = null
    draft.retryAtMs = null
  }
}

const callLost = (draft: Draft, tell: Tell, at: Moment, id: number, failure: KioskFailure) => {
  if (draft.primary?.id === id) primaryLost(draft, tell, at, failure)
  else if (draft.standby?.id === id) {
    if (at.nowMs - draft.standby.openedAtMs >= STEADY_MS) draft.standbyFailuresInARow = 0
    draft.standby = null
    standbyFailed(draft, at, failure)
    tell({ type: 'close', id })
  } else if (draft.opening?.id === id || draft.openingStandby?.id === id) {
    tell({ type: 'close', id })
    attemptFailed(draft, tell, at, id, failure)
  }
}

const opened = (draft: Draft, tell: Tell, at: Moment, id: number) => {
  const { opening, openingStandby } = draft
  const isOpened = (call: OpeningCall | null) => call?.id === id && call.path === 'webrtc'
  if (isOpened(opening) || isOpened(openingStandby)) draft.webRtcTimeoutsInARow = 0
  if (opening?.id === id) {
    draft.opening = null
    const call = { ...opening, openedAtMs: at.nowMs, isDisconnected: false }
    putInUse(draft, tell, at, call, draft.replayPending)
  } else if (openingStandby?.id === id) {
    draft.openingStandby = null
    draft.standby = { ...openingStandby, openedAtMs: at.nowMs, isDisconnected: false }
  }
}

const wavers = (draft: Draft, id: number, isDisconnected: boolean) => {
  if (draft.primary?.id === id) draft.primary = { ...draft.primary, isDisconnected }
  if (draft.standby?.id === id) draft.standby = { ...draft.standby, isDisconnected }
}

const turnChanged = (draft: Draft, at: Moment, isUnderWay: boolean) => {
  if (isUnderWay === (draft.turnSinceMs !== null)) return
  if (draft.turnSinceMs !== null) draft.usedMs += at.nowMs - draft.turnSinceMs
  draft.turnSinceMs = isUnderWay ? at.nowMs : null
  draft.idleSinceMs = at.nowMs
}

const started = (draft: Draft, at: Moment) => {
  if (draft.isWanted) return
  draft.isWanted = true
  const isSomebodyThere =
    draft.touchedAtMs !== null && at.nowMs - draft.touchedAtMs <= TOUCH_FRESH_MS
  // At the very first start somebody has just switched the kiosk on.
  if (!draft.hasStarted || isSomebodyThere) wakeUp(draft, at)
  draft.hasStarted = true
}

const woken = (draft: Draft, at: Moment) => {
  draft.touchedAtMs = at.nowMs
  if (!draft.isWanted) return
  if (!draft.isAwake) wakeUp(draft, at)
  // A wait that the other side asked for is kept.
  if (draft.retryAtMs !== null && draft.failure?.retryAfterSeconds === null) {
    draft.retryAtMs = Math.min(draft.retryAtMs, draft.failedAtMs + WAKE_RETRY_MS)
  }
}

const retriedNow = (draft: Draft, at: Moment) => {
  draft.standbyAtMs = Math.min(draft.standbyAtMs, at.nowMs)
  draft.isBlocked = false
  draft.retryAtMs = null
  // Not put to sleep for the time nobody could have asked anything.
  if (draft.primary === null) draft.idleSinceMs = at.nowMs
}

const applyEvent = (draft: Draft, tell: Tell, event: CallEvent, at: Moment): void => {
  switch (event.type) {
    case 'start':
      started(draft, at)
      return
    case 'stop':
      draft.isWanted = false
      fallAsleep(draft, tell)
      return
    case 'renew':
      closeAll(draft, tell)
      return
    case 'retry_now':
      retriedNow(draft, at)
      return
    case 'wake':
      woken(draft, at)
      return
    case 'replace':
      primaryLost(draft, tell, at, event.failure)
      return
    case 'turn':
      turnChanged(draft, at, event.isUnderWay)
      return
    case 'settings':
      draft.idleMinutes = event.idleMinutes
      draft.openingHours = event.openingHours
      return
    case 'opened':
      opened(draft, tell, at, event.id)
      return
    case 'not_opened':
      attemptFailed(draft, tell, at, event.id, event.failure)
      return
    case 'lost':
      callLost(draft, tell, at, event.id, event.failure)
      return
    case 'disconnected_changed':
      wavers(draft, event.id, event.isDisconnected)
      return
    case 'tick':
      return
    default:
      event satisfies never
  }
}

const keepAwakeOrNot = (draft: Draft, tell: Tell, at: Moment) => {
  if (isOpenFor(draft, at.minuteOfDay)) {
    if (!draft.isAwake) wakeUp(draft, at)
  } else if (draft.isAwake && isIdleFor(draft, at.nowMs)) fallAsleep(draft, tell)
}

const keepPrimary = (draft: Draft, tell: Tell, at: Moment) => {
  takeOver(draft, tell, at)
  if (draft.primary !== null || draft.opening !== null || draft.isBlocked) return
  if (draft.retryAtMs !== null && at.nowMs < draft.retryAtMs) return
  draft.retryAtMs = null
  draft.opening = openCall(draft, tell, pathNow(draft, at), 'on')
}

const rotateIfDue = (draft: Draft, tell: Tell, at: Moment) => {
  const { primary, standby } = draft
  if (primary === null || standby === null || standby.isDisconnected) return
  if (isStale(draft, standby, at.nowMs)) return
  const isBetterPath = primary.path === 'websocket' && standby.path === 'webrtc'
  const isNow = isRotationNow(draft, at.nowMs) || (isBetterPath && isIdleGap(draft, at.nowMs))
  if (isNow) rotate(draft, tell, at, standby)
}

const keepStandby = (draft: Draft, tell: Tell, at: Moment) => {
  if (draft.primary === null || draft.turnSinceMs !== null) return
  const { standby } = draft
  if (standby !== null) {
    const isPoor = isProbeDue(draft, at.nowMs) && standby.path === 'websocket'
    const isWanted = wantsStandby(draft, at)
    if (isPoor || !isWanted || isStale(draft, standby, at.nowMs)) closeStandby(draft, tell)
  }
  if (draft.standby !== null || draft.openingStandby !== null) return
  if (!wantsStandby(draft, at) || at.nowMs < draft.standbyAtMs) return
  draft.openingStandby = openCall(draft, tell, pathNow(draft, at), 'off')
}

/** What has to be so, whatever happened. */
const settle = (draft: Draft, tell: Tell, at: Moment) => {
  if (!draft.isWanted) return
  keepAwakeOrNot(draft, tell, at)
  if (!draft.isAwake) return
  keepPrimary(draft, tell, at)
  rotateIfDue(draft, tell, at)
  keepStandby(draft, tell, at)
}

/** Why a call is given up that its transport still holds to be good. */
export const replacedCallFailure = (reason: string): KioskFailure =>
  kioskFailure('call_dropped', `The call was replaced: ${reason}.`)

/** One step of the plan. `state` is not changed. */
export const reduceCalls = (state: CallState, event: CallEvent, at: Moment): CallStep => {
  const draft: Draft = { ...state }
  const effects: CallEffect[] = []
  const tell: Tell = (effect) => effects.push(effect)
  applyEvent(draft, tell, event, at)
  settle(draft, tell, at)
  return { state: draft, effects, checkAtMs: nextCheckAtMs(draft, at.nowMs) }
}
