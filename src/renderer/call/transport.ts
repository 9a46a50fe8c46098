// The interface of a transport: WebRTC, or a WebSocket for networks without UDP. Both carry the same events; the
// WebSocket transport adds `output_audio_buffer.*` for its own player.
import type { ClientEvent } from './client-events.ts'
import type { Attempt, KioskFailure } from './failures.ts'
import type { SentAudio } from './hold-packet-loss.ts'

export type TransportPath = 'webrtc' | 'websocket'

export type TransportEvents = {
  /** One message, unparsed. */
  onMessage: (data: string) => void
  onRemoteStream: (stream: MediaStream) => void
  /** The last event of an open call. */
  onLost: (failure: KioskFailure) => void
  /** ICE is `disconnected`, and may recover. */
  onDisconnectedChange: (isDisconnected: boolean) => void
}

export type Transport = {
  path: TransportPath
  callId: string
  /** False when the channel is closed; `onLost` reports that. */
  send: (event: ClientEvent) => boolean
  /** null on a standby call. */
  setMicrophone: (track: MediaStreamTrack | null) => Promise<void>
  /**
   * `closed` sends nothing, not even silence, which the service would keep in front of the next question. WebRTC
   * attaches the microphone while the gate is open. The WebSocket sends the recorder's chunks, and a `send` after
   * `closed` goes behind the last chunk.
   */
  setGate: (gate: 'open' | 'closed') => void
  /** Packets of the answer's audio so far. */
  audioPacketsReceived: () => Promise<number>
  /** Packets of the microphone sent so far. */
  audioPacketsSent: () => Promise<number>
  /** Loss of the microphone's packets, as the far end reports it; null over a WebSocket, which loses none. */
  sentAudio: () => Promise<SentAudio | null>
  /** Closes without reporting a loss. */
  close: () => void
}

export type OpenTransport = (
  microphone: MediaStreamTrack | null,
  events: TransportEvents,
  signal: AbortSignal
) => Promise<Attempt<Transport>>
