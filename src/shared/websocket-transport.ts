// The relay: the model's WebSocket, held by main, seen by the page as a message port. Text both ways, one event of
// the Realtime API each; the page never sees the socket, its address or its key.

/** What the shell posts to the page's window with the port of a relay. */
export type WebSocketPortMessage = { kind: 'heard.webSocketPort'; webSocketId: string }

/** What main says on the port beside the model's events, as text: `{"websocket":"open"}` once, `{"websocket":"closed",…}` last. */
export type WebSocketNotice =
  | { websocket: 'open' }
  | { websocket: 'closed'; code: number; reason: string }

/** One event with a second of audio in it is 64 kB; nothing the page sends is near this. */
export const CLIENT_EVENT_LENGTH_LIMIT = 512_000

/**
 * What the page may say to the model over a relay. `session.update` may carry `audio.input.noise_reduction` and
 * `audio.input.turn_detection` only: instructions and tools are the edge function's.
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
