// Keeps one call open for as long as it is wanted: opens it, opens it again when it is lost, and closes
// it at the model when it is not wanted any more.
import { type KioskFailure, kioskFailure } from './failures.ts'
import { reconnectDelayMs } from './reconnect.ts'
import type { OpenTransport, Transport } from './transport.ts'

export type ConnectionStatus =
  | { state: 'stopped' }
  | { state: 'connecting'; failure: KioskFailure | null }
  | { state: 'connected' }
  /** The last attempt failed; the next one comes by itself. */
  | { state: 'waiting'; failure: KioskFailure }
  /** The last attempt failed in a way that only a person can change. */
  | { state: 'blocked'; failure: KioskFailure }

export type ConnectionPorts = {
  open: OpenTransport
  microphone: () => MediaStreamTrack | null
  /** Schedules `run` and returns what stops it. */
  schedule: (run: () => void, ms: number) => () => void
  /** From 0 up to 1. */
  random: () => number
  onStatus: (status: ConnectionStatus) => void
  onMessage: (data: string) => void
  onRemoteStream: (stream: MediaStream) => void
  /** A call that was closed on purpose is hung up at the model too. */
  hangUp: (callId: string) => void
}

export type Connection = {
  start: () => void
  /** Closes the call and opens another: the language or the restaurant changed. */
  renew: () => void
  /** A person or the network says that now is a better moment than later. */
  retryNow: () => void
  stop: () => void
  transport: () => Transport | null
}

export const createConnection = (ports: ConnectionPorts): Connection => {
  /** Grows with every attempt: what belongs to an older one is thrown away when it arrives. */
  let attemptId = 0
  let failuresInARow = 0
  let isWanted = false
  let isOpening = false
  let transport: Transport | null = null
  let aborter: AbortController | null = null
  let stopWaiting: (() => void) | null = null
  let lastFailure: KioskFailure | null = null

  const closeCurrent = () => {
    attemptId += 1
    isOpening = false
    aborter?.abort()
    aborter = null
    stopWaiting?.()
    stopWaiting = null
    const open = transport
    transport = null
    if (open === null) return
    open.close()
    ports.hangUp(open.callId)
  }

  const failed = (failure: KioskFailure) => {
    lastFailure = failure
    failuresInARow += 1
    const delayMs = reconnectDelayMs(failure, failuresInARow, ports.random())
    if (delayMs === null) {
      ports.onStatus({ state: 'blocked', failure })
      return
    }
    stopWaiting = ports.schedule(() => {
      stopWaiting = null
      void connect()
    }, delayMs)
    ports.onStatus({ state: 'waiting', failure })
  }

  const connect = async () => {
    const id = ++attemptId
    const isCurrent = () => id === attemptId && isWanted
    const ending = new AbortController()
    aborter = ending
    isOpening = true
    ports.onStatus({ state: 'connecting', failure: lastFailure })
    const track = ports.microphone()
    const attempt = await ports
      .open(
        track,
        {
          onMessage: (data) => isCurrent() && ports.onMessage(data),
          onRemoteStream: (stream) => isCurrent() && ports.onRemoteStream(stream),
          onLost: (failure) => {
            if (!isCurrent()) return
            transport = null
            failed(failure)
          }
        },
        ending.signal
      )
      .catch((error: unknown) => ({
        ok: false as const,
        failure: kioskFailure('internal', `Opening a call threw: ${String(error)}`)
      }))
    if (!isCurrent()) {
      if (attempt.ok) {
        attempt.value.close()
        ports.hangUp(attempt.value.callId)
      }
      return
    }
    isOpening = false
    if (!attempt.ok) {
      failed(attempt.failure)
      return
    }
    failuresInARow = 0
    lastFailure = null
    transport = attempt.value
    // The microphone may have come, gone or changed while the call was being opened.
    if (ports.microphone() !== track) void transport.setMicrophone(ports.microphone())
    ports.onStatus({ state: 'connected' })
  }

  return {
    start: () => {
      if (isWanted) return
      isWanted = true
      failuresInARow = 0
      lastFailure = null
      void connect()
    },
    renew: () => {
      if (!isWanted) return
      closeCurrent()
      failuresInARow = 0
      lastFailure = null
      void connect()
    },
    retryNow: () => {
      if (!isWanted || isOpening || transport !== null) return
      closeCurrent()
      void connect()
    },
    stop: () => {
      isWanted = false
      closeCurrent()
      ports.onStatus({ state: 'stopped' })
    },
    transport: () => transport
  }
}
