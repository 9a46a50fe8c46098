// The ports of a session to its WebRTC call or WebSocket, and of an open session to `/local`.
import type { RealtimeServerEvent } from 'openai/resources/realtime/realtime'
import type { Input } from './conversation/reducer.ts'
import type { SessionTransport } from './conversation/state.ts'
import type { NetworkEmulatorState } from './network-emulator.ts'

/** The way out of an answer's audio. Samples are mono at 48 kHz, as the voice makes them. */
export type OutputAudio = {
  /** Splits a sentence's samples over its words, in their order; null for a word without samples. */
  portions: (samples: Int16Array, words: number) => readonly (Int16Array | null)[]
  push: (responseId: string, samples: Int16Array) => void
  /** No more samples of this response will come. */
  end: (responseId: string) => void
  /** Drops the queued samples at once. */
  clear: () => void
  /** Sent length of the playing response; 0 where the client plays. */
  playedMs: () => number
  close: () => void
}

export type OutputAudioEvents = {
  dispatch: (input: Input) => void
  /** The first audio of a response was sent. */
  onFirstAudio: () => void
}

export type SessionConnection = {
  /** Names the session in the log and in `/local/state`. */
  id: string
  transport: SessionTransport
  openOutput: (events: OutputAudioEvents) => OutputAudio
  send: (event: RealtimeServerEvent) => void
  hangUp: (reason: string) => void
  /** Stops without closing the connection, as when the network goes. */
  vanish: () => void
  /** Called once, after a session that was started has ended. */
  onEnded: () => void
}

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
  /** Null without a network emulator. */
  network: NetworkEmulatorState | null
}

/** An open session, as `/local` reads it and injects faults into it. */
export type OpenSession = {
  callId: string
  state: () => CallState
  hangUp: (reason: string) => Promise<void>
  vanish: () => Promise<void>
  closeChannel: () => void
  /** Makes the network emulator drop every packet for this long; without one, nothing happens. */
  blip: (forMs: number) => void
  sendRaw: (text: string) => void
  expire: () => void
}
