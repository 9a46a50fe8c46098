// Opens a call over WebRTC: audio both ways, events on the `oai-events` channel. Offer and answer go through main,
// because the renderer has no key and no network permission.
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
 * From the answer to an open channel: six round trips at 500 ms, the same again for lost handshake packets, and two
 * seconds. A slower network blocks WebRTC.
 */
export const CONNECT_LIMIT_MS = 8_000

/** A short `disconnected` recovers by itself. */
export const DISCONNECTED_GRACE_MS = 5_000

/**
 * From the answer to an ICE path for a prewarmed offer: four round trips at 500 ms. After it the offer's addresses may
 * be outdated, and a new peer gets the rest of the limit.
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
  const follow = () => {
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
  peer.connection.onconnectionstatechange = follow
  peer.channel.onclose = () => lost('The event channel was closed.')
  return stopGrace
}

type Limits = {
  /** To the open channel. */
  openMs: number
  /** To an ICE path; null: only `openMs` counts. */
  pathMs: number | null
}

/** A negotiated channel opens before the model knows of it, so WARP waits for the model's first event. */
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
    const finishIfReady = () => {
      if (isOpen && isProven) finish(null)
    }
    const prove = () => {
      isProven = true
      finishIfReady()
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
      finishIfReady()
    }
    peer.connection.onconnectionstatechange = () => {
      if (peer.connection.connectionState === 'failed') {
        tooLate('No connection to the model could be made.')
      }
    }
    finishIfReady()
  })

type RtpReport = {
  type: string
  kind?: string
  packetsReceived?: number
  packetsSent?: number
  /** Of `remote-inbound-rtp`: the far end's last report and its time. */
  packetsLost?: number
  timestamp?: number
}

const audioStats = async (
  connection: RTCPeerConnection
): Promise<{ received: number; sent: SentAudio }> => {
  let received = 0
  const sent: SentAudio = { packetsSent: 0, packetsLost: 0, reportAtMs: null }
  const statistics = await connection.getStats()
  statistics.forEach((report: RtpReport) => {
    if (report.kind !== 'audio') return
    if (report.type === 'inbound-rtp') received += report.packetsReceived ?? 0
    if (report.type === 'outbound-rtp') sent.packetsSent += report.packetsSent ?? 0
    if (report.type !== 'remote-inbound-rtp') return
    sent.packetsLost += report.packetsLost ?? 0
    sent.reportAtMs = Math.max(sent.reportAtMs ?? 0, report.timestamp ?? 0)
  })
  return { received, sent }
}

const transportOver = (
  peer: Peer,
  callId: string,
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
    callId,
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
        // No audio would reach the model: the recorded hold goes to another call.
        if (gate === 'open' && !isClosed) {
          close()
          events.onLost(
            kioskFailure('internal', `The microphone track could not be attached: ${error}`)
          )
        }
      })
    },
    audioPacketsReceived: async () => (await audioStats(peer.connection)).received,
    audioPacketsSent: async () => (await audioStats(peer.connection)).sent.packetsSent,
    sentAudio: async () => (await audioStats(peer.connection)).sent,
    close
  }
}

/** Failures that WARP may cause. */
const isBlamedOnWarp = ({ code }: KioskFailure): boolean =>
  code === 'call_timeout' || code === 'model_refused' || code === 'internal'

/** Failures that an outdated offer may cause. */
const isBlamedOnAge = ({ code }: KioskFailure): boolean =>
  code === 'call_timeout' || code === 'internal'

export type WebRtcPorts = {
  bridge: Bridge
  language: () => Language
  warp: Warp
  ready: Pick<PrewarmedPeer, 'take'>
}

/**
 * Tries a prewarmed offer first, then WARP, then the ordinary setup. Fails with main's codes, `call_timeout` when WebRTC
 * does not connect within its limit, or `internal` for an unusable answer.
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
    // Events may arrive before the awaits below resolve.
    peer.channel.onmessage = ({ data }) => {
      if (typeof data === 'string') events.onMessage(data)
    }

    const answered = await bridge.call('calls.open', {
      offerSdp: peer.offerSdp,
      language: language(),
      ...(peer.setup === 'warp' ? { channelId: WARP_CHANNEL_ID } : {})
    })
    if (!answered.ok) return giveUp(failureFromMain(answered.error))
    const { callId, answerSdp } = answered.value
    const abandon = (failure: KioskFailure): Attempt<Transport> => {
      // The model's side is open and billed.
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
    return { ok: true, value: transportOver(peer, callId, microphone, events) }
  }

  return async (...asked) => {
    const [, , signal] = asked
    // No await where it is known: the prewarmed offer goes out in the tick of the press.
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
