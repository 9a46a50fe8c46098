// Carries message ports as frames on the preview's WebSocket, by the id of their WebSocket call. The page opens the
// channel itself (`page-bridge.ts`), since a socket cannot carry a port.
import type { WebSocketPort } from '../../src/main/calls/websocket-calls.ts'

/** Frames both ways; `opened` is the first one and goes to the page only. */
export type PortFrame =
  | { port: string; opened: true }
  | { port: string; text: string }
  | { port: string; closed: true }

export type PortCarrier = {
  receive: (frame: PortFrame) => void
  /** Closes the ports of a page that is gone. */
  detach: () => void
}

export type PagePorts = {
  openPort: (webSocketId: string) => WebSocketPort
  /** Opens later ports on this page. */
  attach: (send: (frame: PortFrame) => void) => PortCarrier
}

type OpenPort = { receive: (text: string) => void; gone: () => void }
type Page = { send: (frame: PortFrame) => void; ports: Map<string, OpenPort> }

export const createPagePorts = (): PagePorts => {
  let page: Page | null = null

  return {
    openPort: (webSocketId) => {
      const owner = page
      let isOpen = owner !== null
      let onMessage: ((text: string) => void) | null = null
      let onClose: (() => void) | null = null
      const early: string[] = []
      const finish = () => {
        if (!isOpen) return false
        isOpen = false
        owner?.ports.delete(webSocketId)
        return true
      }
      owner?.ports.set(webSocketId, {
        receive: (text) => {
          if (onMessage === null) early.push(text)
          else onMessage(text)
        },
        gone: () => {
          if (finish()) onClose?.()
        }
      })
      owner?.send({ port: webSocketId, opened: true })
      return {
        post: (text) => {
          if (isOpen) owner?.send({ port: webSocketId, text })
        },
        onMessage: (listener) => {
          onMessage = listener
          for (const text of early.splice(0)) listener(text)
        },
        onClose: (listener) => {
          onClose = listener
          // Without a page the port is closed: reported later, as a real port's event.
          if (!isOpen) queueMicrotask(listener)
        },
        close: () => {
          if (finish()) owner?.send({ port: webSocketId, closed: true })
        }
      }
    },
    attach: (send) => {
      const mine: Page = { send, ports: new Map() }
      page = mine
      return {
        receive: (frame) => {
          const port = mine.ports.get(frame.port)
          if ('text' in frame) port?.receive(frame.text)
          else if ('closed' in frame) port?.gone()
        },
        detach: () => {
          if (page === mine) page = null
          for (const port of [...mine.ports.values()]) port.gone()
        }
      }
    }
  }
}

/** Reads a frame of the page; null for another message. */
export const readPortFrame = (message: object): PortFrame | null => {
  if (!('port' in message) || typeof message.port !== 'string') return null
  if ('text' in message && typeof message.text === 'string')
    return { port: message.port, text: message.text }
  if ('closed' in message && message.closed === true) return { port: message.port, closed: true }
  return null
}
