// Serves the renderer on loopback and carries the contract over one WebSocket, to the page with the token.
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Log } from '../../src/main/log.ts'
import type { MainApp } from '../../src/main/main-app.ts'
import { type PageFiles, pageHeaders } from '../../src/main/renderer-page.ts'
import { CLIENT_EVENT_LENGTH_LIMIT } from '../../src/shared/websocket-transport.ts'
import { createBridgeAuthenticator } from './bridge-authentication.ts'
import { bridgeScript, SOCKET_PATH, SUBPROTOCOL, TOKEN_PREFIX } from './bridge-script.ts'
import { type PagePorts, type PortFrame, readPortFrame } from './page-ports.ts'

const HOST = '127.0.0.1'
/** The longest client event, as JSON within JSON with every quote escaped, and its envelope. */
const MESSAGE_LIMIT_BYTES = 2 * CLIENT_EVENT_LENGTH_LIMIT + 1_000

export type PreviewServer = {
  /** With the one-time token in its fragment. */
  url: string
  /** `http://127.0.0.1:port`, the only origin that is admitted. */
  origin: string
  close(): Promise<void>
}

export type PreviewPorts = {
  kiosk: Pick<MainApp, 'answer' | 'onNotification' | 'pageLost'>
  files: PageFiles
  pagePorts: PagePorts
  log: Log
  /** 0: any free port. */
  port: number
}

/** @throws when the port is taken. */
export const servePreview = async (ports: PreviewPorts): Promise<PreviewServer> => {
  const server = createServer()
  await listen(server, ports.port)
  const { port } = server.address() as AddressInfo
  const host = `${HOST}:${port}`
  const origin = `http://${host}`
  const admission = createBridgeAuthenticator(SOCKET_PATH)
  const headers = pageHeaders(`ws://${host}`)
  const files = withBridge(ports.files)

  server.on('request', (request, response) => {
    request.resume()
    const path = request.url?.split('?')[0] ?? '/'
    // Another name that resolves to loopback is refused: DNS rebinding would use one.
    const file =
      request.headers.host === host && request.method === 'GET' ? files.get(path) : undefined
    if (file === undefined) {
      response.writeHead(404, { ...headers, 'content-type': 'text/plain' }).end('Not found')
      return
    }
    response.writeHead(200, { ...headers, 'content-type': file.contentType }).end(file.body)
  })

  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MESSAGE_LIMIT_BYTES,
    handleProtocols: () => SUBPROTOCOL
  })
  /** Cookies of the connections that are being upgraded. */
  const cookies = new WeakMap<IncomingMessage, string>()
  sockets.on('headers', (lines, request) => {
    const cookie = cookies.get(request)
    if (cookie !== undefined) lines.push(`Set-Cookie: ${cookie}`)
  })

  let current: WebSocket | null = null
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy())
    const isOurPage =
      request.url === SOCKET_PATH &&
      request.headers.host === host &&
      request.headers.origin === origin
    const cookie = isOurPage
      ? admission.admit({ token: offeredToken(request), cookies: request.headers.cookie ?? '' })
      : null
    if (cookie === null) {
      ports.log.warn('preview.refused', { origin: request.headers.origin, path: request.url })
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
      return
    }
    cookies.set(request, cookie)
    sockets.handleUpgrade(request, socket, head, (opened) => {
      // One kiosk has one page. The calls of the previous page are hung up before the new page opens its own.
      if (current !== null) {
        current.close(1000)
        void ports.kiosk.pageLost()
      }
      current = opened
      opened.on('close', () => {
        if (current !== opened) return
        current = null
        void ports.kiosk.pageLost()
      })
      carry(opened, ports, () => current === opened)
    })
  })

  return {
    origin,
    url: `${origin}/#${admission.token}`,
    close: async () => {
      for (const socket of sockets.clients) socket.terminate()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    }
  }
}

const listen = (server: Server, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, HOST, () => {
      server.off('error', reject)
      resolve()
    })
  })

const offeredToken = (request: IncomingMessage): string | null =>
  request.headers['sec-websocket-protocol']
    ?.split(',')
    .map((name) => name.trim())
    .find((name) => name.startsWith(TOKEN_PREFIX))
    ?.slice(TOKEN_PREFIX.length) ?? null

/** The renderer's files with the bridge's script in front of its own. */
const withBridge = (files: PageFiles): PageFiles => {
  const page = new TextDecoder().decode(files.get('/index.html')?.body)
  const withScript = page.replace(
    /<head[^>]*>/i,
    (head) => `${head}<script src="/bridge.js"></script>`
  )
  if (withScript === page)
    throw new Error('The renderer’s index.html has no <head> for the bridge.')
  const index = {
    body: new TextEncoder().encode(withScript),
    contentType: 'text/html; charset=utf-8'
  }
  return new Map([
    ...files,
    ['/', index],
    ['/index.html', index],
    [
      '/bridge.js',
      {
        body: new TextEncoder().encode(bridgeScript()),
        contentType: 'text/javascript; charset=utf-8'
      }
    ]
  ])
}

/** Carries calls, notifications and the frames of message ports between one socket and the kiosk. */
const carry = (
  socket: WebSocket,
  { kiosk, pagePorts, log }: PreviewPorts,
  isCurrent: () => boolean
): void => {
  const stop = kiosk.onNotification((notification) => socket.send(JSON.stringify(notification)))
  const ports = pagePorts.attach((frame) => socket.send(JSON.stringify(frame)))
  socket.on('close', () => {
    stop()
    ports.detach()
  })
  socket.on('error', (error) => log.warn('preview.socketFailed', { error }))
  socket.on('message', (data) => {
    // A late message of a replaced page: no page would own a call that it opens.
    if (!isCurrent()) return
    const message = readMessage(String(data))
    if (message === null) {
      log.warn('preview.unreadable', {})
      return
    }
    if ('port' in message) {
      ports.receive(message)
      return
    }
    void kiosk
      .answer(message.name, message.input, { trusted: true })
      .then((answer) => socket.send(JSON.stringify({ id: message.id, answer })))
  })
}

type CallMessage = { id: number; name: unknown; input: unknown }

const readMessage = (text: string): CallMessage | PortFrame | null => {
  try {
    const message: unknown = JSON.parse(text)
    if (typeof message !== 'object' || message === null) return null
    const frame = readPortFrame(message)
    if (frame !== null || !('id' in message)) return frame
    if (typeof message.id !== 'number') return null
    return {
      id: message.id,
      name: 'name' in message ? message.name : undefined,
      input: 'input' in message ? message.input : undefined
    }
  } catch {
    // Not JSON: the message has no id.
    return null
  }
}
