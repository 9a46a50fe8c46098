// One WebRTC peer at the answering end: Opus both ways and the `oai-events` channel, on werift.
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

export const CHANNEL_LABEL = 'oai-events'

/** `disconnected` is transient; a caller who is away for this long has gone without hanging up. */
const DISCONNECTED_GRACE_MS = 15_000

/** The last words of a call travel through its relay too: the slowest profile's way, and as much again. */
const RELAY_FAREWELL_MS = 600

const OPUS = new RTCRtpCodecParameters({
  mimeType: 'audio/opus',
  clockRate: 48_000,
  channels: 2,
  // In-band FEC lets the far decoder mend single losses; our frames are mono.
  parameters: 'minptime=10;useinbandfec=1'
})

export type PeerHandlers = {
  /** The channel is open: events can be sent. */
  onChannelOpen: () => void
  onMessage: (text: string) => void
  onPacket: (packet: IncomingPacket) => void
  /** The connection failed or was closed by the far end. */
  onGone: (reason: string) => void
}

export type PeerPlan = {
  /** A channel that both sides know beforehand, by this id; null: the client announces one. */
  channelId: number | null
  /** The network between the two; null: nothing but loopback. */
  network: Network | null
}

export type Peer = {
  answerSdp: string
  /** Null without a planned network. */
  relay: NetworkEmulator | null
  /** False when the channel is not open (any more). */
  send: (text: string) => boolean
  sendFrame: (frame: OutgoingFrame) => void
  closeChannel: () => void
  /** Leaves without a word, as when the network goes: sockets closed, no alert, no abort. */
  vanish: () => Promise<void>
  close: () => Promise<void>
}

export type Answered = { ok: true; peer: Peer } | { ok: false; refusal: Refusal }

const badOffer = (message: string): Answered => ({
  ok: false,
  refusal: { code: 'invalid_offer', message, param: 'sdp' }
})

/** Answers an SDP offer; the answer carries its candidates, since the API has no trickle. */
export const answerOffer = async (
  offerSdp: string,
  { channelId, network }: PeerPlan,
  handlers: PeerHandlers
): Promise<Answered> => {
  if (!offerSdp.startsWith('v=0')) return badOffer('The SDP offer could not be parsed.')
  if (!/^m=audio /m.test(offerSdp)) return badOffer('The SDP offer has no audio media section.')
  if (!/^m=application /m.test(offerSdp)) return badOffer('The SDP offer has no data channel.')

  const relay = network === null ? null : await openNetworkEmulator(network)
  const connection = new RTCPeerConnection({
    codecs: { audio: [OPUS] },
    iceServers: [],
    iceUseIpv6: false,
    // Browsers that hide their addresses still reach loopback.
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
    const sdp = relay?.offerFor(offerSdp) ?? offerSdp
    await connection.setRemoteDescription({ type: 'offer', sdp })
    if (channelId !== null)
      adoptChannel(connection.createDataChannel(CHANNEL_LABEL, { negotiated: true, id: channelId }))
    await connection.setLocalDescription(await connection.createAnswer())
    skipUsedDtlsSequenceNumbers(connection)
    sendClientHelloAtOnce(connection)
  } catch (error) {
    gone = true
    relay?.close()
    await connection.close()
    const detail = error instanceof Error ? error.message : String(error)
    return badOffer(`The SDP offer could not be answered: ${detail}`)
  }
  const ownSdp = withLoopbackLast(connection.localDescription?.sdp ?? '')
  const answer = relay?.answerFor(ownSdp) ?? { ok: true, sdp: ownSdp }
  if (!answer.ok || ownSdp === '') {
    gone = true
    relay?.close()
    await connection.close()
    return badOffer(answer.ok ? 'The SDP offer could not be answered.' : answer.message)
  }

  return {
    ok: true,
    peer: {
      answerSdp: answer.sdp,
      relay,
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
        relay?.close()
      },
      close: async () => {
        gone = true
        clearTimeout(grace)
        await connection.close()
        if (relay !== null) setTimeout(relay.close, RELAY_FAREWELL_MS).unref()
      }
    }
  }
}
