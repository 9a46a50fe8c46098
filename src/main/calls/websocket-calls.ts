// The relay: opens the model's WebSocket for networks that let no UDP through, and carries its events between the
// socket and the port that the shell hands to the page.
import { randomUUID } from 'node:crypto'
import { failed, ok, type Result } from '../../shared/failure.ts'
import type { ConversationLanguage } from '../../shared/language.ts'
import type { WebSocketNotice } from '../../shared/websocket-transport.ts'
import type { KioskAccount } from '../account/account.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import { checkClientEvent, refusalErrorEvent } from './client-event-filter.ts'
import type { KeyPool } from './key-pool.ts'
import {
  type OpenRealtimeSocket,
  openRealtimeSocket,
  type RealtimeSocket
} from './realtime-socket.ts'

/** Main's end of a port whose other end the page has. What is posted before the page listens waits for it. */
export type WebSocketPort = {
  post: (text: string) => void
  onMessage: (listener: (text: string) => void) => void
  /** The page closed its end, or is gone. */
  onClose: (listener: () => void) => void
  close: () => void
}

/** As `OpenRequest` in `calls.ts`, without an offer. */
export type WebSocketCallRequest = { language: ConversationLanguage; station?: string | undefined }
export type OpenedWebSocketCall = { webSocketId: string; model: string }

export type WebSocketCalls = {
  /**
   * @returns `not_signed_in`, `not_a_member`, the mint's failures, `model_unreachable`, `model_busy`,
   *   `model_refused`, or `key_refused` when a key minted for this very session was refused as well
   */
  open(request: WebSocketCallRequest): Promise<Result<OpenedWebSocketCall>>
  /** False when no relay has this id, or not any more. */
  hangUp(webSocketId: string): boolean
  /** Ends every relay: the account is leaving. */
  hangUpAll(): void
}

export type WebSocketCallsPorts = {
  openaiBaseUrl: string
  account: Pick<KioskAccount, 'current'>
  keys: Pick<KeyPool, 'take'>
  /** Hands the other end to the page. */
  openPort: (webSocketId: string) => WebSocketPort
  clock: Clock
  log: Log
  openSocket?: OpenRealtimeSocket
}

type Relay = { end: (code: number, reason: string) => void }

/** `http` becomes `ws` and `https` `wss`. The model is the key's own; it is named as the documents ask for. */
const realtimeSocketUrl = (openaiBaseUrl: string, model: string): string =>
  `${openaiBaseUrl.replace(/^http/, 'ws')}/realtime?model=${encodeURIComponent(model)}`

export const createWebSocketCalls = (ports: WebSocketCallsPorts): WebSocketCalls => {
  const { clock, log } = ports
  const openSocket = ports.openSocket ?? openRealtimeSocket
  const relays = new Map<string, Relay>()
  /** Counts the times that everything was hung up: what opens across one of them is not wanted any more. */
  let era = 0

  const pipeEvents = (webSocketId: string, socket: RealtimeSocket): void => {
    const port = ports.openPort(webSocketId)
    const openedMs = clock.nowMs()
    let refusals = 0
    const notice = (value: WebSocketNotice) => port.post(JSON.stringify(value))

    const end = (code: number, reason: string) => {
      if (!relays.delete(webSocketId)) return
      socket.close()
      notice({ websocket: 'closed', code, reason })
      port.close()
      log.info('websocket.closed', {
        webSocketId,
        code,
        reason,
        refusals,
        ms: clock.nowMs() - openedMs
      })
    }
    relays.set(webSocketId, { end })

    port.onClose(() => end(1000, 'The page closed its port.'))
    port.onMessage((text) => {
      if (!relays.has(webSocketId)) return
      const read = checkClientEvent(text)
      if (read.allowed) {
        socket.send(text)
        return
      }
      refusals += 1
      log.warn('websocket.clientEventRefused', {
        webSocketId,
        type: read.type,
        message: read.message,
        refusals
      })
      port.post(refusalErrorEvent(read, `relay_${refusals}`))
    })
    notice({ websocket: 'open' })
    socket.onMessage(port.post)
    socket.onClose(end)
  }

  return {
    open: async ({ language, station }) => {
      const account = ports.account.current()
      if (account.status !== 'signed_in') return failed('not_signed_in', 'Nobody is signed in.')
      if (account.group === null) return failed('not_a_member', 'The account has no restaurant.')
      const purpose = { groupId: account.group.id, language, station }
      const startedMs = clock.nowMs()
      const startedEra = era

      const attempt = async () => {
        const key = await ports.keys.take(purpose)
        if (!key.ok) return { key, socket: null }
        const url = realtimeSocketUrl(ports.openaiBaseUrl, key.value.model)
        return { key, socket: await openSocket({ url, key: key.value.value, clock }) }
      }
      let { key, socket } = await attempt()
      if (socket === 'key_refused') {
        log.warn('websocket.keyRefused', { wasReady: key.ok && key.value.wasReady })
        ;({ key, socket } = await attempt())
      }
      if (!key.ok) return key
      if (socket === 'key_refused' || socket === null) {
        return failed('key_refused', 'The model refused two ephemeral keys in a row.')
      }
      if (!socket.ok) {
        log.warn('websocket.openFailed', { ...socket.error, ms: clock.nowMs() - startedMs })
        return socket
      }
      if (era !== startedEra) {
        socket.value.close()
        return failed('not_signed_in', 'The account changed while the relay was opened.')
      }
      const webSocketId = `relay_${randomUUID()}`
      pipeEvents(webSocketId, socket.value)
      log.info('websocket.opened', {
        webSocketId,
        ms: clock.nowMs() - startedMs,
        keyReady: key.value.wasReady
      })
      return ok({ webSocketId, model: key.value.model })
    },
    hangUp: (webSocketId) => {
      const relay = relays.get(webSocketId)
      relay?.end(1000, 'Hung up.')
      return relay !== undefined
    },
    hangUpAll: () => {
      era += 1
      for (const relay of [...relays.values()]) relay.end(1000, 'Hung up.')
    }
  }
}
