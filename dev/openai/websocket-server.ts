// Opens a session for `GET /v1/realtime?model=…` over a WebSocket, or refuses it.
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import {
  type ApiError,
  type ApiErrorBody,
  betaDisabled,
  invalidRequest,
  modelNotFound,
  type Refusal
} from './api-error.ts'
import { bearerKey, type KeyOwner } from './api-keys.ts'
import { newIdentifier } from './identifier.ts'
import { DEFAULT_REALTIME_MODEL, knownModel } from './models.ts'
import type { OpenSession } from './session-connection.ts'
import type { SessionParts } from './session-runner.ts'
import { type EffectiveSession, effectiveSession } from './session-schema.ts'
import { openSocketSession } from './websocket-session.ts'

const PATH = '/v1/realtime'

/** Sub-protocols of a browser, which cannot set a header. */
const SUBPROTOCOL = 'realtime'
const KEY_PROTOCOL_PREFIX = 'openai-insecure-api-key.'
const BETA_PROTOCOL = 'openai-beta.realtime-v1'

/** The API takes up to 15 MiB of audio in one event; in base64 with its envelope that is under this. */
const MESSAGE_LIMIT_BYTES = 21 * 1024 * 1024

/** The service accepts the socket, sends the reason in an `error` event, and closes with one of these. */
const CLOSE_CODES = { wrongKey: 3000, refused: 4000 } as const

type Refused = { error: ApiErrorBody; closeCode: number }

/**
 * @param ownerOf checks a key; null stands for a request without one.
 * @param injected returns the error that fault injection gives to the next upgrade.
 */
export const createSocketServer = (
  parts: SessionParts,
  sessions: Map<string, OpenSession>,
  ownerOf: (key: string | null) => KeyOwner,
  injected: () => ApiError | null
) => {
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: MESSAGE_LIMIT_BYTES,
    perMessageDeflate: false,
    handleProtocols: (offered) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false)
  })

  const sessionFor = (request: IncomingMessage, url: URL): EffectiveSession | Refused => {
    const protocols = protocolsOf(request)
    const owner = ownerOf(bearerKey(request.headers.authorization) ?? keyIn(protocols))
    if (owner.kind === 'refused')
      return { error: owner.error.error, closeCode: CLOSE_CODES.wrongKey }
    const isBeta = request.headers['openai-beta'] !== undefined || protocols.includes(BETA_PROTOCOL)
    if (isBeta) return refused(betaDisabled)
    if (url.searchParams.has('call_id') || url.searchParams.has('intent'))
      return refused({
        code: 'invalid_parameter',
        message: 'This stand-in opens model sessions only, neither sideband nor transcription.',
        param: url.searchParams.has('call_id') ? 'call_id' : 'intent'
      })
    const model = url.searchParams.get('model')
    if (model !== null && knownModel(model, 'realtime') === undefined)
      return refused(modelNotFound(model))
    if (owner.kind === 'ephemeral') return owner.session
    if (model === null)
      return refused({
        code: 'missing_model',
        message: `You must provide a model parameter, such as ?model=${DEFAULT_REALTIME_MODEL}.`,
        param: 'model'
      })
    return effectiveSession({ type: 'realtime', model })
  }

  const begin = (socket: WebSocket, session: EffectiveSession | Refused): void => {
    if ('closeCode' in session) {
      const { error, closeCode } = session
      parts.log('websocket.refused', { code: error.code ?? '', message: error.message })
      socket.on('error', () => socket.terminate())
      socket.send(
        JSON.stringify({
          type: 'error',
          event_id: newIdentifier('event'),
          error: { ...error, event_id: null }
        })
      )
      socket.close(closeCode, `${error.type}.${error.code ?? ''}`)
      return
    }
    const opened = openSocketSession(socket, session, parts, (id) => sessions.delete(id))
    sessions.set(opened.callId, opened)
  }

  return {
    upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      socket.on('error', () => socket.destroy())
      const url = new URL(request.url ?? '/', 'http://localhost')
      if (url.pathname !== PATH) return refuseUpgrade(socket, 404, null)
      const failure = injected()
      if (failure !== null) return refuseUpgrade(socket, failure.status, failure.error)
      server.handleUpgrade(request, socket, head, (opened) =>
        begin(opened, sessionFor(request, url))
      )
    },
    close: () => {
      for (const socket of server.clients) socket.terminate()
      server.close()
    }
  }
}

export type SocketServer = ReturnType<typeof createSocketServer>

const refused = (refusal: Refusal): Refused => ({
  error: invalidRequest(refusal).error,
  closeCode: CLOSE_CODES.refused
})

const refuseUpgrade = (socket: Duplex, status: number, error: ApiErrorBody | null): void => {
  const body = error === null ? '' : JSON.stringify({ error })
  socket.end(
    `HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Type: application/json\r\n` +
      `${status === 429 ? 'Retry-After: 2\r\n' : ''}` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
  )
}

const protocolsOf = (request: IncomingMessage): string[] =>
  (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim())

const keyIn = (protocols: readonly string[]): string | null =>
  protocols
    .find((name) => name.startsWith(KEY_PROTOCOL_PREFIX))
    ?.slice(KEY_PROTOCOL_PREFIX.length) ?? null
