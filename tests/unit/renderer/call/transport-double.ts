// Fake transports that open, fail and are lost on request.
import { type Attempt, kioskFailure } from '../../../../src/renderer/call/failures.ts'
import type {
  OpenTransport,
  Transport,
  TransportEvents,
  TransportPath
} from '../../../../src/renderer/call/transport.ts'
import type { FailureCode } from '../../../../src/shared/failure.ts'
import { settle } from '../../main/fake-clock.ts'

/** Only the identity of a track matters here. */
export const fakeTrack = (id: string): MediaStreamTrack => ({ id }) as MediaStreamTrack
export const fakeStream = (id: string): MediaStream => ({ id }) as MediaStream

export type FakeCall = {
  callId: string
  path: TransportPath
  events: TransportEvents
  signal: AbortSignal
  /** Every microphone of the call, the first one included. */
  microphones: (MediaStreamTrack | null)[]
  isOpen: boolean
  isClosed: boolean
  opens: () => Promise<void>
  fails: (code: FailureCode) => Promise<void>
  loses: () => void
}

export const createTransportDouble = () => {
  const calls: FakeCall[] = []
  const openBy =
    (path: TransportPath): OpenTransport =>
    (microphone, events, signal) =>
      new Promise<Attempt<Transport>>((resolve) => {
        const call: FakeCall = {
          callId: `rtc_${calls.length + 1}`,
          path,
          events,
          signal,
          microphones: [microphone],
          isOpen: false,
          isClosed: false,
          opens: () => {
            call.isOpen = true
            resolve({ ok: true, value: transport })
            return settle()
          },
          fails: (code) => {
            call.isClosed = true
            resolve({ ok: false, failure: kioskFailure(code, code) })
            return settle()
          },
          loses: () => events.onLost(kioskFailure('call_dropped', 'gone'))
        }
        const transport: Transport = {
          path,
          callId: call.callId,
          send: () => !call.isClosed,
          setMicrophone: async (track) => {
            call.microphones.push(track)
          },
          setGate: () => {},
          audioPacketsReceived: async () => 0,
          audioPacketsSent: async () => 0,
          sentAudio: async () => null,
          close: () => {
            call.isClosed = true
          }
        }
        calls.push(call)
      })
  return { calls, open: openBy('webrtc'), openWebSocket: openBy('websocket') }
}
