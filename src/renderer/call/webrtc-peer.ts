// Creates peer connections with an event channel, an audio sender and an offer.
import { WARP_CHANNEL_ID } from './warp.ts'

/** OpenAI's name; the channel has to exist before the offer. */
const CHANNEL_LABEL = 'oai-events'

/** `warp` negotiates the channel in the SDP; `ordinary` opens it in-band. */
export type PeerSetup = 'ordinary' | 'warp'

export type Peer = {
  connection: RTCPeerConnection
  channel: RTCDataChannel
  sender: RTCRtpSender
}

export type OfferingPeer = Peer & { setup: PeerSetup; offerSdp: string }

const createPeer = (setup: PeerSetup): Peer => {
  const connection = new RTCPeerConnection()
  const channel = connection.createDataChannel(
    CHANNEL_LABEL,
    setup === 'warp' ? { negotiated: true, id: WARP_CHANNEL_ID } : {}
  )
  // A sender without a track sends nothing, and takes a track without another offer.
  const { sender } = connection.addTransceiver('audio', { direction: 'sendrecv' })
  return { connection, channel, sender }
}

/**
 * Creates a certificate and an offer, and begins to gather candidates. The offer names none: the model learns this
 * side's address from the first connectivity check.
 */
export const createOfferingPeer = async (setup: PeerSetup): Promise<OfferingPeer> => {
  const peer = createPeer(setup)
  await peer.connection.setLocalDescription()
  return { ...peer, setup, offerSdp: peer.connection.localDescription?.sdp ?? '' }
}

/** Removes the handlers first, so that this close is not reported as a loss. */
export const disposePeer = ({ connection, channel }: Peer) => {
  connection.ontrack = null
  connection.onconnectionstatechange = null
  channel.onopen = null
  channel.onclose = null
  channel.onmessage = null
  channel.close()
  connection.close()
}
