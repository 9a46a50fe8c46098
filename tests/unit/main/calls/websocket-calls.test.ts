// The relay in main against a real WebSocket server that behaves as the model's service does, and a port of the
// preview's as the page's.
import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { type WebSocket, WebSocketServer } from 'ws'
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
import type { Account } from '../../../../src/shared/account.ts'
import { failed, ok } from '../../../../src/shared/failure.ts'
import { eventually } from '../../../eventually.ts'
import { createFakeClock } from '../fake-clock.ts'
import { createRecordingLog } from '../recording-log.ts'

const CREATED = '{"type": "session.created",  "session": {"model": "gpt-realtime-2.1"}}'
const CLEAR = '{"type": "input_audio_buffer.clear",  "event_id": "mine"}'
const group = { id: '3f0c1f7e-5a55-4c61-9c3e-2f6b7a0d1e11', name: 'Harbor', role: 'kiosk' }
const signedIn = {
  status: 'signed_in',
  email: 'k@example.com',
  groups: [group],
  group,
  remembered: false
} as const satisfies Account

/** What the service does with each connection, in turn; the last one goes on. */
type Reception = (socket: WebSocket, request: IncomingMessage) => void
const greets: Reception = (socket) => socket.send(CREATED)
const refuses =
  (code: string, closeCode: number, type = 'invalid_request_error'): Reception =>
  (socket) => {
    socket.send(JSON.stringify({ type: 'error', error: { type, code, message: 'No.' } }))
    socket.close(closeCode, `${type}.${code}`)
  }

const servers: WebSocketServer[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    for (const socket of server.clients) socket.terminate()
    server.close()
  }
})

type Service = {
  url: string
  requests: IncomingMessage[]
  sockets: WebSocket[]
  heard: string[]
}
const serve = async (receptions: Reception[], status?: number): Promise<Service> => {
  const requests: IncomingMessage[] = []
  const sockets: WebSocket[] = []
  const heard: string[] = []
  const server = new WebSocketServer({
    port: 0,
    host: '127.0.0.1',
    ...(status === undefined
      ? {}
      : {
          verifyClient: (
            { req }: { req: IncomingMessage },
            answer: (
              allowed: boolean,
              code?: number,
              text?: string,
              headers?: OutgoingHttpHeaders
            ) => void
          ) => {
            requests.push(req)
            answer(requests.length > 2 || status === 200, status, 'No', { 'Retry-After': '7' })
          }
        })
  })
  servers.push(server)
  server.on('connection', (socket, request) => {
    requests.push(request)
    sockets.push(socket)
    socket.on('message', (data) => heard.push(String(data)))
    const reception = receptions.length > 1 ? receptions.shift() : receptions[0]
    reception?.(socket, request)
  })
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}/v1`, requests, sockets, heard }
}

const relaysAt = (url: string, given: { account?: Account; clock?: Clock } = {}) => {
  let minted = 0
  const log = createRecordingLog()
  const pagePorts = createPagePorts()
  const toPage: PortFrame[] = []
  const page: PortCarrier = pagePorts.attach((frame) => toPage.push(frame))
  const relays = createWebSocketCalls({
    openaiBaseUrl: url,
    account: { current: () => given.account ?? signedIn },
    keys: {
      take: async () => {
        minted += 1
        return ok({
          value: `ek_${minted}`,
          model: 'gpt-realtime-2.1',
          expiresAtMs: Number.MAX_SAFE_INTEGER,
          wasReady: minted === 1
        })
      }
    },
    openPort: pagePorts.openPort,
    clock: given.clock ?? systemClock,
    log
  })
  const texts = () => toPage.flatMap((frame) => ('text' in frame ? [frame.text] : []))
  return { relays, log, page, toPage, texts, minted: () => minted }
}

const opened = async (service: Service, clock?: Clock) => {
  const kiosk = relaysAt(service.url, clock === undefined ? {} : { clock })
  const answer = await kiosk.relays.open({ language: 'en' })
  if (!answer.ok) throw new Error(answer.error.message)
  const { webSocketId } = answer.value
  const say = (text: string) => kiosk.page.receive({ port: webSocketId, text })
  const lastNotice = () => JSON.parse(kiosk.texts().at(-1) ?? 'null')
  return { ...kiosk, webSocketId, model: answer.value.model, say, lastNotice }
}

it('opens the realtime WebSocket with the ephemeral key in the header', async () => {
  const service = await serve([greets])
  const { webSocketId, model, log } = await opened(service)
  expect(model).toBe('gpt-realtime-2.1')
  expect(webSocketId).toMatch(/^relay_/)
  expect(service.requests[0]?.url).toBe('/v1/realtime?model=gpt-realtime-2.1')
  expect(service.requests[0]?.headers).toMatchObject({ authorization: 'Bearer ek_1' })
  expect(service.requests[0]?.headers).not.toHaveProperty('openai-beta')
  expect(log.events()).toContain('websocket.opened')
  expect(JSON.stringify(log.lines)).not.toContain('ek_1')
})

it('opens its port first, says so once, and then says what the model says, as it is and in order', async () => {
  const late = '{"type":"response.created"  }'
  const service = await serve([
    (socket) => {
      socket.send(CREATED)
      socket.send(late)
    }
  ])
  const { toPage, texts, webSocketId } = await opened(service)
  await eventually(() => expect(texts()).toHaveLength(3))
  expect(toPage[0]).toEqual({ port: webSocketId, opened: true })
  expect(texts()).toEqual(['{"websocket":"open"}', CREATED, late])
})

it('sends on what the page may say as it is, and answers the rest itself', async () => {
  const service = await serve([greets])
  const { say, texts, log } = await opened(service)
  say('{"type":"session.update","event_id":"e1","session":{"instructions":"Sing."}}')
  say(CLEAR)
  await eventually(() => expect(service.heard).toEqual([CLEAR]))
  expect(JSON.parse(texts().at(-1) ?? '')).toMatchObject({
    type: 'error',
    error: { code: 'client_event_refused', event_id: 'e1' }
  })
  const refused = log.lines.find(({ event }) => event === 'websocket.clientEventRefused')
  expect(refused?.detail).toMatchObject({ type: 'session.update', refusals: 1 })
  expect(JSON.stringify(refused)).not.toContain('Sing')
})

it.each([
  ['says so in an event', refuses('invalid_api_key', 3000)],
  ['closes without a word', (socket: WebSocket) => socket.close(3000, 'x.invalid_api_key')]
])('takes one more key when the service refuses one and %s', async (_what, refusal) => {
  const service = await serve([refusal, greets])
  const { minted, log } = await opened(service)
  expect(minted()).toBe(2)
  expect(service.requests.map(({ headers }) => headers.authorization)).toEqual([
    'Bearer ek_1',
    'Bearer ek_2'
  ])
  expect(log.lines.find(({ event }) => event === 'websocket.keyRefused')?.detail).toEqual({
    wasReady: true
  })
})

it('gives up when the second key is refused as well, with 401 or with an event', async () => {
  for (const service of [await serve([], 401), await serve([refuses('token_expired', 3000)])]) {
    const { relays, minted } = relaysAt(service.url)
    expect(await relays.open({ language: 'en' })).toMatchObject({
      ok: false,
      error: { code: 'key_refused' }
    })
    expect(minted()).toBe(2)
    expect(service.requests).toHaveLength(2)
  }
})

it.each([
  ['a rate limit at the door', [], 429, { code: 'model_busy', retryAfterSeconds: 7 }],
  ['its own failure', [], 503, { code: 'model_refused' }],
  ['a proxy’s refusal', [], 403, { code: 'model_refused' }],
  ['no quota', [refuses('insufficient_quota', 4000)], undefined, { code: 'model_busy' }],
  [
    'a model that is gone',
    [refuses('model_not_found', 4000)],
    undefined,
    { code: 'model_refused' }
  ],
  [
    'a portal’s greeting',
    [(socket: WebSocket) => socket.send('<html>Welcome')],
    undefined,
    { code: 'model_refused' }
  ]
])('answers %s with its code', async (_what, receptions, status, error) => {
  const service = await serve(receptions, status)
  const { relays, log } = relaysAt(service.url)
  expect(await relays.open({ language: 'en' })).toMatchObject({ ok: false, error })
  expect(log.events()).toContain('websocket.openFailed')
})

it('says that the model cannot be reached where nothing listens', async () => {
  const { relays } = relaysAt('http://127.0.0.1:9/v1')
  expect(await relays.open({ language: 'en' })).toMatchObject({
    ok: false,
    error: { code: 'model_unreachable' }
  })
})

it('gives up a service that accepts and then says nothing', async () => {
  const service = await serve([() => {}])
  const clock = createFakeClock()
  const { relays } = relaysAt(service.url, { clock })
  const opening = relays.open({ language: 'en' })
  await eventually(() => expect(service.sockets).toHaveLength(1))
  await clock.advance(SOCKET_OPEN_DEADLINE_MS)
  expect(await opening).toMatchObject({ ok: false, error: { code: 'model_unreachable' } })
  expect(clock.pending()).toBe(0)
})

it.each([
  ['nobody is signed in', { status: 'signed_out', reason: null }, 'not_signed_in'],
  ['the account has no restaurant', { ...signedIn, group: null, groups: [] }, 'not_a_member']
])('opens nothing while %s', async (_what, account, code) => {
  const { relays, minted } = relaysAt('http://127.0.0.1:9/v1', { account: account as Account })
  expect(await relays.open({ language: 'en' })).toMatchObject({ ok: false, error: { code } })
  expect(minted()).toBe(0)
})

it('returns the mint’s failure', async () => {
  const relays = createWebSocketCalls({
    openaiBaseUrl: 'http://127.0.0.1:9/v1',
    account: { current: () => signedIn },
    keys: { take: async () => failed('limit_exceeded', 'Enough for today.') },
    openPort: createPagePorts().openPort,
    clock: systemClock,
    log: createRecordingLog()
  })
  expect(await relays.open({ language: 'en' })).toMatchObject({
    ok: false,
    error: { code: 'limit_exceeded' }
  })
})

it('tells the page last that the model closed, and closes the port', async () => {
  const service = await serve([greets])
  const { toPage, webSocketId, relays } = await opened(service)
  service.sockets[0]?.close(1011, 'going away')
  await eventually(() => expect(toPage.at(-1)).toEqual({ port: webSocketId, closed: true }))
  expect(toPage.at(-2)).toEqual({
    port: webSocketId,
    text: '{"websocket":"closed","code":1011,"reason":"going away"}'
  })
  expect(relays.hangUp(webSocketId)).toBe(false)
})

it.each([
  [
    'hung up',
    (kiosk: Awaited<ReturnType<typeof opened>>) => kiosk.relays.hangUp(kiosk.webSocketId)
  ],
  [
    'hung up with all others',
    (kiosk: Awaited<ReturnType<typeof opened>>) => kiosk.relays.hangUpAll()
  ],
  [
    'closed by the page',
    (kiosk: Awaited<ReturnType<typeof opened>>) =>
      kiosk.page.receive({ port: kiosk.webSocketId, closed: true })
  ],
  ['left by the page', (kiosk: Awaited<ReturnType<typeof opened>>) => kiosk.page.detach()]
])('closes the socket when it is %s', async (_what, end) => {
  const service = await serve([greets])
  const kiosk = await opened(service)
  const closed = new Promise((resolve) => service.sockets[0]?.once('close', resolve))
  end(kiosk)
  expect(await closed).toBe(1000)
  kiosk.say(CLEAR)
  expect(kiosk.log.events().at(-1)).toBe('websocket.closed')
  expect(service.heard).toEqual([])
})

it('does not open what was hung up while it was opening', async () => {
  let greet = () => {}
  const service = await serve([
    (socket) => {
      greet = () => socket.send(CREATED)
    }
  ])
  const { relays, toPage } = relaysAt(service.url)
  const opening = relays.open({ language: 'en' })
  await eventually(() => expect(service.sockets).toHaveLength(1))
  relays.hangUpAll()
  greet()
  expect(await opening).toMatchObject({ ok: false, error: { code: 'not_signed_in' } })
  expect(toPage).toEqual([])
})

it('pings a quiet line, and gives up one that no longer answers', async () => {
  const service = await serve([greets])
  const clock = createFakeClock()
  const { lastNotice } = await opened(service, clock)
  const socket = service.sockets[0]
  const pinged = new Promise((resolve) => socket?.once('ping', resolve))
  await clock.advance(PING_EVERY_MS)
  await pinged
  // The pong is on its way; from here on the far end is gone without a word.
  await eventually(async () => {
    socket?.pause()
    await clock.advance(PING_EVERY_MS)
    expect(lastNotice()).toMatchObject({ websocket: 'closed', code: 1006 })
  })
  expect(clock.pending()).toBe(0)
})

it('gives up a line that takes less than is said', async () => {
  const service = await serve([greets])
  const { say, lastNotice, log } = await opened(service)
  service.sockets[0]?.pause()
  const second = JSON.stringify({
    type: 'input_audio_buffer.append',
    audio: 'A'.repeat(500_000)
  })
  // What the system's own buffers swallow is on top of what the socket holds.
  const enough = Math.ceil((BUFFERED_LIMIT_BYTES * 4) / second.length)
  for (let sent = 0; sent < enough; sent += 1) say(second)
  expect(lastNotice()).toEqual({
    websocket: 'closed',
    code: 1006,
    reason: 'The network takes less than is said.'
  })
  expect(log.events()).toContain('websocket.closed')
})
