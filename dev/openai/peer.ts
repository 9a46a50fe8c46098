// Answers an offer as a werift peer, with Opus both ways and the `oai-events` channel.
import {
  MediaStream,
  MediaStreamTrack,
  type RTCDataChannel,
  RTCPeerConnection,
  RTCRtpCodecParameters,
  RtpHeader,
  RtpPacket
} from 'werift'
import type { Refusal } from './api-error.ts'
import { type Network, type NetworkEmulator, openNetworkEmulator } from './network-emulator.ts'
import type { IncomingPacket } from './rtp-receiver.ts'
import type { OutgoingFrame } from './rtp-sender.ts'
import { wallClockMs } from './turn-timeline.ts'
import {
  sendClientHelloAtOnce,
  skipUsedDtlsSequenceNumbers,
  withLoopbackLast
} from './werift-workarounds.ts'

const CHANNEL_LABEL = 'oai-events'

/** `disconnected` is transient; after this long the client has gone without hanging up. */
const DISCONNECTED_GRACE_MS = 15_000

/** The last packets pass the network emulator too: twice the delay of its slowest profile. */
const EMULATOR_CLOSE_DELAY_MS = 600

const OPUS = new RTCRtpCodecParameters({
  mimeType: 'audio/opus',
  clockRate: 48_000,
  channels: 2,
  // In-band FEC lets the client's decoder repair single losses; our frames are mono.
  parameters: 'minptime=10;useinbandfec=1'
})

export type PeerHandlers = {
  onChannelOpen: () => void
  onMessage: (text: string) => void
  onPacket: (packet: IncomingPacket) => void
  /** The connection failed, or the client closed it. */
  onGone: (reason: string) => void
}

export type PeerPlan = {
  /** Id of a negotiated channel; null when the client announces one. */
  channelId: number | null
  /** Null: plain loopback. */
  network: Network | null
}

export type Peer = {
  answerSdp: string
  emulator: NetworkEmulator | null
  /** False while the channel is not open. */
  send: (text: string) => boolean
  sendFrame: (frame: OutgoingFrame) => void
  closeChannel: () => void
  /** Closes the sockets without an alert or an abort, as when the network goes. */
  vanish: () => Promise<void>
  close: () => Promise<void>
}

export type Answered = { ok: true; peer: Peer } | { ok: false; refusal: Refusal }

const badOffer = (message: string): Answered => ({
  ok: false,
  refusal: { code: 'invalid_offer', message, param: 'sdp' }
})

const offerProblem = (sdp: string): string | null => {
  if (!sdp.startsWith('v=0')) return 'The SDP offer could not be parsed.'
  if (!/^m=audio /m.test(sdp)) return 'The SDP offer has no audio media section.'
  return /^m=application /m.test(sdp) ? null : 'The SDP offer has no data channel.'
}

/** The answer carries its candidates, since the API has no trickle. */
export const answerOffer = async (
  offerSdp: string,
  { channelId, network }: PeerPlan,
  handlers: PeerHandlers
): Promise<Answered> => {
  const problem = offerProblem(offerSdp)
  if (problem !== null) return badOffer(problem)

  const emulator = network === null ? null : await openNetworkEmulator(network)
  const connection = new RTCPeerConnection({
    codecs: { audio: [OPUS] },
    iceServers: [],
    iceUseIpv6: false,
    // A browser that hides its addresses still reaches loopback.
    iceAdditionalHostAddresses: ['127.0.0.1']
  })
  const track = new MediaStreamTrack({ kind: 'audio' })
  const stream = new MediaStream([track])
  let channel: RTCDataChannel | null = null
  let gone = false
  let sequenceNumber = 0

  const leave = (reason: string): void => {
    if (gone) return
    gone = true
    handlers.onGone(reason)
  }

  const giveUp = async (message: string): Promise<Answered> => {
    gone = true
    emulator?.close()
    await connection.close()
    return badOffer(message)
  }

  const adoptChannel = (opened: RTCDataChannel): void => {
    channel = opened
    opened.onMessage.subscribe((data) =>
      handlers.onMessage(typeof data === 'string' ? data : data.toString('utf8'))
    )
    opened.stateChanged.subscribe((state) => {
      if (state === 'open') handlers.onChannelOpen()
      if (state === 'closed') leave('The data channel was closed.')
    })
    if (opened.readyState === 'open') handlers.onChannelOpen()
  }
  connection.onDataChannel.subscribe((opened) => {
    if (channelId !== null)
      leave(`The channel of this call is ${channelId}; another was announced.`)
    else if (opened.label === CHANNEL_LABEL && channel === null) adoptChannel(opened)
  })
  connection.onTrack.subscribe((incoming) => {
    if (incoming.kind !== 'audio') return
    incoming.onReceiveRtp.subscribe((packet) =>
      handlers.onPacket({
        sequenceNumber: packet.header.sequenceNumber,
        payload: packet.payload,
        arrivedAtMs: wallClockMs()
      })
    )
  })
  let grace: NodeJS.Timeout | undefined
  connection.connectionStateChange.subscribe((state) => {
    clearTimeout(grace)
    if (state === 'failed' || state === 'closed') leave(`The connection is ${state}.`)
    if (state === 'disconnected')
      grace = setTimeout(() => leave('The connection stayed disconnected.'), DISCONNECTED_GRACE_MS)
  })

  try {
    connection.addTrack(track, stream)
    const sdp = emulator?.offerFor(offerSdp) ?? offerSdp
    await connection.setRemoteDescription({ type: 'offer', sdp })
    if (channelId !== null)
      adoptChannel(connection.createDataChannel(CHANNEL_LABEL, { negotiated: true, id: channelId }))
    await connection.setLocalDescription(await connection.createAnswer())
    skipUsedDtlsSequenceNumbers(connection)
    sendClientHelloAtOnce(connection)
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error)
    return giveUp(`The SDP offer could not be answered: ${detail}`)
  }
  const ownSdp = withLoopbackLast(connection.localDescription?.sdp ?? '')
  const answer = emulator?.answerFor(ownSdp) ?? { ok: true, sdp: ownSdp }
  if (!answer.ok || ownSdp === '')
    return giveUp(answer.ok ? 'The SDP offer could not be answered.' : answer.message)

  return {
    ok: true,
    peer: {
      answerSdp: answer.sdp,
      emulator,
      send: (text) => {
        if (channel === null || channel.readyState !== 'open') return false
        channel.send(text)
        return true
      },
      sendFrame: ({ payload, timestamp, marker }) => {
        if (gone) return
        sequenceNumber = (sequenceNumber + 1) & 0xffff
        const header = new RtpHeader({ sequenceNumber, timestamp, marker, payloadType: 111 })
        track.writeRtp(new RtpPacket(header, payload))
      },
      closeChannel: () => channel?.close(),
      vanish: async () => {
        gone = true
        clearTimeout(grace)
        await Promise.all(connection.iceTransports.map((transport) => transport.connection.close()))
        emulator?.close()
      },
      close: async () => {
        gone = true
        clearTimeout(grace)
        await connection.close()
        if (emulator !== null) setTimeout(emulator.close, EMULATOR_CLOSE_DELAY_MS).unref()
      }
    }
  }
}
