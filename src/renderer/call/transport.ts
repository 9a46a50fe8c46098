// What a conversation needs from whatever carries it: WebRTC, or the relay for networks without UDP. The same
// events go both ways on both; what WebRTC says by itself (`output_audio_buffer.*`) the relay says of its own
// player.
import type { ClientEvent } from './client-events.ts'
import type { Attempt, KioskFailure } from './failures.ts'
import type { SentAudio } from './hold-packet-loss.ts'

export type TransportPath = 'webrtc' | 'websocket'

export type TransportEvents = {
  /** One message of the model's, unread. */
  onMessage: (data: string) => void
  /** The answer's audio. */
  onRemoteStream: (stream: MediaStream) => void
  /** The open call is gone; nothing follows. */
  onLost: (failure: KioskFailure) => void
  /** The connection wavers (`disconnected`), or holds again. It may come back by itself. */
  onDisconnectedChange: (isDisconnected: boolean) => void
}

export type Transport = {
  path: TransportPath
  callId: string
  model: string
  /** False when the channel is closed already; the loss is reported through `onLost`. */
  send: (event: ClientEvent) => boolean
  /** Puts a microphone on this call; null takes it off, as while the call only stands by. */
  setMicrophone: (track: MediaStreamTrack | null) => Promise<void>
  /**
   * `open`: what the microphone hears goes to the model. `closed`: nothing does, not even silence, which the
   * service would keep in front of the next question. Over WebRTC the microphone is on the sender only while it is
   * open; the relay sends the recorder's chunks, and a `send` after `closed` goes behind the last one.
   */
  setGate: (gate: 'open' | 'closed') => void
  /** Packets of the answer's audio received so far: what does not grow while an answer plays is dead. */
  audioPacketsReceived: () => Promise<number>
  /** Packets of the microphone sent so far. */
  audioPacketsSent: () => Promise<number>
  /** What became of them, as far as the far end has said; null where nothing can get lost on the way. */
  sentAudio: () => Promise<SentAudio | null>
  /** Closes without reporting a loss. */
  close: () => void
}

export type OpenTransport = (
  microphone: MediaStreamTrack | null,
  events: TransportEvents,
  signal: AbortSignal
) => Promise<Attempt<Transport>>
