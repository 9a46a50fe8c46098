// A peer connection of ours with what every call needs: the channel for events, a sender that waits for its
// microphone, and the offer that says so.
import { WARP_CHANNEL_ID } from './warp.ts'

/** The channel has to exist before the offer, under this name. */
const CHANNEL_LABEL = 'oai-events'

/** `warp`: both sides know the channel beforehand. `ordinary`: it announces itself. */
export type PeerSetup = 'ordinary' | 'warp'

export type Peer = {
  connection: RTCPeerConnection
  channel: RTCDataChannel
  sender: RTCRtpSender
}

/** A peer that has said what it offers, and waits for an answer. */
export type OfferingPeer = Peer & { setup: PeerSetup; offerSdp: string }

const createPeer = (setup: PeerSetup): Peer => {
  const connection = new RTCPeerConnection()
  const channel = connection.createDataChannel(
    CHANNEL_LABEL,
    setup === 'warp' ? { negotiated: true, id: WARP_CHANNEL_ID } : {}
  )
  // A sender without a track sends nothing, and takes one at any time without another offer.
  const { sender } = connection.addTransceiver('audio', { direction: 'sendrecv' })
  return { connection, channel, sender }
}

/**
 * Makes a certificate and an offer, and begins to gather candidates. The offer names none of them: the model learns
 * this side's address from the first check that arrives.
 */
export const createOfferingPeer = async (setup: PeerSetup): Promise<OfferingPeer> => {
  const peer = createPeer(setup)
  await peer.connection.setLocalDescription()
  return { ...peer, setup, offerSdp: peer.connection.localDescription?.sdp ?? '' }
}

/** Handlers go first: a close of our own must not report itself as a loss. */
export const disposePeer = ({ connection, channel }: Peer) => {
  connection.ontrack = null
  connection.onconnectionstatechange = null
  channel.onopen = null
  channel.onclose = null
  channel.onmessage = null
  channel.close()
  connection.close()
}
