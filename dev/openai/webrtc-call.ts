// One call over WebRTC: a session on a peer. The session itself is in session-runner.ts; here is only what
// touches the peer, its packets and its channel.
import type { Refusal } from './api-error.ts'
import type { SessionTransport } from './conversation-reducer.ts'
import { newIdentifier } from './identifier.ts'
import type { NetworkEmulatorState } from './network-emulator.ts'
import { answerOffer, type Peer } from './peer.ts'
import { createRtpReceiver } from './rtp-receiver.ts'
import { createRtpSender } from './rtp-sender.ts'
import { seededRandom } from './seeded-random.ts'
import { createSessionRunner, type SessionParts } from './session-runner.ts'
import type { EffectiveSession } from './session-schema.ts'
import { wallClockMs } from './turn-timeline.ts'

/** A caller whose channel is not open by then will not come. */
const CHANNEL_OPEN_LIMIT_MS = 30_000

export type CallState = {
  callId: string
  transport: SessionTransport
  model: string
  channelOpen: boolean
  items: number
  activeResponse: string | null
  bufferedMs: number
  lastSpeechAtMs: number | null
  lostPackets: number
  /** What the planned network did so far; null without one. */
  network: NetworkEmulatorState | null
}

/** A session that is open, whatever carries it: what `/local` can see of it and do to it. */
export type OpenSession = {
  callId: string
  state: () => CallState
  hangUp: (reason: string) => Promise<void>
  vanish: () => Promise<void>
  closeChannel: () => void
  /** Drops all its packets from now; false where no planned network carries it. */
  blip: (forMs: number) => boolean
  sendRaw: (text: string) => void
  expire: () => void
}

export type Call = OpenSession & { answerSdp: string }

export type OpenedCall = { ok: true; call: Call } | { ok: false; refusal: Refusal }

/**
 * Answers the offer and runs the call until it is hung up. @param channelId of a negotiated channel; null for one
 * that the client announces. @param onEnded is called once, when it is over.
 */
export const openCall = async (
  offerSdp: string,
  session: EffectiveSession,
  parts: SessionParts,
  channelId: number | null,
  onEnded: (callId: string) => void
): Promise<OpenedCall> => {
  const { counters, plan, log } = parts
  const callId = newIdentifier('rtc')
  let channelOpen = false
  let peer: Peer | null = null

  const loss = plan.packetLoss()
  const chance = seededRandom(loss?.seed ?? 0)
  const isLost = (direction: 'in' | 'out'): boolean => {
    if (loss === null || (loss.direction !== 'both' && loss.direction !== direction)) return false
    const lost = chance() < loss.share
    if (lost) counters.packetsLostOnPurpose += 1
    return lost
  }

  let openSpeaker = () => {}
  const runner = createSessionRunner(session, parts, {
    id: callId,
    transport: 'webrtc',
    tell: (event) => void peer?.send(JSON.stringify(event)),
    hangUp: (reason) => void hangUp(reason),
    vanish: () => void vanish(),
    sound: ({ dispatch, begun }) => {
      const speaker = createRtpSender(
        (frame) => {
          counters.packetsOut += 1
          if (frame.speech) counters.speechPacketsOut += 1
          if (!isLost('out')) peer?.sendFrame(frame)
        },
        (responseId) => {
          dispatch({ type: 'playback_started', responseId })
          begun()
        },
        (responseId) =>
          parts.turns.note(callId, { type: 'audio_sounded', atMs: wallClockMs(), responseId }),
        (responseId) => dispatch({ type: 'playback_drained', responseId })
      )
      openSpeaker = speaker.open
      // The sound of a sentence is queued whole, with its first word: the track plays it in its own time.
      return { ...speaker, portions: (samples) => [samples] }
    }
  })

  const listener = createRtpReceiver(runner.hear)

  const finish = (reason: string): boolean => {
    if (!runner.finish(reason)) return false
    counters.callsClosed += 1
    onEnded(callId)
    return true
  }

  const hangUp = async (reason: string): Promise<void> => {
    if (finish(reason)) await peer?.close()
  }

  const vanish = async (): Promise<void> => {
    if (finish('dropped silently by fault injection')) await peer?.vanish()
  }

  const answered = await answerOffer(
    offerSdp,
    { channelId, network: plan.network() },
    {
      onChannelOpen: () => {
        channelOpen = true
        runner.dispatch({ type: 'opened' })
        openSpeaker()
      },
      onMessage: runner.receive,
      onPacket: (packet) => {
        counters.packetsIn += 1
        if (!isLost('in')) listener.receive(packet)
      },
      onGone: (reason) => void hangUp(reason)
    }
  )
  if (!answered.ok) {
    runner.finish('the offer was refused')
    return answered
  }
  peer = answered.peer
  counters.callsOpened += 1
  log('call.opened', { callId, model: session.model })
  runner.start()
  runner.later(CHANNEL_OPEN_LIMIT_MS, () => {
    if (!channelOpen) void hangUp('the data channel was never opened')
  })

  return {
    ok: true,
    call: {
      callId,
      answerSdp: answered.peer.answerSdp,
      state: () => ({
        callId,
        transport: 'webrtc',
        ...runner.state(),
        channelOpen,
        lostPackets: listener.lostPackets(),
        network: answered.peer.relay?.state() ?? null
      }),
      hangUp,
      vanish,
      closeChannel: () => answered.peer.closeChannel(),
      blip: (forMs) => {
        answered.peer.relay?.blip(forMs)
        return answered.peer.relay !== null
      },
      sendRaw: (text) => void answered.peer.send(text),
      expire: () => runner.dispatch({ type: 'expired' })
    }
  }
}
