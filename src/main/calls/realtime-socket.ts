// The model's WebSocket: opened with an ephemeral key, kept alive by pings, and over when either side says so.
import { WebSocket } from 'ws'
import { z } from 'zod'
import { failed, ok, type Result } from '../../shared/failure.ts'
import type { Clock } from '../clock.ts'
import { retryAfterSeconds } from '../retry-after.ts'

/** As long as an offer may take: past this a person is told. */
export const SOCKET_OPEN_DEADLINE_MS = 10_000

/**
 * Proxies and the service drop a line that is silent for a minute or more; and a line whose last ping was not
 * answered by the next one is dead, however open it looks.
 */
export const PING_EVERY_MS = 15_000

/**
 * Unsent bytes at which a line is given up. A minute and a half of recorded question goes out in one go and is
 * 5.8 MB in base64: more than that waiting means that nothing is getting through.
 */
export const BUFFERED_LIMIT_BYTES = 8_000_000

/** The model's longest event is a piece of sound or a session, both far below. */
const INCOMING_LIMIT_BYTES = 4_000_000

/** What a close says that did not come from the model (RFC 6455 §7.4.1: 1006 is never sent). */
export const LOST_CODE = 1006

export type RealtimeSocket = {
  /** Every event so far and from now on, in order; the first is `session.created`. */
  onMessage: (listener: (text: string) => void) => void
  onClose: (listener: (code: number, reason: string) => void) => void
  /** False when the line is closed or was given up just now. */
  send: (text: string) => boolean
  /** Ends the line without reporting it through `onClose`. */
  close: () => void
}

export type OpenRealtimeSocket = (request: {
  url: string
  key: string
  clock: Clock
}) => Promise<Result<RealtimeSocket> | 'key_refused'>

/**
 * Opens the line and waits for its session: the service accepts a socket before it looks at the key, and says
 * what is wrong with it in an `error` event.
 * @returns `key_refused` for a key that expired or is unknown, `model_busy`, `model_refused`, or
 *   `model_unreachable` when nothing answered within the deadline
 */
export const openRealtimeSocket: OpenRealtimeSocket = ({ url, key, clock }) =>
  new Promise((resolve) => {
    const socket = new WebSocket(url, {
      headers: { authorization: `Bearer ${key}` },
      // Compressing base64 of sound costs a core more than it saves a line.
      perMessageDeflate: false,
      maxPayload: INCOMING_LIMIT_BYTES
    })
    let settled = false
    const settle = (result: Result<RealtimeSocket> | 'key_refused') => {
      if (settled) return
      settled = true
      cancelDeadline()
      if (result === 'key_refused' || !result.ok) {
        socket.removeAllListeners()
        // A socket that is terminated while it connects reports that as an error.
        socket.on('error', () => {})
        socket.terminate()
      }
      resolve(result)
    }
    const cancelDeadline = clock.after(SOCKET_OPEN_DEADLINE_MS, () =>
      settle(failed('model_unreachable', 'The model did not open a session in time.'))
    )
    socket.once('unexpected-response', (_request, response) => {
      response.resume()
      settle(refusedWith(response.statusCode ?? 0, response.headers['retry-after']))
    })
    socket.once('error', () =>
      // Never the error itself: its message may name the address, its cause nothing that a person can use.
      settle(failed('model_unreachable', 'The model’s WebSocket could not be reached.'))
    )
    socket.once('close', (_code, reason) => settle(refusedBy(String(reason).split('.').at(-1))))
    socket.once('message', (data) => {
      const first = readFirst(String(data))
      if (first === 'opened') settle(ok(createSocketLine(socket, String(data), clock)))
      else settle(refusedBy(first.code))
    })
  })

const createSocketLine = (socket: WebSocket, first: string, clock: Clock): RealtimeSocket => {
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
  socket.on('message', (data) => {
    const text = String(data)
    if (onMessage === null) early.push(text)
    else onMessage(text)
  })
  socket.on('error', () => giveUp('The model’s WebSocket failed.'))
  socket.on('close', (code, reason) => end(code, String(reason)))
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
        giveUp('The network takes less than is said.')
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
    // Something that is not the model answered: a portal's greeting, say.
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
const refusedBy = (code: string | undefined): Result<RealtimeSocket> | 'key_refused' => {
  if (code !== undefined && KEY_CODES.has(code)) return 'key_refused'
  const named = code === undefined || !/^\w{1,100}$/.test(code) ? 'no code' : code
  const message = `The model closed its WebSocket before there was a session (${named}).`
  return failed(BUSY_CODES.has(named) ? 'model_busy' : 'model_refused', message)
}

const refusedWith = (
  status: number,
  retryAfter: string | undefined
): Result<RealtimeSocket> | 'key_refused' => {
  if (status === 401) return 'key_refused'
  const message = `The model refused its WebSocket with ${status}.`
  if (status !== 429) return failed('model_refused', message)
  const headers = new Headers(retryAfter === undefined ? {} : { 'retry-after': retryAfter })
  return failed('model_busy', message, retryAfterSeconds(headers))
}
