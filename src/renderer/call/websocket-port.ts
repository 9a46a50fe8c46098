// Receives the message port of a WebSocket call, which may arrive before or after main's answer that names it. Its
// messages are the model's, except for main's notices.
import type { WebSocketNotice, WebSocketPortMessage } from '../../shared/websocket-transport.ts'
import type { Schedule } from '../schedule.ts'

export const PORT_LIMIT_MS = 3_000

/** Unclaimed ports; one call opens at a time beside a standby call. */
const UNCLAIMED_LIMIT = 4

export type WebSocketPort = {
  post: (text: string) => void
  /** Delivers what has arrived, then what arrives. `onClosed` is called once, and last. */
  listen: (onMessage: (text: string) => void, onClosed: (reason: string) => void) => void
  /** Closes without `onClosed`. */
  close: () => void
}

export type WebSocketPortRegistry = {
  /** null when the port does not arrive within its limit. */
  claim: (webSocketId: string) => Promise<WebSocketPort | null>
}

const isPortMessage = (data: unknown): data is WebSocketPortMessage =>
  typeof data === 'object' &&
  data !== null &&
  'kind' in data &&
  data.kind === 'heard.webSocketPort' &&
  'webSocketId' in data &&
  typeof data.webSocketId === 'string'

/** The model's events have no such field. */
const NOTICE_START = '{"websocket":'

const readNotice = (text: string): WebSocketNotice | null =>
  text.startsWith(NOTICE_START) ? (JSON.parse(text) as WebSocketNotice) : null

const webSocketPortOn = (port: MessagePort): WebSocketPort => {
  let isClosed = false
  return {
    post: (text) => {
      if (!isClosed) port.postMessage(text)
    },
    listen: (onMessage, onClosed) => {
      const closed = (reason: string) => {
        if (isClosed) return
        isClosed = true
        port.close()
        onClosed(reason)
      }
      port.onmessage = ({ data }) => {
        if (isClosed || typeof data !== 'string') return
        const notice = readNotice(data)
        if (notice === null) onMessage(data)
        else if (notice.websocket === 'closed') closed(`${notice.code} ${notice.reason}`)
      }
      // Main may end without a notice.
      port.addEventListener('close', () => closed('The port was closed.'))
    },
    close: () => {
      isClosed = true
      port.onmessage = null
      port.close()
    }
  }
}

/**
 * Create before the first WebSocket call is opened.
 * @param page the window that the preload or the bridge script posts to
 */
export const receiveWebSocketPorts = (page: Window, schedule: Schedule): WebSocketPortRegistry => {
  const arrived = new Map<string, MessagePort>()
  const waiting = new Map<string, (port: MessagePort) => void>()

  const receive = (event: MessageEvent<unknown>) => {
    // A frame or an opener has another source.
    const [port] = event.ports
    if (event.source !== page || !isPortMessage(event.data) || port === undefined) return
    const { webSocketId } = event.data
    const claimed = waiting.get(webSocketId)
    if (claimed !== undefined) {
      claimed(port)
      return
    }
    arrived.set(webSocketId, port)
    for (const [oldest, unclaimed] of arrived) {
      if (arrived.size <= UNCLAIMED_LIMIT) break
      arrived.delete(oldest)
      unclaimed.close()
    }
  }
  page.addEventListener('message', receive)

  return {
    claim: (webSocketId) =>
      new Promise((resolve) => {
        const known = arrived.get(webSocketId)
        if (known !== undefined) {
          arrived.delete(webSocketId)
          resolve(webSocketPortOn(known))
          return
        }
        const giveUp = schedule(() => {
          waiting.delete(webSocketId)
          resolve(null)
        }, PORT_LIMIT_MS)
        waiting.set(webSocketId, (port) => {
          giveUp()
          waiting.delete(webSocketId)
          resolve(webSocketPortOn(port))
        })
      })
  }
}
