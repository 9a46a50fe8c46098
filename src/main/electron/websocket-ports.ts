// Creates message ports: main holds one end, the page gets the other through its preload.
import type { BrowserWindow, MessageChannelMain } from 'electron'
import { WEBSOCKET_PORT_CHANNEL } from '../../shared/contract-names.ts'
import type { WebSocketPort } from '../calls/websocket-calls.ts'
import { isKioskUrl } from './origin.ts'

/** @param makeChannel `() => new MessageChannelMain()` */
export const createWebSocketPorts =
  (currentWindow: () => BrowserWindow | null, makeChannel: () => MessageChannelMain) =>
  (webSocketId: string): WebSocketPort => {
    const { port1, port2 } = makeChannel()
    const window = currentWindow()
    const frame =
      window === null || window.isDestroyed() || window.webContents.isCrashed()
        ? null
        : window.webContents.mainFrame
    // Without the kiosk's page, closing its end makes main's end report `close`.
    if (frame !== null && isKioskUrl(frame.url)) {
      frame.postMessage(WEBSOCKET_PORT_CHANNEL, { webSocketId }, [port2])
    } else {
      port2.close()
    }
    return {
      post: (text) => port1.postMessage(text),
      onMessage: (listener) => {
        port1.on('message', ({ data }) => {
          if (typeof data === 'string') listener(data)
        })
        port1.start()
      },
      onClose: (listener) => void port1.on('close', listener),
      close: () => port1.close()
    }
  }
