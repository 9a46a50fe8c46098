// Runs one session over WebRTC: its peer, its packets and its data channel.
import type { Refusal } from './api-error.ts'
import { newIdentifier } from './identifier.ts'
import { answerOffer, type Peer } from './peer.ts'
import { createRtpReceiver } from './rtp-receiver.ts'
import { createRtpSender } from './rtp-sender.ts'
import type { OpenSession, OutputAudio, OutputAudioEvents } from './session-connection.ts'
import { createSessionRunner, type SessionParts } from './session-runner.ts'
import type { EffectiveSession } from './session-schema.ts'
import { wallClockMs } from './turn-timeline.ts'

/** A client that has not opened its channel by then will not open it. */
const CHANNEL_OPEN_LIMIT_MS = 30_000

export type Call = OpenSession & { answerSdp: string }

export type OpenedCall = { ok: true; call: Call } | { ok: false; refusal: Refusal }

/**
 * Answers the offer and runs the call until it is hung up.
 * @param channelId of a negotiated channel; null for one that the client announces.
 * @param onEnded is called once, at its end.
 */
export const openCall = async (
  offerSdp: string,
  session: EffectiveSession,
  parts: SessionParts,
  channelId: number | null,
  onEnded: (callId: string) => void
): Promise<OpenedCall> => {
  const { counters } = parts
  const callId = newIdentifier('rtc')
  let channelOpen = false
  let peer: Peer | null = null

  let openSender = () => {}
  const openOutput = ({ dispatch, onFirstAudio }: OutputAudioEvents): OutputAudio => {
    const sender = createRtpSender(
      (frame) => {
        counters.packetsOut += 1
        if (frame.isSpeech) counters.speechPacketsOut += 1
        peer?.sendFrame(frame)
      },
      ({ type, responseId }) => {
        if (type === 'sounded')
          return parts.turns.note(callId, {
            type: 'audio_sounded',
            atMs: wallClockMs(),
            responseId
          })
        dispatch({ type: `playback_${type}`, responseId })
        if (type === 'started') onFirstAudio()
      }
    )
    openSender = sender.open
    // The first word queues the whole sentence: the track plays it in real time.
    return { ...sender, portions: (samples) => [samples] }
  }

  const runner = createSessionRunner(session, parts, {
    id: callId,
    transport: 'webrtc',
    openOutput,
    send: (event) => void peer?.send(JSON.stringify(event)),
    hangUp: (reason) => void hangUp(reason),
    vanish: () => void vanish(),
    onEnded: () => onEnded(callId)
  })
  const receiver = createRtpReceiver(runner.receiveAudio)

  const hangUp = async (reason: string): Promise<void> => {
    if (runner.finish(reason)) await peer?.close()
  }
  const vanish = async (): Promise<void> => {
    if (runner.finish('dropped silently by fault injection')) await peer?.vanish()
  }

  const answered = await answerOffer(
    offerSdp,
    { channelId, network: parts.plan.network() },
    {
      onChannelOpen: () => {
        channelOpen = true
        runner.dispatch({ type: 'opened' })
        openSender()
      },
      onMessage: runner.receive,
      onPacket: (packet) => {
        counters.packetsIn += 1
        receiver.receive(packet)
      },
      onGone: (reason) => void hangUp(reason)
    }
  )
  if (!answered.ok) {
    runner.finish('the offer was refused')
    return answered
  }
  const opened = answered.peer
  peer = opened
  runner.start()
  runner.later(CHANNEL_OPEN_LIMIT_MS, () => {
    if (!channelOpen) void hangUp('the data channel was never opened')
  })

  return {
    ok: true,
    call: {
      callId,
      answerSdp: opened.answerSdp,
      state: () => ({
        callId,
        transport: 'webrtc',
        ...runner.state(),
        channelOpen,
        lostPackets: receiver.lostPackets(),
        network: opened.emulator?.state() ?? null
      }),
      hangUp,
      vanish,
      closeChannel: opened.closeChannel,
      blip: (forMs) => opened.emulator?.blip(forMs),
      sendRaw: (text) => void opened.send(text),
      expire: () => runner.dispatch({ type: 'expired' })
    }
  }
}
