// Two kinds of WebSocket to the model: of `ws`, and of Chromium for a proxy that `ws` cannot use.
import { EventEmitter } from 'node:events'
import type { Agent } from 'node:http'
import { WebSocket } from 'ws'

/** The model's longest events are an audio delta and a session, both far below. */
const INCOMING_LIMIT_BYTES = 4_000_000

/** The part of `ws` that a call uses. */
export type ModelSocket = EventEmitter & {
  readonly readyState: number
  readonly bufferedAmount: number
  send(text: string): void
  ping(): void
  close(code: number): void
  terminate(): void
}

export type OpenSocket = (url: string, headers: Record<string, string>) => ModelSocket

/** @param route through a proxy, with further authorities */
export const socketOfWs =
  (route: { agent?: Agent; ca?: string[] }): OpenSocket =>
  (url, headers) =>
    new WebSocket(url, {
      ...route,
      headers,
      // Compressing base64 audio costs more CPU time than it saves bandwidth.
      perMessageDeflate: false,
      maxPayload: INCOMING_LIMIT_BYTES
    })

/** The WHATWG's WebSocket, as Electron 42 gives it to main. It signs in at proxies with the account of the system. */
type StandardSocket = {
  readonly readyState: number
  readonly bufferedAmount: number
  onmessage: ((event: { data: unknown }) => void) | null
  onclose: ((event: { code: number; reason: string }) => void) | null
  onerror: (() => void) | null
  send(text: string): void
  close(code?: number): void
}

export const socketOfChromium = (
  open: (url: string, headers: Record<string, string>) => StandardSocket
): OpenSocket => {
  return (url, headers) => new ChromiumSocket(open(url, headers))
}

class ChromiumSocket extends EventEmitter implements ModelSocket {
  readonly #socket: StandardSocket

  constructor(socket: StandardSocket) {
    super()
    this.#socket = socket
    socket.onmessage = ({ data }) => this.emit('message', data)
    socket.onclose = ({ code, reason }) => this.emit('close', code, reason)
    // The standard hides the reason.
    socket.onerror = () => this.emit('error', new Error('net::ERR_FAILED: Chromium’s WebSocket'))
  }

  get readyState(): number {
    return this.#socket.readyState
  }

  get bufferedAmount(): number {
    return this.#socket.bufferedAmount
  }

  send(text: string): void {
    this.#socket.send(text)
  }

  /** The standard has no pings: a dead connection is noticed by the turn's own limits. */
  ping(): void {
    this.emit('pong')
  }

  close(code: number): void {
    this.#socket.close(code)
  }

  terminate(): void {
    this.#socket.close()
  }
}
