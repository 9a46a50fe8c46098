// Keeps one call open while it is wanted, and a standby call beside it: runs the effects of `reduceCalls`.
import type { CallLimits } from '../../shared/call-limits.ts'
import type { Settings } from '../../shared/settings.ts'
import { createTimer, type Schedule } from '../schedule.ts'
import { type CallEvent, reduceCalls, replacedCallFailure } from './call-reducer.ts'
import { type ConnectionStatus, initialCallState, statusOf } from './call-state.ts'
import type { CallEffect } from './call-transitions.ts'
import { createEventQueue } from './event-queue.ts'
import { kioskFailure } from './failures.ts'
import { createOpenCalls, type OpenCallsPorts } from './open-calls.ts'
import { WHOLE_DAY } from './opening-hours.ts'
import type { Transport } from './transport.ts'

/** Why a call is replaced, for the log. */
export type ReplaceReason = 'silent' | 'no_answer' | 'session_expired'

export type ConnectionPorts = Omit<OpenCallsPorts, 'dispatch' | 'onMessage' | 'onRemoteStream'> & {
  limits: CallLimits
  settings: () => Pick<Settings, 'idleMinutes' | 'openingHours' | 'handsFree'>
  /** Monotonic milliseconds. */
  now: () => number
  /** Minutes since midnight in the kiosk's time zone. */
  minuteOfDay: () => number
  /** Schedules `run` and returns what stops it. */
  schedule: Schedule
  /** From 0 up to 1. */
  random: () => number
}

export type ConnectionListener = Pick<OpenCallsPorts, 'onMessage' | 'onRemoteStream'> & {
  onStatus: (status: ConnectionStatus) => void
  /** Another call is in use; `replay`: it needs the exchanges of the last one. */
  onOpened: (opened: { replay: boolean }) => void
  /** The call in use is gone. A standby call takes over in the same tick. */
  onLost: () => void
}

export type Connection = {
  /** Set once, before `start`. */
  listen: (listener: ConnectionListener) => void
  /** Wants a call: at once after a touch or within opening hours, else from the next touch. */
  start: () => void
  /** Closes the calls and opens another: the language or the restaurant changed. */
  renew: () => void
  /** Retries without waiting: on a person's request, or after the network came back. */
  retryNow: () => void
  /** A touch, or a question that waits for a call. */
  wake: () => void
  /** Gives up the call in use for another one. */
  replace: (reason: ReplaceReason) => void
  /** All calls are gone, also those whose transport reports nothing yet. */
  allLost: () => void
  /** Calls are changed and opened between turns; time in turns is time in use. */
  turnChanged: (isUnderWay: boolean) => void
  settingsChanged: () => void
  stop: () => void
  /** The transport of the call in use. */
  transport: () => Transport | null
}

const ALL_LOST_FAILURE = kioskFailure('call_dropped', 'The process that carries the calls is gone.')

const isSameStatus = (one: ConnectionStatus, other: ConnectionStatus): boolean =>
  JSON.stringify(one) === JSON.stringify(other)

export const createConnection = (ports: ConnectionPorts): Connection => {
  let state = initialCallState(ports.limits)
  let status: ConnectionStatus = statusOf(state)
  const check = createTimer(ports.schedule)
  let listener: ConnectionListener | null = null

  const dispatch = createEventQueue<CallEvent>((event) => {
    const nowMs = ports.now()
    const moment = { nowMs, minuteOfDay: ports.minuteOfDay(), random: ports.random() }
    const next = reduceCalls(state, event, moment)
    state = next.state
    if (next.checkAtMs === null) check.stop()
    else check.start(() => dispatch({ type: 'tick' }), next.checkAtMs - nowMs)
    for (const effect of next.effects) run(effect)
    const now = statusOf(state)
    if (isSameStatus(status, now)) return
    status = now
    listener?.onStatus(now)
  })

  const calls = createOpenCalls({
    ...ports,
    onMessage: (data) => listener?.onMessage(data),
    onRemoteStream: (stream) => listener?.onRemoteStream(stream),
    dispatch
  })

  const run = (effect: CallEffect): void => {
    switch (effect.type) {
      case 'open':
        calls.open(effect.id, effect.path, effect.microphone)
        return
      case 'close':
        calls.close(effect.id)
        return
      case 'use':
        if (calls.use(effect.id)) listener?.onOpened({ replay: effect.replay })
        return
      case 'lost':
        calls.release()
        listener?.onLost()
        return
      default:
        effect satisfies never
    }
  }

  const settingsChanged = () => {
    const { idleMinutes, openingHours, handsFree } = ports.settings()
    // Hands-free there is no press to wake the kiosk.
    const hours = openingHours ?? (handsFree ? WHOLE_DAY : null)
    dispatch({ type: 'settings', idleMinutes, openingHours: hours })
  }

  return {
    listen: (given) => {
      listener = given
    },
    start: () => {
      settingsChanged()
      dispatch({ type: 'start' })
    },
    renew: () => dispatch({ type: 'renew' }),
    retryNow: () => dispatch({ type: 'retry_now' }),
    wake: () => dispatch({ type: 'wake' }),
    replace: (reason) => dispatch({ type: 'replace', failure: replacedCallFailure(reason) }),
    allLost: () => dispatch({ type: 'all_lost', failure: ALL_LOST_FAILURE }),
    turnChanged: (isUnderWay) => dispatch({ type: 'turn', isUnderWay }),
    settingsChanged,
    stop: () => dispatch({ type: 'stop' }),
    transport: calls.transport
  }
}
