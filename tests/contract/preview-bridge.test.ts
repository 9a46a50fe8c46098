// Runs the preview's transport over a real WebSocket against the real kiosk app.
import { request } from 'node:http'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { WebSocket } from 'ws'
import { bridgeScript, SUBPROTOCOL, TOKEN_PREFIX } from '../../dev/preview/bridge-script.ts'
import { createPageBridge } from '../../dev/preview/page-bridge.ts'
import { createPagePorts, type PagePorts } from '../../dev/preview/page-ports.ts'
import { type PreviewServer, servePreview } from '../../dev/preview/server.ts'
import type { WebSocketPort } from '../../src/main/calls/websocket-calls.ts'
import type { Bridge } from '../../src/shared/contract.ts'
import { CALL_NAMES, NOTIFICATION_NAMES } from '../../src/shared/contract-names.ts'
import { CLIENT_EVENT_LENGTH_LIMIT } from '../../src/shared/websocket-transport.ts'
import { eventually } from '../eventually.ts'
import { startTestMainApp, type TestMainApp } from './test-main-app.ts'

const page = (text: string, contentType: string) => ({
  body: new TextEncoder().encode(text),
  contentType
})

let test: TestMainApp
let server: PreviewServer
let token: string
let pagePorts: PagePorts
beforeEach(async () => {
  pagePorts = createPagePorts()
  test = await startTestMainApp({ openPort: pagePorts.openPort })
  const index = page('<!doctype html><head><title>Heard</title></head>', 'text/html; charset=utf-8')
  server = await servePreview({
    kiosk: test.kiosk,
    files: new Map([
      ['/', index],
      ['/index.html', index],
      ['/a.js', page('1', 'text/javascript; charset=utf-8')]
    ]),
    pagePorts,
    log: test.log,
    port: 0
  })
  token = new URL(server.url).hash.slice(1)
})
afterEach(async () => {
  await server.close()
  await test.remove()
})

type Handshake = { token?: string; origin?: string; cookie?: string; host?: string; path?: string }
type Connection = { socket: WebSocket; cookie: string | null }

/** Opens a connection as a browser does; returns the status of a refused handshake. */
const connect = (given: Handshake): Promise<Connection | number> =>
  new Promise((resolve, reject) => {
    const protocols = [SUBPROTOCOL]
    if (given.token !== undefined) protocols.push(`${TOKEN_PREFIX}${given.token}`)
    const url = server.origin.replace('http', 'ws') + (given.path ?? '/bridge')
    const socket = new WebSocket(url, protocols, {
      origin: given.origin ?? server.origin,
      headers: {
        ...(given.cookie === undefined ? {} : { cookie: given.cookie }),
        ...(given.host === undefined ? {} : { host: given.host })
      }
    })
    let cookie: string | null = null
    socket.once('upgrade', (response) => {
      cookie = response.headers['set-cookie']?.[0] ?? null
    })
    socket.once('open', () => resolve({ socket, cookie }))
    socket.once('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0))
    socket.once('error', reject)
  })

const opened = async (given: Handshake): Promise<Connection> => {
  const connection = await connect(given)
  if (typeof connection === 'number') throw new Error(`refused with ${connection}`)
  return connection
}
const bridgeOn = (
  socket: WebSocket,
  onLost = () => {},
  onPort: (webSocketId: string, port: MessagePort) => void = () => {}
): Bridge =>
  createPageBridge({
    onPort,
    callNames: CALL_NAMES,
    notificationNames: NOTIFICATION_NAMES,
    // ws has the part of the browser's interface that the bridge uses.
    openSocket: () => socket as unknown as globalThis.WebSocket,
    onLost
  })

it('passes calls and notifications between the page and the kiosk', async () => {
  const bridge = bridgeOn((await opened({ token })).socket)
  expect(await bridge.call('kiosk.initialState', {})).toMatchObject({
    ok: true,
    value: { shell: 'preview', notices: ['no_keyring'] }
  })
  expect(await bridge.call('settings.change', { volume: 9 })).toMatchObject({
    ok: false,
    error: { code: 'bad_request' }
  })
  const released = new Promise((resolve) => bridge.on('turn.forceRelease', resolve))
  test.kiosk.forceRelease('lock')
  expect(await released).toEqual({ reason: 'lock' })
})

it('answers calls that were made before the socket was open', async () => {
  const url = `${server.origin.replace('http', 'ws')}/bridge`
  const socket = new WebSocket(url, [SUBPROTOCOL, `${TOKEN_PREFIX}${token}`], {
    origin: server.origin
  })
  expect(await bridgeOn(socket).call('kiosk.initialState', {})).toMatchObject({ ok: true })
})

it('answers every call with a failure once the socket is lost, and rejects none', async () => {
  const { socket } = await opened({ token })
  let lost = 0
  const bridge = bridgeOn(socket, () => {
    lost += 1
  })
  const closed = new Promise((resolve) => socket.once('close', resolve))
  const waiting = bridge.call('kiosk.initialState', {})
  await server.close()
  await closed
  const failure = { ok: false, error: { code: 'internal' } }
  // The pending call may have been answered before the socket closed.
  expect(await waiting).toHaveProperty('ok')
  expect(await bridge.call('kiosk.initialState', {})).toMatchObject(failure)
  expect(await bridge.call('settings.change', { volume: 0.1 })).toMatchObject(failure)
  expect(lost).toBe(1)
})

it('sends nothing for a name outside the contract', async () => {
  const bridge = bridgeOn((await opened({ token })).socket)
  const answer = await bridge.call('nope' as 'kiosk.initialState', {})
  expect(answer).toMatchObject({ ok: false, error: { code: 'bad_request' } })
  expect(test.log.events()).not.toContain('contract.rejected')
})

it.each([
  ['no token', () => ({})],
  ['a wrong token', () => ({ token: 'x'.repeat(token.length) })],
  ['a shorter token', () => ({ token: token.slice(1) })],
  ['another origin', () => ({ token, origin: 'http://evil.example' })],
  ['the same host on another port', () => ({ token, origin: 'http://127.0.0.1:1' })],
  ['an opaque origin', () => ({ token, origin: 'null' })],
  ['a host name that resolves to loopback', () => ({ token, host: 'evil.example:80' })],
  ['another path', () => ({ token, path: '/other' })],
  ['an invented cookie', () => ({ cookie: 'heard-preview=abc' })]
])('refuses a connection with %s, and accepts the token afterwards', async (_what, given) => {
  expect(await connect(given())).toBe(403)
  expect(test.log.events()).toContain('preview.refused')
  expect(typeof (await connect({ token }))).toBe('object')
})

it('accepts a token once, and its browser again after a reload', async () => {
  const first = await opened({ token })
  expect(first.cookie).toMatch(/HttpOnly; SameSite=Strict; Path=\/bridge$/)
  expect(await connect({ token })).toBe(403)

  const cookie = first.cookie?.split(';')[0] ?? ''
  const replaced = new Promise((resolve) => first.socket.once('close', resolve))
  const second = await opened({ cookie })
  await replaced
  expect(await bridgeOn(second.socket).call('kiosk.initialState', {})).toMatchObject({ ok: true })
  // A cookie is valid once.
  expect(await connect({ cookie })).toBe(403)
})

it.each([
  'not json',
  '[]',
  '{"name":"kiosk.initialState"}',
  '{"id":"1","name":"kiosk.initialState"}'
])('ignores the message %s', async (text) => {
  const { socket } = await opened({ token })
  socket.send(text)
  expect(await bridgeOn(socket).call('kiosk.initialState', {})).toMatchObject({ ok: true })
  expect(test.log.events()).toContain('preview.unreadable')
})

it('closes a connection that sends an oversized message', async () => {
  const { socket } = await opened({ token })
  const closed = new Promise((resolve) => socket.once('close', resolve))
  socket.send('x'.repeat(1_100_000))
  expect(await closed).toBe(1009)
})

it('serves the page with the bridge first and a policy that allows its own socket only', async () => {
  const response = await fetch(`${server.origin}/`)
  expect(await response.text()).toContain('<head><script src="/bridge.js"></script><title>')
  const policy = response.headers.get('content-security-policy')
  expect(policy).toContain(`connect-src ${server.origin.replace('http', 'ws')};`)
  expect(policy).not.toContain('unsafe')
  expect(response.headers.get('set-cookie')).toBeNull()
  expect((await fetch(`${server.origin}/a.js`)).status).toBe(200)
  expect((await fetch(`${server.origin}/../package.json`)).status).toBe(404)
  expect((await fetch(server.origin, { method: 'POST' })).status).toBe(404)
})

it('serves nothing to a host name that resolves to loopback', async () => {
  const status = await new Promise((resolve, reject) => {
    request(server.origin, { headers: { host: 'evil.example' } }, (response) => {
      response.resume()
      resolve(response.statusCode)
    })
      .on('error', reject)
      .end()
  })
  expect(status).toBe(404)
})

it('gives the page a script without the token in it', async () => {
  const script = await (await fetch(`${server.origin}/bridge.js`)).text()
  expect(script).toBe(bridgeScript())
  expect(script).not.toContain(token)
  expect(() => new Function(script)).not.toThrow()
})

describe('the port of a WebSocket call', () => {
  type Opened = { main: WebSocketPort; page: MessagePort; received: string[]; socket: WebSocket }

  const openPort = async (): Promise<Opened> => {
    const { socket } = await opened({ token })
    const arrived = new Promise<[string, MessagePort]>((resolve) => {
      bridgeOn(
        socket,
        () => {},
        (webSocketId, port) => resolve([webSocketId, port])
      )
    })
    const main = pagePorts.openPort('ws_1')
    // The port queues it until the page has its end.
    main.post('{"websocket":"open"}')
    const [webSocketId, page] = await arrived
    expect(webSocketId).toBe('ws_1')
    const received: string[] = []
    page.addEventListener('message', ({ data }) => received.push(data))
    page.start()
    return { main, page, received, socket }
  }
  const receivedByMain = (main: WebSocketPort): Promise<string> => new Promise(main.onMessage)
  const closedInMain = (main: WebSocketPort): Promise<void> => new Promise(main.onClose)
  const closedInPage = (page: MessagePort): Promise<unknown> =>
    new Promise((resolve) => page.addEventListener('close', resolve))

  it('passes text both ways unchanged and in order, up to the longest allowed length', async () => {
    const { main, page, received } = await openPort()
    const text = '{"type":"x", "text":"¿qué?\\n\\"…\\""}'
    for (const sent of [text, '"'.repeat(CLIENT_EVENT_LENGTH_LIMIT)]) {
      page.postMessage(sent)
      expect((await receivedByMain(main)) === sent).toBe(true)
    }
    main.post(text)
    main.post('2')
    await eventually(() => expect(received).toEqual(['{"websocket":"open"}', text, '2']))
    page.close()
  })

  it('delivers the last message before it closes', async () => {
    const { main, page, received } = await openPort()
    const closed = closedInPage(page)
    main.post('{"websocket":"closed"}')
    main.close()
    await closed
    expect(received.at(-1)).toBe('{"websocket":"closed"}')
  })

  it.each<[string, (opened: Opened) => void]>([
    ['the page closes it', ({ page }) => page.close()],
    ['the page is gone', ({ socket }) => socket.terminate()]
  ])('closes in main when %s', async (_what, end) => {
    const opened = await openPort()
    const closed = closedInMain(opened.main)
    end(opened)
    await closed
  })

  it('notifies the page when the kiosk is gone', async () => {
    const { page, received } = await openPort()
    const closed = closedInPage(page)
    await server.close()
    await closed
    expect(JSON.parse(received.at(-1) ?? '')).toMatchObject({ websocket: 'closed', code: 1006 })
  })

  it('closes at once in main without a page', async () => {
    await closedInMain(pagePorts.openPort('relay_1'))
  })
})

it('hangs up when another page takes over, and when the last page is gone', async () => {
  const pageLost = vi.spyOn(test.kiosk, 'pageLost')
  const first = await opened({ token })
  const firstClosed = new Promise((resolve) => first.socket.once('close', resolve))
  const second = await opened({ cookie: first.cookie ?? '' })
  expect(pageLost).toHaveBeenCalledTimes(1)
  await firstClosed
  expect(pageLost).toHaveBeenCalledTimes(1)
  expect(await bridgeOn(second.socket).call('kiosk.initialState', {})).toMatchObject({ ok: true })
  second.socket.close()
  await eventually(() => expect(pageLost).toHaveBeenCalledTimes(2))
})
