// One call over WebRTC: audio both ways, and the events on the `oai-events` channel. The offer goes out
// and the answer comes back through main; this side has no key and no network permission.
import type { Bridge } from '../../shared/contract.ts'
import type { Language } from '../../shared/language.ts'
import type { ClientEvent } from './client-events.ts'
import { type Attempt, fromMain, type KioskFailure, kioskFailure } from './failures.ts'
import type { OpenTransport, Transport, TransportEvents } from './transport.ts'

/** From the answer to an open channel; beyond it the network does not let WebRTC through. */
export const CONNECT_LIMIT_MS = 15_000

/** `disconnected` comes and goes with a blink of the network; only what lasts is a loss. */
export const DISCONNECTED_GRACE_MS = 5_000

/** The channel has to exist before the offer, under this name. */
const CHANNEL_LABEL = 'oai-events'

type Peer = {
  connection: RTCPeerConnection
  channel: RTCDataChannel
  sender: RTCRtpSender
}

const createPeer = (microphone: MediaStreamTrack | null): Peer => {
  const connection = new RTCPeerConnection()
  const channel = connection.createDataChannel(CHANNEL_LABEL)
  const { sender } = connection.addTransceiver(microphone ?? 'audio', { direction: 'sendrecv' })
  return { connection, channel, sender }
}

/** Handlers go first: a close of our own must not report itself as a loss. */
const dispose = ({ connection, channel }: Peer) => {
  connection.ontrack = null
  connection.onconnectionstatechange = null
  channel.onopen = null
  channel.onclose = null
  channel.onmessage = null
  channel.close()
  connection.close()
}

const watchForLoss = (peer: Peer, lost: (failure: KioskFailure) => void): (() => void) => {
  let grace: ReturnType<typeof setTimeout> | null = null
  const stopGrace = () => {
    if (grace !== null) clearTimeout(grace)
    grace = null
  }
  peer.connection.onconnectionstatechange = () => {
    const state = peer.connection.connectionState
    if (state === 'failed' || state === 'closed') {
      stopGrace()
      lost(kioskFailure('call_dropped', `The connection is ${state}.`))
    } else if (state === 'disconnected') {
      grace ??= setTimeout(
        () => lost(kioskFailure('call_dropped', 'The connection stayed disconnected.')),
        DISCONNECTED_GRACE_MS
      )
    } else {
      stopGrace()
    }
  }
  peer.channel.onclose = () => {
    stopGrace()
    lost(kioskFailure('call_dropped', 'The event channel was closed.'))
  }
  return stopGrace
}

const opened = (peer: Peer, signal: AbortSignal): Promise<KioskFailure | null> =>
  new Promise((resolve) => {
    const finish = (failure: KioskFailure | null) => {
      clearTimeout(limit)
      signal.removeEventListener('abort', abort)
      resolve(failure)
    }
    const abort = () => finish(kioskFailure('call_dropped', 'The call was given up.'))
    const limit = setTimeout(
      () => finish(kioskFailure('call_timeout', 'The event channel did not open in time.')),
      CONNECT_LIMIT_MS
    )
    signal.addEventListener('abort', abort)
    if (signal.aborted) abort()
    peer.channel.onopen = () => finish(null)
    if (peer.channel.readyState === 'open') finish(null)
    peer.connection.onconnectionstatechange = () => {
      if (peer.connection.connectionState === 'failed') {
        finish(kioskFailure('call_timeout', 'No connection to the model could be made.'))
      }
    }
  })

const transportOver = (
  peer: Peer,
  call: { callId: string; model: string },
  events: TransportEvents
): Transport => {
  let isClosed = false
  const close = () => {
    if (isClosed) return
    isClosed = true
    stopWatching()
    dispose(peer)
  }
  const stopWatching = watchForLoss(peer, (failure) => {
    if (isClosed) return
    close()
    events.onLost(failure)
  })
  return {
    ...call,
    send: (event: ClientEvent) => {
      if (isClosed || peer.channel.readyState !== 'open') return false
      peer.channel.send(JSON.stringify(event))
      return true
    },
    setMicrophone: async (track) => {
      if (!isClosed) await peer.sender.replaceTrack(track)
    },
    close
  }
}

/**
 * Opens calls through `bridge`. Failures are values: main's own codes, `call_timeout` when WebRTC does
 * not connect within its limit, `internal` when the answer is none.
 * @param language gives the language in use when the call is made
 */
export const webRtcTransport =
  (bridge: Bridge, language: () => Language): OpenTransport =>
  async (microphone, events, signal): Promise<Attempt<Transport>> => {
    const peer = createPeer(microphone)
    const giveUp = (failure: KioskFailure): Attempt<Transport> => {
      dispose(peer)
      return { ok: false, failure }
    }
    peer.connection.ontrack = ({ track, streams }) =>
      events.onRemoteStream(streams[0] ?? new MediaStream([track]))
    // Events may follow the opening at once, before the awaits below have run on.
    peer.channel.onmessage = ({ data }) => {
      if (typeof data === 'string') events.onMessage(data)
    }

    await peer.connection.setLocalDescription()
    const offerSdp = peer.connection.localDescription?.sdp ?? ''
    const answered = await bridge.call('calls.open', { offerSdp, language: language() })
    if (!answered.ok) return giveUp(fromMain(answered.error))
    const { callId, answerSdp, model } = answered.value
    const abandon = (failure: KioskFailure): Attempt<Transport> => {
      // The model's side is open and is billed by what it hears: it is hung up, not forgotten.
      void bridge.call('calls.hangUp', { callId })
      return giveUp(failure)
    }
    if (signal.aborted) return abandon(kioskFailure('call_dropped', 'The call was given up.'))
    const opening = opened(peer, signal)
    try {
      await peer.connection.setRemoteDescription({ type: 'answer', sdp: answerSdp })
    } catch (error) {
      return abandon(kioskFailure('internal', `The answer is no SDP: ${String(error)}`))
    }
    const failure = await opening
    if (failure !== null) return abandon(failure)
    return { ok: true, value: transportOver(peer, { callId, model }, events) }
  }
