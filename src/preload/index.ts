// The contract, bridged into the page, and the ports of relays handed on to it; nothing else. Runs sandboxed: it may
// require electron and no more.
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
      // Main answers everything with a Result: what is left is input that cannot be cloned, or no main.
      return failure('internal', 'The call did not reach the kiosk.')
    }
  },
  on: (name, listener) => {
    if (!NOTIFICATION_NAMES.includes(name)) return () => {}
    const channel = `${CHANNEL_PREFIX}${name}`
    // The event is kept from the page: it carries ipcRenderer's own ports.
    const heard = (_event: unknown, payload: Parameters<typeof listener>[0]) => listener(payload)
    ipcRenderer.on(channel, heard)
    return () => {
      ipcRenderer.off(channel, heard)
    }
  }
}

contextBridge.exposeInMainWorld('heard', bridge)

// A port cannot cross the context bridge: it is posted to the page's own window, and to nobody else's.
ipcRenderer.on(WEBSOCKET_PORT_CHANNEL, (event, { webSocketId }: { webSocketId: string }) => {
  const message: WebSocketPortMessage = { kind: 'heard.webSocketPort', webSocketId }
  window.postMessage(message, location.origin, [...event.ports])
})
