// Runs against a real WebSocket server in the place of the model, and a port of the preview in the place of the page's.
import type { IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { type VerifyClientCallbackAsync, type WebSocket, WebSocketServer } from 'ws'
import {
  createPagePorts,
  type PortCarrier,
  type PortFrame
} from '../../../../dev/preview/page-ports.ts'
import {
  BUFFERED_LIMIT_BYTES,
  PING_EVERY_MS,
  SOCKET_OPEN_DEADLINE_MS
} from '../../../../src/main/calls/realtime-socket.ts'
import { createWebSocketCalls } from '../../../../src/main/calls/websocket-calls.ts'
import { type Clock, systemClock } from '../../../../src/main/clock.ts'
import { failed } from '../../../../src/shared/failure.ts'
import { eventually } from '../../../eventually.ts'
import { SIGNED_IN } from '../backend-fixture.ts'
import { createFakeClock } from '../fake-clock.ts'
import { createRecordingLog } from '../recording-log.ts'
import { createKeyDouble, createReportsDouble, DIRECT, MODEL } from './key-double.ts'

const CREATED = '{"type": "session.created",  "session": {"model": "gpt-realtime-2.1"}}'
const CLEAR = '{"type": "input_audio_buffer.clear",  "event_id": "mine"}'
const DEAD_URL = 'http://127.0.0.1:9/v1'
const OPEN = { language: 'en' } as const

/** Handles one connection of the service. */
type Connected = (socket: WebSocket) => void
const greets: Connected = (socket) => socket.send(CREATED)
const refuses =
  (code: string, closeCode: number): Connected =>
  (socket) => {
    const type = 'invalid_request_error'
    socket.send(JSON.stringify({ type: 'error', error: { type, code, message: 'No.' } }))
    socket.close(closeCode, `${type}.${code}`)
  }

type Service = {
  url: string
  requests: IncomingMessage[]
  sockets: WebSocket[]
  received: string[]
}
/**
 * @param handlers for one connection each; the last one serves all further connections
 * @param status refuses the first two handshakes with this status
 */
const serve = async (handlers: Connected[], status?: number): Promise<Service> => {
  const service: Service = { url: '', requests: [], sockets: [], received: [] }
  const { requests, sockets, received } = service
  const verifyClient: VerifyClientCallbackAsync = ({ req }, answer) => {
    requests.push(req)
    answer(requests.length > 2 || status === undefined, status, 'No', { 'Retry-After': '7' })
  }
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', verifyClient })
  onTestFinished(() => {
    for (const socket of server.clients) socket.terminate()
    server.close()
  })
  server.on('connection', (socket) => {
    sockets.push(socket)
    socket.on('message', (data) => received.push(String(data)))
    const handler = handlers.length > 1 ? handlers.shift() : handlers[0]
    handler?.(socket)
  })
  await new Promise((resolve) => server.once('listening', resolve))
  return { ...service, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1` }
}

const callsAt = (url: string, clock: Clock = systemClock) => {
  const log = createRecordingLog()
  const keys = createKeyDouble()
  const reports = createReportsDouble()
  const pagePorts = createPagePorts()
  const toPage: PortFrame[] = []
  const page: PortCarrier = pagePorts.attach((frame) => toPage.push(frame))
  const calls = createWebSocketCalls({
    openaiBaseUrl: url,
    account: { current: () => SIGNED_IN },
    keys,
    reports,
    openPort: pagePorts.openPort,
    network: DIRECT,
    clock,
    log
  })
  const texts = () => toPage.flatMap((frame) => ('text' in frame ? [frame.text] : []))
  return { calls, log, keys, page, toPage, texts, reported: reports.reported }
}

const openCall = async (service: Service, clock?: Clock) => {
  const kiosk = callsAt(service.url, clock)
  const answer = await kiosk.calls.open(OPEN)
  if (!answer.ok) throw new Error(answer.error.message)
  const { webSocketId, model } = answer.value
  const send = (text: string) => kiosk.page.receive({ port: webSocketId, text })
  const lastNotice = () => JSON.parse(kiosk.texts().at(-1) ?? 'null')
  return { ...kiosk, webSocketId, model, send, lastNotice }
}
type Opened = Awaited<ReturnType<typeof openCall>>

it('opens the Realtime WebSocket with the ephemeral key in the header', async () => {
  const service = await serve([greets])
  const { model, log } = await openCall(service)
  expect(model).toBe(MODEL)
  expect(service.requests[0]?.url).toBe('/v1/realtime?model=gpt-realtime-2.1')
  expect(service.requests[0]?.headers).toMatchObject({ authorization: 'Bearer ek_1' })
  expect(service.requests[0]?.headers).not.toHaveProperty('openai-beta')
  expect(log.events()).toContain('websocket.opened')
  expect(JSON.stringify(log.lines)).not.toContain('ek_1')
})

it('opens the port first, then forwards the model’s events unchanged and in order', async () => {
  const late = '{"type":"response.created"  }'
  const service = await serve([
    (socket) => {
      socket.send(CREATED)
      socket.send(late)
    }
  ])
  const { toPage, texts, webSocketId } = await openCall(service)
  await eventually(() => expect(texts()).toHaveLength(3))
  expect(toPage[0]).toEqual({ port: webSocketId, opened: true })
  expect(texts()).toEqual(['{"websocket":"open"}', CREATED, late])
})

it('forwards allowed client events, and answers refused ones itself', async () => {
  const service = await serve([greets])
  const { send, texts, log } = await openCall(service)
  send('{"type":"session.update","event_id":"e1","session":{"instructions":"Sing."}}')
  send(CLEAR)
  await eventually(() =>
    expect(service.received.map((text) => JSON.parse(text))).toEqual([JSON.parse(CLEAR)])
  )
  expect(JSON.parse(texts().at(-1) ?? '')).toMatchObject({
    type: 'error',
    error: { code: 'client_event_refused', event_id: 'e1' }
  })
  const refused = log.lines.find(({ event }) => event === 'websocket.clientEventRefused')
  expect(refused?.detail).toMatchObject({ type: 'session.update', refusals: 1 })
  expect(JSON.stringify(refused)).not.toContain('Sing')
})

it.each([
  ['in an event', refuses('invalid_api_key', 3000)],
  ['in a close reason', (socket: WebSocket) => socket.close(3000, 'x.invalid_api_key')]
])('takes a second key when the service refuses the first %s', async (_how, refusal) => {
  const service = await serve([refusal, greets])
  const { log } = await openCall(service)
  expect(service.requests.map(({ headers }) => headers.authorization)).toEqual([
    'Bearer ek_1',
    'Bearer ek_2'
  ])
  const line = log.lines.find(({ event }) => event === 'websocket.keyRefused')
  expect(line?.detail).toEqual({ wasReady: true })
})

it.each([
  ['a status', [], 401],
  ['an event', [refuses('token_expired', 3000)], undefined]
])('reports key_refused when two keys are refused with %s', async (_how, handlers, status) => {
  const service = await serve(handlers, status)
  const { calls, keys } = callsAt(service.url)
  expect(await calls.open(OPEN)).toMatchObject({ ok: false, error: { code: 'key_refused' } })
  expect(keys.purposes).toHaveLength(2)
  expect(service.requests).toHaveLength(2)
})

const portal: Connected = (socket) => socket.send('<html>Welcome')
it.each([
  ['a rate limit', [], 429, { code: 'model_busy', retryAfterSeconds: 7 }],
  ['a failing service', [], 503, { code: 'model_refused' }],
  ['a proxy’s refusal', [], 403, { code: 'model_refused' }],
  ['no quota', [refuses('insufficient_quota', 4000)], undefined, { code: 'model_busy' }],
  ['an unknown model', [refuses('model_not_found', 4000)], undefined, { code: 'model_refused' }],
  ['a captive portal', [portal], undefined, { code: 'model_refused' }]
])('reports %s', async (_what, handlers, status, error) => {
  const service = await serve(handlers, status)
  const { calls, log } = callsAt(service.url)
  expect(await calls.open(OPEN)).toMatchObject({ ok: false, error })
  expect(log.events()).toContain('websocket.openFailed')
})

it('reports model_unreachable without a network, and when the service opens no session in time', async () => {
  const unreachable = { ok: false, error: { code: 'model_unreachable' } }
  expect(await callsAt(DEAD_URL).calls.open(OPEN)).toMatchObject(unreachable)
  const service = await serve([() => {}])
  const clock = createFakeClock()
  const opening = callsAt(service.url, clock).calls.open(OPEN)
  await eventually(() => expect(service.sockets).toHaveLength(1))
  await clock.advance(SOCKET_OPEN_DEADLINE_MS)
  expect(await opening).toMatchObject(unreachable)
  expect(clock.pending()).toBe(0)
})

it('returns the failure of the mint', async () => {
  const { calls, keys } = callsAt(DEAD_URL)
  const refused = failed('limit_exceeded', 'Enough for today.')
  keys.take = async () => refused
  expect(await calls.open(OPEN)).toEqual(refused)
})

it('notifies the page when the model closes, then closes the port', async () => {
  const service = await serve([greets])
  const { toPage, webSocketId, calls } = await openCall(service)
  service.sockets[0]?.close(1011, 'going away')
  await eventually(() => expect(toPage.at(-1)).toEqual({ port: webSocketId, closed: true }))
  expect(toPage.at(-2)).toEqual({
    port: webSocketId,
    text: '{"websocket":"closed","code":1011,"reason":"going away"}'
  })
  expect(calls.hangUp(webSocketId)).toBe(false)
})

it.each<[string, (kiosk: Opened) => unknown]>([
  ['the call is hung up', ({ calls, webSocketId }) => calls.hangUp(webSocketId)],
  ['all calls are hung up', ({ calls }) => calls.hangUpAll()],
  ['the page closes', ({ page, webSocketId }) => page.receive({ port: webSocketId, closed: true })],
  ['the page is gone', ({ page }) => page.detach()]
])('closes the socket when %s', async (_what, end) => {
  const service = await serve([greets])
  const kiosk = await openCall(service)
  const closed = new Promise((resolve) => service.sockets[0]?.once('close', resolve))
  end(kiosk)
  expect(await closed).toBe(1000)
  kiosk.send(CLEAR)
  expect(kiosk.log.events().at(-1)).toBe('websocket.closed')
  expect(service.received).toEqual([])
})

it('does not open a call that was hung up while it opened', async () => {
  const service = await serve([() => {}])
  const { calls, toPage } = callsAt(service.url)
  const opening = calls.open(OPEN)
  await eventually(() => expect(service.sockets).toHaveLength(1))
  calls.hangUpAll()
  service.sockets[0]?.send(CREATED)
  expect(await opening).toMatchObject({ ok: false, error: { code: 'not_signed_in' } })
  expect(toPage).toEqual([])
})

it('pings a silent connection, and closes one that does not answer', async () => {
  const service = await serve([greets])
  const clock = createFakeClock()
  const { lastNotice } = await openCall(service, clock)
  const socket = service.sockets[0]
  const pinged = new Promise((resolve) => socket?.once('ping', resolve))
  await clock.advance(PING_EVERY_MS)
  await pinged
  // The first pong is in flight; a paused socket sends no further ones.
  await eventually(async () => {
    socket?.pause()
    await clock.advance(PING_EVERY_MS)
    expect(lastNotice()).toMatchObject({ websocket: 'closed', code: 1006 })
  })
  expect(clock.pending()).toBe(0)
})

it('closes a connection that is too slow for the audio', async () => {
  const service = await serve([greets])
  const { send, lastNotice, log } = await openCall(service)
  service.sockets[0]?.pause()
  const second = JSON.stringify({ type: 'input_audio_buffer.append', audio: 'A'.repeat(500_000) })
  // The system's buffers add to the limit of the socket.
  const enough = Math.ceil((BUFFERED_LIMIT_BYTES * 4) / second.length)
  for (let sent = 0; sent < enough; sent += 1) send(second)
  expect(lastNotice()).toEqual({
    websocket: 'closed',
    code: 1006,
    reason: 'The network is too slow for the audio.'
  })
  expect(log.events()).toContain('websocket.closed')
})
