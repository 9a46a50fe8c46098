// What a conversation needs from whatever carries it. WebRTC is the one there is; a relay for networks
// without UDP would be another.
import type { ClientEvent } from './client-events.ts'
import type { Attempt, KioskFailure } from './failures.ts'

export type TransportEvents = {
  /** One message of the model's, unread. */
  onMessage: (data: string) => void
  /** The answer's audio. */
  onRemoteStream: (stream: MediaStream) => void
  /** The open call is gone; nothing follows. */
  onLost: (failure: KioskFailure) => void
}

export type Transport = {
  callId: string
  model: string
  /** False when the channel is closed already; the loss is reported through `onLost`. */
  send: (event: ClientEvent) => boolean
  /** Puts another microphone on the same call; null while there is none. */
  setMicrophone: (track: MediaStreamTrack | null) => Promise<void>
  /** Closes without reporting a loss. */
  close: () => void
}

export type OpenTransport = (
  microphone: MediaStreamTrack | null,
  events: TransportEvents,
  signal: AbortSignal
) => Promise<Attempt<Transport>>
