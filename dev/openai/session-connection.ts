// What carries a session, WebRTC or WebSocket, as the session sees it.
import type { RealtimeServerEvent } from 'openai/resources/realtime/realtime'
import type { Input, SessionTransport } from './conversation-reducer.ts'

/** How the sound of answers leaves. Samples are mono at 48 kHz, as the voice makes them. */
export type OutputAudio = {
  /** What of a sentence's sound leaves with each of its words, in their order; null where nothing does. */
  portions: (samples: Int16Array, words: number) => readonly (Int16Array | null)[]
  push: (responseId: string, samples: Int16Array) => void
  /** No more sound of this response will come. */
  end: (responseId: string) => void
  /** Silence now. */
  clear: () => void
  /** How much of the response that is playing was sent; 0 where the far side does the playing. */
  playedMs: () => number
  close: () => void
}

/** What a sound tells the session. */
export type OutputAudioEvents = {
  dispatch: (input: Input) => void
  /** The first sound of a response has left. */
  begun: () => void
}

export type SessionConnection = {
  /** Names the session in the log and in `/local/state`. */
  id: string
  transport: SessionTransport
  sound: (events: OutputAudioEvents) => OutputAudio
  tell: (event: RealtimeServerEvent) => void
  /** Closes the line with a word, or without one. */
  hangUp: (reason: string) => void
  vanish: () => void
}
