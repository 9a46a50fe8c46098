// One call over WebRTC: audio both ways, and the events on the `oai-events` channel. The offer goes out
// and the answer comes back through main; this side has no key and no network permission.
import type { Bridge } from '../../shared/contract.ts'
import type { Language } from '../../shared/language.ts'
import type { ClientEvent } from './client-events.ts'
import { type Attempt, failureFromMain, type KioskFailure, kioskFailure } from './failures.ts'
import type { SentAudio } from './hold-packet-loss.ts'
import type { PrewarmedPeer } from './prewarmed-peer.ts'
import type { OpenTransport, Transport, TransportEvents } from './transport.ts'
import { hasChannel, WARP_CHANNEL_ID, WARP_LIMIT_MS, type Warp } from './warp.ts'
import { createOfferingPeer, disposePeer, type OfferingPeer, type Peer } from './webrtc-peer.ts'

/**
 * From the answer to an open channel: six round trips at 500 ms, three seconds, and as many again for handshake
 * packets that were lost, with two to spare. Beyond it the network does not let WebRTC through, and somebody waits.
 */
export const CONNECT_LIMIT_MS = 8_000

/** `disconnected` comes and goes with a blink of the network; only what lasts is a loss. */
export const DISCONNECTED_GRACE_MS = 5_000

/**
 * From the answer to a path, where the offer had waited: four round trips at 500 ms. Without one by then the addresses
 * may be old, and the call is made anew in what is left of the limit.
 */
export const PREWARMED_PATH_LIMIT_MS = 2_000

type Watcher = Pick<TransportEvents, 'onLost' | 'onDisconnectedChange'>

const watchForLoss = (peer: Peer, { onLost, onDisconnectedChange }: Watcher): (() => void) => {
  let grace: ReturnType<typeof setTimeout> | null = null
  const stopGrace = () => {
    if (grace !== null) clearTimeout(grace)
    grace = null
  }
  const lost = (message: string) => {
    stopGrace()
    onLost(kioskFailure('call_dropped', message))
  }
  const judge = () => {
    const state = peer.connection.connectionState
    if (state === 'failed' || state === 'closed') lost(`The connection is ${state}.`)
    else if (state === 'disconnected') {
      if (grace !== null) return
      grace = setTimeout(() => lost('The connection stayed disconnected.'), DISCONNECTED_GRACE_MS)
      onDisconnectedChange(true)
    } else if (grace !== null) {
      stopGrace()
      onDisconnectedChange(false)
    }
  }
  peer.connection.onconnectionstatechange = judge
  peer.channel.onclose = () => lost('The event channel was closed.')
  return stopGrace
}

type Limits = {
  /** To the open channel. */
  openMs: number
  /** To a path that carries anything; null: no less than to the channel. */
  pathMs: number | null
}

/** A channel that both sides know beforehand is open before the model knows of it: there its word is waited for. */
const opened = (
  peer: OfferingPeer,
  signal: AbortSignal,
  { openMs, pathMs }: Limits
): Promise<KioskFailure | null> =>
  new Promise((resolve) => {
    let isOpen = peer.channel.readyState === 'open'
    let isProven = peer.setup === 'ordinary'
    const finish = (failure: KioskFailure | null) => {
      clearTimeout(openLimit)
      if (pathLimit !== null) clearTimeout(pathLimit)
      signal.removeEventListener('abort', abort)
      peer.channel.removeEventListener('message', prove)
      resolve(failure)
    }
    const judge = () => {
      if (isOpen && isProven) finish(null)
    }
    const prove = () => {
      isProven = true
      judge()
    }
    const abort = () => finish(kioskFailure('call_dropped', 'Opening the call was aborted.'))
    const tooLate = (message: string) => finish(kioskFailure('call_timeout', message))
    const openLimit = setTimeout(
      () => tooLate('The event channel did not open in time.'),
      peer.setup === 'warp' ? WARP_LIMIT_MS : openMs
    )
    const pathLimit =
      pathMs === null
        ? null
        : setTimeout(() => {
            const { iceConnectionState } = peer.connection
            if (iceConnectionState === 'connected' || iceConnectionState === 'completed') return
            tooLate('The prewarmed offer found no ICE path.')
          }, pathMs)
    signal.addEventListener('abort', abort)
    if (signal.aborted) abort()
    peer.channel.addEventListener('message', prove)
    peer.channel.onopen = () => {
      isOpen = true
      judge()
    }
    peer.connection.onconnectionstatechange = () => {
      if (peer.connection.connectionState === 'failed') {
        tooLate('No connection to the model could be made.')
      }
    }
    judge()
  })

type RtpReport = {
  type: string
  kind?: string
  packetsReceived?: number
  packetsSent?: number
  /** Of a remote one: as the far end last reported, and when its report came. */
  packetsLost?: number
  timestamp?: number
}

const audioPackets = async (
  connection: RTCPeerConnection,
  direction: 'received' | 'sent'
): Promise<number> => {
  const type = direction === 'received' ? 'inbound-rtp' : 'outbound-rtp'
  let packets = 0
  const statistics = await connection.getStats()
  statistics.forEach((report: RtpReport) => {
    if (report.type !== type || report.kind !== 'audio') return
    packets += (direction === 'received' ? report.packetsReceived : report.packetsSent) ?? 0
  })
  return packets
}

const sentAudio = async (connection: RTCPeerConnection): Promise<SentAudio> => {
  const sent: SentAudio = { packetsSent: 0, packetsLost: 0, reportAtMs: null }
  const statistics = await connection.getStats()
  statistics.forEach((report: RtpReport) => {
    if (report.kind !== 'audio') return
    if (report.type === 'outbound-rtp') sent.packetsSent += report.packetsSent ?? 0
    if (report.type !== 'remote-inbound-rtp') return
    sent.packetsLost += report.packetsLost ?? 0
    sent.reportAtMs = Math.max(sent.reportAtMs ?? 0, report.timestamp ?? 0)
  })
  return sent
}

const transportOver = (
  peer: Peer,
  call: { callId: string; model: string },
  given: MediaStreamTrack | null,
  events: TransportEvents
): Transport => {
  let isClosed = false
  let microphone = given
  let gate: 'open' | 'closed' = 'closed'
  const putOnSender = async () => {
    if (!isClosed) await peer.sender.replaceTrack(gate === 'open' ? microphone : null)
  }
  const close = () => {
    if (isClosed) return
    isClosed = true
    stopWatching()
    disposePeer(peer)
  }
  const stopWatching = watchForLoss(peer, {
    onLost: (failure) => {
      if (isClosed) return
      close()
      events.onLost(failure)
    },
    onDisconnectedChange: events.onDisconnectedChange
  })
  return {
    path: 'webrtc',
    ...call,
    send: (event: ClientEvent) => {
      if (isClosed || peer.channel.readyState !== 'open') return false
      peer.channel.send(JSON.stringify(event))
      return true
    },
    setMicrophone: async (track) => {
      microphone = track
      if (gate === 'open') await putOnSender()
    },
    setGate: (wanted) => {
      if (gate === wanted) return
      gate = wanted
      putOnSender().catch((error: unknown) => {
        // Nothing that is said would reach the model: the hold goes on in its recording, for another call.
        if (gate === 'open' && !isClosed) {
          close()
          events.onLost(
            kioskFailure('internal', `The microphone track could not be attached: ${error}`)
          )
        }
      })
    },
    audioPacketsReceived: () => audioPackets(peer.connection, 'received'),
    audioPacketsSent: () => audioPackets(peer.connection, 'sent'),
    sentAudio: () => sentAudio(peer.connection),
    close
  }
}

/** What may be the way's fault rather than the network's or the model's. */
const isBlamedOnWarp = ({ code }: KioskFailure): boolean =>
  code === 'call_timeout' || code === 'model_refused' || code === 'internal'

/** What may be the fault of an offer that is old: its addresses, or what became of it while it waited. */
const isBlamedOnAge = ({ code }: KioskFailure): boolean =>
  code === 'call_timeout' || code === 'internal'

export type WebRtcPorts = {
  bridge: Bridge
  /** The language in use when the call is made. */
  language: () => Language
  /** The quick way, tried first where there is one. */
  warp: Warp
  /** An offer that was made beforehand, tried first where there is one. */
  ready: Pick<PrewarmedPeer, 'take'>
}

/**
 * Opens calls through `bridge`. Failures are values: main's own codes, `call_timeout` when WebRTC does
 * not connect within its limit, `internal` when the answer is none.
 */
export const webRtcTransport = ({ bridge, language, warp, ready }: WebRtcPorts): OpenTransport => {
  const openCall = async (
    [microphone, events, signal]: Parameters<OpenTransport>,
    peer: OfferingPeer,
    limits: Limits
  ): Promise<Attempt<Transport>> => {
    const giveUp = (failure: KioskFailure): Attempt<Transport> => {
      disposePeer(peer)
      return { ok: false, failure }
    }
    peer.connection.ontrack = ({ track, streams }) =>
      events.onRemoteStream(streams[0] ?? new MediaStream([track]))
    // Events may follow the opening at once, before the awaits below have run on.
    peer.channel.onmessage = ({ data }) => {
      if (typeof data === 'string') events.onMessage(data)
    }

    const answered = await bridge.call('calls.open', {
      offerSdp: peer.offerSdp,
      language: language(),
      ...(peer.setup === 'warp' ? { channelId: WARP_CHANNEL_ID } : {})
    })
    if (!answered.ok) return giveUp(failureFromMain(answered.error))
    const { callId, answerSdp, model } = answered.value
    const abandon = (failure: KioskFailure): Attempt<Transport> => {
      // The model's side is open and is billed by what it hears: it is hung up, not forgotten.
      void bridge.call('calls.hangUp', { callId })
      return giveUp(failure)
    }
    if (signal.aborted)
      return abandon(kioskFailure('call_dropped', 'Opening the call was aborted.'))
    if (!hasChannel(answerSdp)) {
      return abandon(kioskFailure('internal', 'The SDP answer has no data channel.'))
    }
    const opening = opened(peer, signal, limits)
    try {
      await peer.connection.setRemoteDescription({ type: 'answer', sdp: answerSdp })
    } catch (error) {
      return abandon(kioskFailure('internal', `The SDP answer was rejected: ${String(error)}`))
    }
    const failure = await opening
    if (failure !== null) return abandon(failure)
    return { ok: true, value: transportOver(peer, { callId, model }, microphone, events) }
  }

  return async (...asked) => {
    const [, , signal] = asked
    // Not awaited where it is known: the offer that is ready goes out in the tick of the press.
    const isWarp = warp.known() ?? (await warp.isOffered())
    let limits: Limits = { openMs: CONNECT_LIMIT_MS, pathMs: null }
    const waiting = ready.take(isWarp ? 'warp' : 'ordinary')
    if (waiting !== null) {
      const pathMs = PREWARMED_PATH_LIMIT_MS
      const attempt = await openCall(asked, waiting, { ...limits, pathMs })
      if (attempt.ok || signal.aborted) return attempt
      const { failure } = attempt
      if (!isBlamedOnAge(failure) && !(isWarp && isBlamedOnWarp(failure))) return attempt
      limits = { ...limits, openMs: CONNECT_LIMIT_MS - PREWARMED_PATH_LIMIT_MS }
    }
    if (isWarp) {
      const attempt = await openCall(asked, await createOfferingPeer('warp'), limits)
      if (attempt.ok || signal.aborted || !isBlamedOnWarp(attempt.failure)) return attempt
      warp.refuse(`${attempt.failure.code}: ${attempt.failure.message}`)
    }
    return openCall(asked, await createOfferingPeer('ordinary'), limits)
  }
}
