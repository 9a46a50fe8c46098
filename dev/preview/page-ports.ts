// Message ports in the preview: frames of the one WebSocket, by the id of their relay. A socket cannot carry a port,
// so the page makes its own channel and keeps the far end (`page-bridge.ts`).
import type { WebSocketPort } from '../../src/main/calls/websocket-calls.ts'

/** What goes over the socket, both ways; `opened` only to the page, and first. */
export type PortFrame =
  | { port: string; opened: true }
  | { port: string; text: string }
  | { port: string; closed: true }

/** One page's connection. */
export type PortCarrier = {
  /** A frame of the page's. */
  receive: (frame: PortFrame) => void
  /** The page is gone: its ports are closed. */
  detach: () => void
}

export type PagePorts = {
  openPort: (webSocketId: string) => WebSocketPort
  /** From now on ports are opened on this page. */
  attach: (send: (frame: PortFrame) => void) => PortCarrier
}

type OpenPort = { hear: (text: string) => void; gone: () => void }
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
        hear: (text) => {
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
          // There was no page to open it on: said later, as an event of a real port would be.
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
          if ('text' in frame) port?.hear(frame.text)
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

/** Reads a frame of the page's; null when the message is none. */
export const readPortFrame = (message: object): PortFrame | null => {
  if (!('port' in message) || typeof message.port !== 'string') return null
  if ('text' in message && typeof message.text === 'string')
    return { port: message.port, text: message.text }
  if ('closed' in message && message.closed === true) return { port: message.port, closed: true }
  return null
}
