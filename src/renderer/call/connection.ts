// Keeps one call open for as long as it is wanted and a second one that stands by: carries out what the plan in
// call-plan.ts decides, and tells it what became of that.
import type { CallLimits } from '../../shared/call-limits.ts'
import type { Settings } from '../../shared/settings.ts'
import {
  type CallEffect,
  type CallEvent,
  reduceCalls,
  replacedCallFailure
} from './call-reducer.ts'
import { type ConnectionStatus, initialCallState, statusOf } from './call-state.ts'
import { type Attempt, kioskFailure } from './failures.ts'
import { WHOLE_DAY } from './opening-hours.ts'
import type { OpenTransport, Transport, TransportPath } from './transport.ts'

export type { ConnectionStatus } from './call-state.ts'

/** Why a call is not to be trusted any more, for the log. */
export type ReplaceReason = 'silent' | 'no_answer' | 'session_expired'

export type ConnectionPorts = {
  open: OpenTransport
  /** For networks that let no UDP through. */
  openWebSocket: OpenTransport
  limits: CallLimits
  settings: () => Pick<Settings, 'idleMinutes' | 'openingHours' | 'handsFree'>
  microphone: () => MediaStreamTrack | null
  /** Milliseconds that only grow. */
  now: () => number
  /** Minutes since midnight by the kiosk's own clock (`opening-hours.ts`). */
  minuteOfDay: () => number
  /** Schedules `run` and returns what stops it. */
  schedule: (run: () => void, ms: number) => () => void
  /** From 0 up to 1. */
  random: () => number
  onStatus: (status: ConnectionStatus) => void
  /** Another call is the one in use; `replay`: it has to be told what was said on the one before. */
  onOpened: (opened: { replay: boolean }) => void
  /** The call in use is gone: once before another `onOpened`, and in one tick with it when a standby takes over. */
  onLost: () => void
  /** Of the call in use only. */
  onMessage: (data: string) => void
  /** The answer's audio of the call in use; again when another call is. */
  onRemoteStream: (stream: MediaStream) => void
  /** A call over WebRTC that is closed is hung up at the model too. */
  hangUp: (callId: string) => void
}

export type Connection = {
  /** A call is wanted: at once when somebody is there or the restaurant is open, else from the first touch. */
  start: () => void
  /** Closes the calls and opens another: the language or the restaurant changed. */
  renew: () => void
  /** A person or the network says that now is a better moment than later. */
  retryNow: () => void
  /** Somebody touched the kiosk, or waits for a call. */
  wake: () => void
  /** The call in use does not do what it should: it is given up for another one. */
  replace: (reason: ReplaceReason) => void
  /** Calls are changed and opened between turns; time in turns is time in use. */
  turnChanged: (isUnderWay: boolean) => void
  settingsChanged: () => void
  stop: () => void
  /** The call in use. */
  transport: () => Transport | null
}

/** A call from the moment its opening began. */
type CallHandle = {
  path: TransportPath
  ending: AbortController
  transport: Transport | null
  /** What was put on it last. */
  microphone: MediaStreamTrack | null
  stream: MediaStream | null
}

const isSameStatus = (one: ConnectionStatus, other: ConnectionStatus): boolean =>
  JSON.stringify(one) === JSON.stringify(other)

export const createConnection = (ports: ConnectionPorts): Connection => {
  let state = initialCallState(ports.limits)
  let status: ConnectionStatus = statusOf(state)
  const calls = new Map<number, CallHandle>()
  let inUseId: number | null = null
  let stopLooking: (() => void) | null = null
  const pending: CallEvent[] = []
  let isStepping = false

  const inUse = () => (inUseId === null ? null : (calls.get(inUseId) ?? null))

  const hangUp = (path: TransportPath, transport: Transport) => {
    transport.close()
    // A relay ends with its port.
    if (path === 'webrtc') ports.hangUp(transport.callId)
  }

  const putMicrophone = (id: number, held: CallHandle, track: MediaStreamTrack | null) => {
    if (held.transport === null || held.microphone === track) return
    held.microphone = track
    held.transport.setMicrophone(track).catch((error: unknown) => {
      const failure = kioskFailure(
        'internal',
        `The microphone could not be attached to the call: ${String(error)}`
      )
      if (calls.has(id)) dispatch({ type: 'lost', id, failure })
    })
  }

  const open = async (id: number, path: TransportPath, microphone: MediaStreamTrack | null) => {
    const held: CallHandle = {
      path,
      ending: new AbortController(),
      transport: null,
      microphone,
      stream: null
    }
    calls.set(id, held)
    const isHeld = () => calls.get(id) === held
    const openTransport = path === 'webrtc' ? ports.open : ports.openWebSocket
    const attempt = await openTransport(
      microphone,
      {
        onMessage: (data) => inUseId === id && ports.onMessage(data),
        onRemoteStream: (stream) => {
          held.stream = stream
          if (inUseId === id) ports.onRemoteStream(stream)
        },
        onLost: (failure) => isHeld() && dispatch({ type: 'lost', id, failure }),
        onDisconnectedChange: (isDisconnected) =>
          isHeld() && dispatch({ type: 'disconnected_changed', id, isDisconnected })
      },
      held.ending.signal
    ).catch(
      (error: unknown): Attempt<Transport> => ({
        ok: false,
        failure: kioskFailure('internal', `Opening a call threw: ${String(error)}`)
      })
    )
    if (!isHeld()) {
      if (attempt.ok) hangUp(path, attempt.value)
    } else if (attempt.ok) {
      held.transport = attempt.value
      dispatch({ type: 'opened', id })
    } else {
      calls.delete(id)
      dispatch({ type: 'not_opened', id, failure: attempt.failure })
    }
  }

  const close = (id: number) => {
    const held = calls.get(id)
    if (held === undefined) return
    calls.delete(id)
    held.ending.abort()
    if (held.transport !== null) hangUp(held.path, held.transport)
  }

  const use = (id: number, replay: boolean) => {
    inUseId = id
    const held = calls.get(id)
    if (held === undefined) return
    // It may also have come, gone or changed while the call was being opened.
    putMicrophone(id, held, ports.microphone())
    if (held.stream !== null) ports.onRemoteStream(held.stream)
    ports.onOpened({ replay })
  }

  const run = (effect: CallEffect): void => {
    switch (effect.type) {
      case 'open':
        void open(effect.id, effect.path, effect.microphone === 'on' ? ports.microphone() : null)
        return
      case 'close':
        close(effect.id)
        return
      case 'use':
        use(effect.id, effect.replay)
        return
      case 'lost':
        inUseId = null
        ports.onLost()
        return
      default:
        effect satisfies never
    }
  }

  const step = (event: CallEvent) => {
    const nowMs = ports.now()
    const moment = { nowMs, minuteOfDay: ports.minuteOfDay(), random: ports.random() }
    const next = reduceCalls(state, event, moment)
    state = next.state
    stopLooking?.()
    stopLooking =
      next.checkAtMs === null
        ? null
        : ports.schedule(() => {
            stopLooking = null
            dispatch({ type: 'tick' })
          }, next.checkAtMs - nowMs)
    for (const effect of next.effects) run(effect)
    const now = statusOf(state)
    if (isSameStatus(status, now)) return
    status = now
    ports.onStatus(now)
  }

  /** What an effect brings about at once waits for the effects beside it. */
  const dispatch = (event: CallEvent) => {
    pending.push(event)
    if (isStepping) return
    isStepping = true
    try {
      for (let next = pending.shift(); next !== undefined; next = pending.shift()) step(next)
    } finally {
      isStepping = false
    }
  }

  const settingsChanged = () => {
    const { idleMinutes, openingHours, handsFree } = ports.settings()
    // Where nobody can press, nobody can wake it.
    const hours = openingHours ?? (handsFree ? WHOLE_DAY : null)
    dispatch({ type: 'settings', idleMinutes, openingHours: hours })
  }

  return {
    start: () => {
      settingsChanged()
      dispatch({ type: 'start' })
    },
    renew: () => dispatch({ type: 'renew' }),
    retryNow: () => dispatch({ type: 'retry_now' }),
    wake: () => dispatch({ type: 'wake' }),
    replace: (reason) => dispatch({ type: 'replace', failure: replacedCallFailure(reason) }),
    turnChanged: (isUnderWay) => dispatch({ type: 'turn', isUnderWay }),
    settingsChanged,
    stop: () => dispatch({ type: 'stop' }),
    transport: () => inUse()?.transport ?? null
  }
}
