// The page's end of a relay: the shell posts its port to the window, and it may arrive before or after main's answer
// that names it. The text on it is the model's, except for main's own notices.
import type { WebSocketNotice, WebSocketPortMessage } from '../../shared/websocket-transport.ts'
import type { Schedule } from '../schedule.ts'

/** A port travels inside the machine. */
export const PORT_LIMIT_MS = 3_000

/** Ports that nobody has asked for yet; one relay is opened at a time, and a second one stands by. */
const UNCLAIMED_LIMIT = 4

export type WebSocketPort = {
  post: (text: string) => void
  /** Begins to listen: what has arrived so far follows at once. `onClosed` is called once, and last. */
  listen: (onMessage: (text: string) => void, onClosed: (reason: string) => void) => void
  /** Closes without reporting it. */
  close: () => void
}

export type WebSocketPortRegistry = {
  /** null when the port does not arrive within its limit. */
  claim: (webSocketId: string) => Promise<WebSocketPort | null>
  close: () => void
}

const isPortMessage = (data: unknown): data is WebSocketPortMessage =>
  typeof data === 'object' &&
  data !== null &&
  'kind' in data &&
  data.kind === 'heard.webSocketPort' &&
  'webSocketId' in data &&
  typeof data.webSocketId === 'string'

/** Main's notices are short and begin alike; the model's events have no such field. */
const NOTICE_START = '{"websocket":'

const readNotice = (text: string): WebSocketNotice | null =>
  text.startsWith(NOTICE_START) ? (JSON.parse(text) as WebSocketNotice) : null

const lineOn = (port: MessagePort): WebSocketPort => {
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
      // The other end can go without a word, with main itself.
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
 * Listens from now on: has to be there before a relay is asked for.
 * @param page the window that the shell's preload or bridge script posts to
 */
export const receiveWebSocketPorts = (page: Window, schedule: Schedule): WebSocketPortRegistry => {
  const arrived = new Map<string, MessagePort>()
  const waiting = new Map<string, (port: MessagePort) => void>()

  const receive = (event: MessageEvent<unknown>) => {
    // Only the page's own window can post to itself with this source: a frame or an opener has another one.
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
          resolve(lineOn(known))
          return
        }
        const giveUp = schedule(() => {
          waiting.delete(webSocketId)
          resolve(null)
        }, PORT_LIMIT_MS)
        waiting.set(webSocketId, (port) => {
          giveUp()
          waiting.delete(webSocketId)
          resolve(lineOn(port))
        })
      }),
    close: () => {
      page.removeEventListener('message', receive)
      for (const port of arrived.values()) port.close()
      arrived.clear()
    }
  }
}
