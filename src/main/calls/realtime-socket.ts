// Opens the model's WebSocket with an ephemeral key, and keeps it alive with pings.
import type { IncomingMessage } from 'node:http'
import { WebSocket } from 'ws'
import { z } from 'zod'
import { failed, ok } from '../../shared/failure.ts'
import type { Clock } from '../clock.ts'
import { retryAfterSeconds } from '../retry-after.ts'
import type { ModelSocket, OpenSocket } from './model-socket.ts'
import type { Attempt } from './open-with-key.ts'

/** The same as for an SDP offer. */
export const SOCKET_OPEN_DEADLINE_MS = 10_000

/**
 * Proxies and the service drop a connection that is silent for a minute. A connection that did not answer the last ping is
 * dead.
 */
export const PING_EVERY_MS = 15_000

/**
 * Unsent bytes at which the connection is closed. The longest recorded hold, a minute and a half, is 5.8 MB in base64 and
 * is sent at once; more than that means that the network is stuck.
 */
export const BUFFERED_LIMIT_BYTES = 8_000_000

const PROXY_AUTHENTICATION_REQUIRED = 407

/** Close code of a connection that was lost (RFC 6455 §7.4.1: 1006 is never sent). */
const LOST_CODE = 1006

export type RealtimeSocket = {
  /** Also delivers the events before this call, in order; the first is `session.created`. */
  onMessage: (listener: (text: string) => void) => void
  onClose: (listener: (code: number, reason: string) => void) => void
  /** False when the connection is closed, or was closed because it is stuck. */
  send: (text: string) => boolean
  /** Does not call `onClose`. */
  close: () => void
}

/**
 * Opens the socket and waits for its session: the service accepts a socket before it checks the key, and refuses a key in
 * an `error` event.
 * @returns `key_refused`, `model_busy`, `model_refused`, `model_unreachable` without an answer within the deadline, or
 *   `proxy_sign_in` where a proxy refused the connection
 */
export const openRealtimeSocket = ({
  url,
  key,
  open,
  clock,
  onNetworkError
}: {
  url: string
  key: string
  open: OpenSocket
  clock: Clock
  onNetworkError: (error: Error) => void
}): Promise<Attempt<RealtimeSocket> | 'proxy_sign_in'> =>
  new Promise((resolve) => {
    const socket = open(url, { authorization: `Bearer ${key}` })
    let settled = false
    const settle = (result: Attempt<RealtimeSocket> | 'proxy_sign_in') => {
      if (settled) return
      settled = true
      cancelDeadline()
      if (typeof result === 'string' || !result.ok) {
        socket.removeAllListeners()
        // ws reports an error when a connecting socket is terminated.
        socket.on('error', () => {})
        socket.terminate()
      }
      resolve(result)
    }
    const cancelDeadline = clock.after(SOCKET_OPEN_DEADLINE_MS, () =>
      settle(failed('model_unreachable', 'The model did not open a session in time.'))
    )
    socket.once('unexpected-response', (_request: unknown, response: IncomingMessage) => {
      response.resume()
      // The service is reached through the proxy, so this status is the proxy's.
      if (response.statusCode === PROXY_AUTHENTICATION_REQUIRED) return settle('proxy_sign_in')
      settle(refusedWith(response.statusCode ?? 0, response.headers['retry-after']))
    })
    socket.once('error', (error: Error) => {
      onNetworkError(error)
      // Not the error itself: its message may contain the address.
      settle(failed('model_unreachable', 'The model’s WebSocket could not be reached.'))
    })
    socket.once('close', (_code: number, reason: unknown) =>
      settle(refusedBy(String(reason).split('.').at(-1)))
    )
    socket.once('message', (data: unknown) => {
      const first = readFirst(String(data))
      if (first === 'opened') settle(ok(createRealtimeSocket(socket, String(data), clock)))
      else settle(refusedBy(first.code))
    })
  })

const createRealtimeSocket = (socket: ModelSocket, first: string, clock: Clock): RealtimeSocket => {
  let onMessage: ((text: string) => void) | null = null
  let onClose: ((code: number, reason: string) => void) | null = null
  const early: string[] = [first]
  let ended: { code: number; reason: string } | null = null
  let isAnswered = true
  let cancelPing = () => {}

  const end = (code: number, reason: string) => {
    if (ended !== null) return
    ended = { code, reason }
    cancelPing()
    onClose?.(code, reason)
  }
  const giveUp = (reason: string) => {
    end(LOST_CODE, reason)
    socket.terminate()
  }
  const pingLater = () => {
    cancelPing = clock.after(PING_EVERY_MS, () => {
      if (ended !== null) return
      if (!isAnswered) return giveUp('The model’s WebSocket stopped answering.')
      isAnswered = false
      socket.ping()
      pingLater()
    })
  }

  socket.on('pong', () => {
    isAnswered = true
  })
  socket.on('message', (data: unknown) => {
    const text = String(data)
    if (onMessage === null) early.push(text)
    else onMessage(text)
  })
  socket.on('error', () => giveUp('The model’s WebSocket failed.'))
  socket.on('close', (code: number, reason: unknown) => end(code, String(reason)))
  pingLater()

  return {
    onMessage: (listener) => {
      onMessage = listener
      for (const text of early.splice(0)) listener(text)
    },
    onClose: (listener) => {
      onClose = listener
      if (ended !== null) listener(ended.code, ended.reason)
    },
    send: (text) => {
      if (ended !== null || socket.readyState !== WebSocket.OPEN) return false
      if (socket.bufferedAmount > BUFFERED_LIMIT_BYTES) {
        giveUp('The network is too slow for the audio.')
        return false
      }
      socket.send(text)
      return true
    },
    close: () => {
      onClose = null
      end(1000, 'closed')
      socket.close(1000)
    }
  }
}

const firstSchema = z.object({
  type: z.string(),
  error: z.object({ code: z.string().max(100).nullish() }).optional()
})

const readFirst = (text: string): 'opened' | { code: string | undefined } => {
  try {
    const read = firstSchema.safeParse(JSON.parse(text))
    if (!read.success) return { code: undefined }
    return read.data.type === 'session.created'
      ? 'opened'
      : { code: read.data.error?.code ?? undefined }
  } catch {
    // Not the model: a captive portal, for example.
    return { code: undefined }
  }
}

const BUSY_CODES = new Set([
  'insufficient_quota',
  'credit_balance_exhausted',
  'rate_limit_exceeded'
])
const KEY_CODES = new Set(['invalid_api_key', 'token_expired', 'expired_api_key'])

/** @param code of the error event, or of the close reason `invalid_request_error.<code>` */
const refusedBy = (code: string | undefined): Attempt<never> => {
  if (code !== undefined && KEY_CODES.has(code)) return 'key_refused'
  const named = code === undefined || !/^\w{1,100}$/.test(code) ? 'no code' : code
  const message = `The model closed its WebSocket before there was a session (${named}).`
  return failed(BUSY_CODES.has(named) ? 'model_busy' : 'model_refused', message)
}

const refusedWith = (status: number, retryAfter: string | undefined): Attempt<never> => {
  if (status === 401) return 'key_refused'
  const message = `The model refused its WebSocket with ${status}.`
  if (status !== 429) return failed('model_refused', message)
  const headers = new Headers(retryAfter === undefined ? {} : { 'retry-after': retryAfter })
  return failed('model_busy', message, retryAfterSeconds(headers))
}
