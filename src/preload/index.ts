// Bridges the contract into the page, and hands it the ports of WebSocket calls. Runs sandboxed: it may require electron
// only.
import { contextBridge, ipcRenderer } from 'electron'
import type { Bridge } from '../shared/contract.ts'
import {
  CALL_NAMES,
  CHANNEL_PREFIX,
  NOTIFICATION_NAMES,
  WEBSOCKET_PORT_CHANNEL
} from '../shared/contract-names.ts'
import type { WebSocketPortMessage } from '../shared/websocket-transport.ts'

const failure = (code: 'bad_request' | 'internal', message: string) => ({
  ok: false as const,
  error: { code, message }
})

const bridge: Bridge = {
  call: async (name, input) => {
    if (!CALL_NAMES.includes(name)) return failure('bad_request', 'There is no such call.')
    try {
      return await ipcRenderer.invoke(`${CHANNEL_PREFIX}${name}`, input)
    } catch {
      // Main never rejects: the input cannot be cloned, or main is gone.
      return failure('internal', 'The call did not reach the kiosk.')
    }
  },
  on: (name, listener) => {
    if (!NOTIFICATION_NAMES.includes(name)) return () => {}
    const channel = `${CHANNEL_PREFIX}${name}`
    // The page must not get the event, which carries ipcRenderer's ports.
    const forward = (_event: unknown, payload: Parameters<typeof listener>[0]) => listener(payload)
    ipcRenderer.on(channel, forward)
    return () => {
      ipcRenderer.off(channel, forward)
    }
  }
}

contextBridge.exposeInMainWorld('heard', bridge)

// A port cannot cross the context bridge, so it is posted to the page's window.
ipcRenderer.on(WEBSOCKET_PORT_CHANNEL, (event, { webSocketId }: { webSocketId: string }) => {
  const message: WebSocketPortMessage = { kind: 'heard.webSocketPort', webSocketId }
  window.postMessage(message, location.origin, [...event.ports])
})
