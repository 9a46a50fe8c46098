// The WebSocket transport: main holds the model's WebSocket, and the page has a message port. Each message is one event of
// the Realtime API as text. The page never sees the socket, its address or its key.

/** The shell posts it to the page's window, with the port. */
export type WebSocketPortMessage = { kind: 'heard.webSocketPort'; webSocketId: string }

/** Main's own messages on the port, as text: `{"websocket":"open"}` first, `{"websocket":"closed",…}` last. */
export type WebSocketNotice =
  | { websocket: 'open' }
  | { websocket: 'closed'; code: number; reason: string }

/** An event with a second of audio is 64 kB. */
export const CLIENT_EVENT_LENGTH_LIMIT = 512_000

/**
 * Events that the page may send. `session.update` may carry `audio.input.noise_reduction` and
 * `audio.input.turn_detection` only: the edge function sets instructions and tools.
 */
export const ALLOWED_CLIENT_EVENTS = [
  'input_audio_buffer.append',
  'input_audio_buffer.clear',
  'input_audio_buffer.commit',
  'conversation.item.create',
  'conversation.item.delete',
  'conversation.item.truncate',
  'response.create',
  'response.cancel',
  'session.update'
] as const
