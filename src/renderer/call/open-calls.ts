// Holds the calls that are open or opening, by id: opens, uses and closes them, and moves the microphone between them.
import type { CallEvent } from './call-reducer.ts'
import { type Attempt, kioskFailure } from './failures.ts'
import type { OpenTransport, Transport, TransportPath } from './transport.ts'

export type OpenCallsPorts = {
  open: OpenTransport
  /** For networks that block UDP. */
  openWebSocket: OpenTransport
  microphone: () => MediaStreamTrack | null
  /** Ends a WebRTC call at the model too; a WebSocket ends with its port. */
  hangUp: (callId: string) => void
  /** Messages of the call in use. */
  onMessage: (data: string) => void
  /** The answer's audio of the call in use; again when another call is in use. */
  onRemoteStream: (stream: MediaStream) => void
  dispatch: (event: CallEvent) => void
}

export type OpenCalls = {
  open: (id: number, path: TransportPath, microphone: 'on' | 'off') => void
  close: (id: number) => void
  /** Gives the call its microphone and its audio. Returns false when the call is closed already. */
  use: (id: number) => boolean
  /** No call is in use. */
  release: () => void
  /** The transport in use. */
  transport: () => Transport | null
}

/** A call from the moment its opening began. */
type OpenCall = {
  path: TransportPath
  aborter: AbortController
  transport: Transport | null
  /** The track that was attached last. */
  microphone: MediaStreamTrack | null
  stream: MediaStream | null
}

export const createOpenCalls = (ports: OpenCallsPorts): OpenCalls => {
  const { dispatch } = ports
  const calls = new Map<number, OpenCall>()
  let inUseId: number | null = null

  const hangUp = (path: TransportPath, transport: Transport) => {
    transport.close()
    if (path === 'webrtc') ports.hangUp(transport.callId)
  }

  const attachMicrophone = (id: number, call: OpenCall, track: MediaStreamTrack | null) => {
    if (call.transport === null || call.microphone === track) return
    call.microphone = track
    call.transport.setMicrophone(track).catch((error: unknown) => {
      const message = `The microphone could not be attached to the call: ${String(error)}`
      if (calls.has(id)) dispatch({ type: 'lost', id, failure: kioskFailure('internal', message) })
    })
  }

  const attempt = (id: number, call: OpenCall, isOpen: () => boolean) =>
    (call.path === 'webrtc' ? ports.open : ports.openWebSocket)(
      call.microphone,
      {
        onMessage: (data) => inUseId === id && ports.onMessage(data),
        onRemoteStream: (stream) => {
          call.stream = stream
          if (inUseId === id) ports.onRemoteStream(stream)
        },
        onLost: (failure) => isOpen() && dispatch({ type: 'lost', id, failure }),
        onDisconnectedChange: (isDisconnected) =>
          isOpen() && dispatch({ type: 'disconnected_changed', id, isDisconnected })
      },
      call.aborter.signal
    ).catch(
      (error: unknown): Attempt<Transport> => ({
        ok: false,
        failure: kioskFailure('internal', `Opening a call threw: ${String(error)}`)
      })
    )

  const open = async (id: number, path: TransportPath, microphone: MediaStreamTrack | null) => {
    const call: OpenCall = {
      path,
      aborter: new AbortController(),
      transport: null,
      microphone,
      stream: null
    }
    calls.set(id, call)
    const isOpen = () => calls.get(id) === call
    const opened = await attempt(id, call, isOpen)
    if (!isOpen()) {
      if (opened.ok) hangUp(path, opened.value)
    } else if (opened.ok) {
      call.transport = opened.value
      dispatch({ type: 'opened', id })
    } else {
      calls.delete(id)
      dispatch({ type: 'not_opened', id, failure: opened.failure })
    }
  }

  return {
    open: (id, path, microphone) =>
      void open(id, path, microphone === 'on' ? ports.microphone() : null),
    close: (id) => {
      const call = calls.get(id)
      if (call === undefined) return
      calls.delete(id)
      call.aborter.abort()
      if (call.transport !== null) hangUp(call.path, call.transport)
    },
    use: (id) => {
      inUseId = id
      const call = calls.get(id)
      if (call === undefined) return false
      // The microphone may have changed while the call was opened.
      attachMicrophone(id, call, ports.microphone())
      if (call.stream !== null) ports.onRemoteStream(call.stream)
      return true
    },
    release: () => {
      inUseId = null
    },
    transport: () => (inUseId === null ? null : (calls.get(inUseId)?.transport ?? null))
  }
}
