// Implements the page's half of the preview's bridge. `bridge-script.ts` serves this function's source to the page, so it
// may use its parameters and the page's globals only.
import type { Bridge } from '../../src/shared/contract.ts'

export type PageBridgeOptions = {
  callNames: readonly string[]
  notificationNames: readonly string[]
  openSocket: () => WebSocket
  /** Gets the page's end of a WebSocket call's port. */
  onPort: (webSocketId: string, port: MessagePort) => void
  /** Called once, when the socket is closed. */
  onLost: () => void
}

/**
 * Builds `window.heard` over one WebSocket. Calls wait for the socket to open. After its loss every call fails without a
 * retry: the page reports the loss and is reloaded.
 */
export const createPageBridge = (options: PageBridgeOptions): Bridge => {
  type Answer = { ok: true; value: never } | { ok: false; error: { code: string; message: string } }
  const pending = new Map<number, (answer: never) => void>()
  const listeners = new Map<string, Set<(payload: never) => void>>()
  const waiting: string[] = []
  /** This side's ends of the ports: a socket cannot carry a port, so messages are frames on it. */
  const ports = new Map<string, MessagePort>()
  let lastId = 0
  let lost = false

  const failure = (code: string, message: string): Answer => ({
    ok: false,
    error: { code, message }
  })
  const settle = (id: number, answer: unknown) => {
    const resolve = pending.get(id)
    pending.delete(id)
    resolve?.(answer as never)
  }

  const openPort = (webSocketId: string) => {
    const { port1, port2 } = new MessageChannel()
    ports.set(webSocketId, port1)
    port1.addEventListener('message', (event: MessageEvent) => {
      if (!lost) socket.send(JSON.stringify({ port: webSocketId, text: String(event.data) }))
    })
    // The page closed its end or dropped it.
    port1.addEventListener('close', () => {
      if (ports.delete(webSocketId) && !lost) {
        socket.send(JSON.stringify({ port: webSocketId, closed: true }))
      }
    })
    port1.start()
    options.onPort(webSocketId, port2)
  }
  const closePort = (webSocketId: string) => {
    const port = ports.get(webSocketId)
    ports.delete(webSocketId)
    port?.close()
  }
  const onPortFrame = (frame: { port: string; text?: unknown; opened?: unknown }) => {
    if (frame.opened === true) openPort(frame.port)
    else if (typeof frame.text === 'string') ports.get(frame.port)?.postMessage(frame.text)
    else closePort(frame.port)
  }

  const socket = options.openSocket()
  socket.addEventListener('open', () => {
    for (const message of waiting.splice(0)) socket.send(message)
  })
  socket.addEventListener('message', (event: MessageEvent) => {
    const message = JSON.parse(String(event.data))
    if (typeof message.port === 'string') onPortFrame(message)
    else if (typeof message.id === 'number') settle(message.id, message.answer)
    else for (const listen of listeners.get(message.name) ?? []) listen(message.payload as never)
  })
  socket.addEventListener('close', () => {
    lost = true
    for (const id of [...pending.keys()]) {
      settle(id, failure('internal', 'The connection to the kiosk was lost.'))
    }
    for (const [webSocketId, port] of [...ports]) {
      port.postMessage(
        JSON.stringify({ websocket: 'closed', code: 1006, reason: 'The kiosk is gone.' })
      )
      closePort(webSocketId)
    }
    options.onLost()
  })

  return Object.freeze({
    call: (name: string, input: unknown) =>
      new Promise<never>((resolve) => {
        if (!options.callNames.includes(name)) {
          return resolve(failure('bad_request', 'There is no such call.') as never)
        }
        if (lost) {
          return resolve(failure('internal', 'The connection to the kiosk was lost.') as never)
        }
        let message: string
        try {
          lastId += 1
          message = JSON.stringify({ id: lastId, name, input })
        } catch {
          // A cycle or a bigint, which the contract does not allow.
          return resolve(failure('bad_request', 'The input cannot be sent.') as never)
        }
        pending.set(lastId, resolve)
        if (socket.readyState === 1) socket.send(message)
        else waiting.push(message)
      }),
    on: (name: string, listener: (payload: never) => void) => {
      if (!options.notificationNames.includes(name)) return () => {}
      const known = listeners.get(name) ?? new Set()
      listeners.set(name, known)
      known.add(listener)
      return () => {
        known.delete(listener)
      }
    }
  })
}
