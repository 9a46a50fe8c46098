// Decides which calls to open, use and close: one in use while it is wanted, and a standby call. Pure.
import type { CallState } from './call-state.ts'
import {
  isIdleFor,
  isIdleGap,
  isOpenFor,
  isProbeDue,
  isRotationNow,
  isStale,
  type Moment,
  nextCheckAtMs,
  TOUCH_FRESH_MS,
  WAKE_RETRY_MS
} from './call-timing.ts'
import {
  attemptFailed,
  type CallEffect,
  callLost,
  closeAll,
  closeOpening,
  closeStandby,
  type Draft,
  disconnectedChanged,
  type Emit,
  fallAsleep,
  openCall,
  opened,
  pathNow,
  primaryLost,
  rotate,
  takeOver,
  wakeUp,
  wantsStandby
} from './call-transitions.ts'
import { type KioskFailure, kioskFailure } from './failures.ts'
import type { OpeningHours } from './opening-hours.ts'

export type CallEvent =
  | { type: 'start' }
  | { type: 'stop' }
  /** The language or the restaurant changed: every call is outdated. */
  | { type: 'renew' }
  | { type: 'retry_now' }
  /** A touch, or a question that waits for a call. */
  | { type: 'wake' }
  /** The call in use is dead, although its transport is open. */
  | { type: 'replace'; failure: KioskFailure }
  /** The process that carries the calls is gone. */
  | { type: 'all_lost'; failure: KioskFailure }
  | { type: 'turn'; isUnderWay: boolean }
  | { type: 'settings'; idleMinutes: number; openingHours: OpeningHours | null }
  | { type: 'opened'; id: number }
  | { type: 'not_opened'; id: number; failure: KioskFailure }
  | { type: 'lost'; id: number; failure: KioskFailure }
  | { type: 'disconnected_changed'; id: number; isDisconnected: boolean }
  | { type: 'tick' }

export type CallStep = {
  state: CallState
  effects: readonly CallEffect[]
  /** When the next `tick` is due; null: never. */
  checkAtMs: number | null
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
  const isTouched = draft.touchedAtMs !== null && at.nowMs - draft.touchedAtMs <= TOUCH_FRESH_MS
  // Before the first start a person switched the kiosk on.
  if (!draft.hasStarted || isTouched) wakeUp(draft, at)
  draft.hasStarted = true
}

const woken = (draft: Draft, at: Moment) => {
  draft.touchedAtMs = at.nowMs
  if (!draft.isWanted) return
  if (!draft.isAwake) wakeUp(draft, at)
  // `Retry-After` is honoured.
  if (draft.retryAtMs !== null && draft.failure?.retryAfterSeconds === null) {
    draft.retryAtMs = Math.min(draft.retryAtMs, draft.failedAtMs + WAKE_RETRY_MS)
  }
}

const retriedNow = (draft: Draft, at: Moment) => {
  draft.standbyAtMs = Math.min(draft.standbyAtMs, at.nowMs)
  draft.isBlocked = false
  draft.retryAtMs = null
  // Time without a call is not idle time.
  if (draft.primary === null) draft.idleSinceMs = at.nowMs
}

const applyEvent = (draft: Draft, emit: Emit, event: CallEvent, at: Moment): void => {
  switch (event.type) {
    case 'start':
      started(draft, at)
      return
    case 'stop':
      draft.isWanted = false
      fallAsleep(draft, emit)
      return
    case 'renew':
      closeAll(draft, emit)
      return
    case 'retry_now':
      retriedNow(draft, at)
      return
    case 'wake':
      woken(draft, at)
      return
    case 'replace':
      primaryLost(draft, emit, at, event.failure)
      return
    case 'all_lost':
      closeOpening(draft, emit)
      // First, so that it does not take over.
      closeStandby(draft, emit)
      primaryLost(draft, emit, at, event.failure)
      return
    case 'turn':
      turnChanged(draft, at, event.isUnderWay)
      return
    case 'settings':
      draft.idleMinutes = event.idleMinutes
      draft.openingHours = event.openingHours
      return
    case 'opened':
      opened(draft, emit, at, event.id)
      return
    case 'not_opened':
      attemptFailed(draft, emit, at, event.id, event.failure)
      return
    case 'lost':
      callLost(draft, emit, at, event.id, event.failure)
      return
    case 'disconnected_changed':
      disconnectedChanged(draft, event.id, event.isDisconnected)
      return
    case 'tick':
      return
    default:
      event satisfies never
  }
}

const keepAwakeOrNot = (draft: Draft, emit: Emit, at: Moment) => {
  if (isOpenFor(draft, at.minuteOfDay)) {
    if (!draft.isAwake) wakeUp(draft, at)
  } else if (draft.isAwake && isIdleFor(draft, at.nowMs)) fallAsleep(draft, emit)
}

const keepPrimary = (draft: Draft, emit: Emit, at: Moment) => {
  takeOver(draft, emit, at)
  if (draft.primary !== null || draft.opening !== null || draft.isBlocked) return
  if (draft.retryAtMs !== null && at.nowMs < draft.retryAtMs) return
  draft.retryAtMs = null
  draft.opening = openCall(draft, emit, pathNow(draft, at), 'on')
}

const rotateIfDue = (draft: Draft, emit: Emit, at: Moment) => {
  const { primary, standby } = draft
  if (primary === null || standby === null || standby.isDisconnected) return
  if (isStale(draft, standby, at.nowMs)) return
  const isBetterPath = primary.path === 'websocket' && standby.path === 'webrtc'
  const isNow = isRotationNow(draft, at.nowMs) || (isBetterPath && isIdleGap(draft, at.nowMs))
  if (isNow) rotate(draft, emit, at, standby)
}

const keepStandby = (draft: Draft, emit: Emit, at: Moment) => {
  if (draft.primary === null || draft.turnSinceMs !== null) return
  const { standby } = draft
  if (standby !== null) {
    const isPoor = isProbeDue(draft, at.nowMs) && standby.path === 'websocket'
    const isWanted = wantsStandby(draft, at)
    if (isPoor || !isWanted || isStale(draft, standby, at.nowMs)) closeStandby(draft, emit)
  }
  if (draft.standby !== null || draft.openingStandby !== null) return
  if (!wantsStandby(draft, at) || at.nowMs < draft.standbyAtMs) return
  draft.openingStandby = openCall(draft, emit, pathNow(draft, at), 'off')
}

/** Establishes what holds after every event. */
const settle = (draft: Draft, emit: Emit, at: Moment) => {
  if (!draft.isWanted) return
  keepAwakeOrNot(draft, emit, at)
  if (!draft.isAwake) return
  keepPrimary(draft, emit, at)
  rotateIfDue(draft, emit, at)
  keepStandby(draft, emit, at)
}

export const replacedCallFailure = (reason: string): KioskFailure =>
  kioskFailure('call_dropped', `The call was replaced: ${reason}.`)

export const reduceCalls = (state: CallState, event: CallEvent, at: Moment): CallStep => {
  const draft: Draft = { ...state }
  const effects: CallEffect[] = []
  const emit: Emit = (effect) => effects.push(effect)
  applyEvent(draft, emit, event, at)
  settle(draft, emit, at)
  return { state: draft, effects, checkAtMs: nextCheckAtMs(draft, at.nowMs) }
}
