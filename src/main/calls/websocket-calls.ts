// Opens the model's WebSocket for networks that block UDP, and carries its events between the socket and the page's port.
import { randomUUID } from 'node:crypto'
import { failed, ok, type Result } from '../../shared/failure.ts'
import type { WebSocketNotice } from '../../shared/websocket-transport.ts'
import { PROXY_SIGN_IN_ERROR } from '../network/network-cause.ts'
import type { NetworkWatch } from '../network/network-watch.ts'
import { checkClientEvent, refusalErrorEvent } from './client-event-filter.ts'
import {
  type Attempt,
  type CallPorts,
  type CallRequest,
  createCallOpener
} from './open-with-key.ts'
import { openRealtimeSocket, type RealtimeSocket } from './realtime-socket.ts'

/** Main's end of the page's port. Messages that are posted before the page listens are queued. */
export type WebSocketPort = {
  post: (text: string) => void
  onMessage: (listener: (text: string) => void) => void
  /** The page closed its end, or is gone. */
  onClose: (listener: () => void) => void
  close: () => void
}

export type WebSocketCalls = {
  /** @returns the failures of `CallOpener.open`; `model_unreachable`, `model_busy` or `model_refused` */
  open(request: CallRequest): Promise<Result<{ webSocketId: string; model: string }>>
  /** False when no open call has this id. */
  hangUp(webSocketId: string): boolean
  /** Ends every call, and every call that is opening as soon as it is open. */
  hangUpAll(): void
}

type OpenCall = { end: (code: number, reason: string) => void }

/** `http` becomes `ws` and `https` `wss`. The documentation asks for the model, which the key already names. */
const realtimeSocketUrl = (openaiBaseUrl: string, model: string): string =>
  `${openaiBaseUrl.replace(/^http/, 'ws')}/realtime?model=${encodeURIComponent(model)}`

export const createWebSocketCalls = (
  ports: CallPorts & {
    /** Hands the other end to the page. */
    openPort: (webSocketId: string) => WebSocketPort
    network: Pick<NetworkWatch, 'socketOpeners' | 'answered' | 'failed'>
  }
): WebSocketCalls => {
  const { clock, log } = ports
  const opener = createCallOpener(ports, 'websocket')
  const calls = new Map<string, OpenCall>()

  const pipeEvents = (webSocketId: string, socket: RealtimeSocket): void => {
    const port = ports.openPort(webSocketId)
    const openedMs = clock.nowMs()
    let refusals = 0
    const notice = (value: WebSocketNotice) => port.post(JSON.stringify(value))

    const end = (code: number, reason: string) => {
      if (!calls.delete(webSocketId)) return
      void ports.reports.ended(webSocketId)
      socket.close()
      notice({ websocket: 'closed', code, reason })
      port.close()
      const ms = clock.nowMs() - openedMs
      log.info('websocket.closed', { webSocketId, code, reason, refusals, ms })
    }
    calls.set(webSocketId, { end })

    port.onClose(() => end(1000, 'The page closed its port.'))
    port.onMessage((text) => {
      if (!calls.has(webSocketId)) return
      const read = checkClientEvent(text)
      if (read.allowed) {
        socket.send(read.text)
        return
      }
      refusals += 1
      const { type, message } = read
      log.warn('websocket.clientEventRefused', { webSocketId, type, message, refusals })
      port.post(refusalErrorEvent(read, `refused_${refusals}`))
    })
    notice({ websocket: 'open' })
    socket.onMessage(port.post)
    socket.onClose(end)
  }

  /** Tries the next kind of socket where a proxy refused the first. */
  const connect = async (url: string, key: string): Promise<Attempt<RealtimeSocket>> => {
    const onNetworkError = (error: unknown) => ports.network.failed(url, error)
    const openers = await ports.network.socketOpeners(url).catch((error: unknown) => {
      onNetworkError(error)
      return []
    })
    const unreachable = failed('model_unreachable', 'The model’s WebSocket could not be reached.')
    if (openers.length === 0) return unreachable
    for (const open of openers) {
      const socket = await openRealtimeSocket({ url, key, open, clock, onNetworkError })
      if (socket !== 'proxy_sign_in') return socket
    }
    onNetworkError(new Error(PROXY_SIGN_IN_ERROR))
    return unreachable
  }

  return {
    open: async (request) => {
      const opened = await opener.open(
        request,
        async ({ value: key, model }) => {
          const url = realtimeSocketUrl(ports.openaiBaseUrl, model)
          const socket = await connect(url, key)
          if (socket === 'key_refused' || !socket.ok) return socket
          ports.network.answered(url)
          return ok({ id: `ws_${randomUUID()}`, socket: socket.value })
        },
        async ({ socket }) => socket.close()
      )
      if (!opened.ok) return opened
      const { id: webSocketId, socket, model } = opened.value
      pipeEvents(webSocketId, socket)
      return ok({ webSocketId, model })
    },
    hangUp: (webSocketId) => {
      const call = calls.get(webSocketId)
      call?.end(1000, 'Hung up.')
      return call !== undefined
    },
    hangUpAll: () => {
      opener.supersede()
      for (const call of [...calls.values()]) call.end(1000, 'Hung up.')
    }
  }
}
