// Sends the page's end of a port to the page, with Node's message channel in place of Electron's.
import { expect, it } from 'vitest'
import { createWebSocketPorts } from '../../../../src/main/electron/websocket-ports.ts'
import { WEBSOCKET_PORT_CHANNEL } from '../../../../src/shared/contract-names.ts'

type CurrentWindow = ReturnType<Parameters<typeof createWebSocketPorts>[0]>
type Channel = ReturnType<Parameters<typeof createWebSocketPorts>[1]>

/** Electron's port has `on('message', {data})` and `start`; Node's has the data itself. */
const makeChannel = () => {
  const { port1, port2 } = new MessageChannel()
  const main = {
    postMessage: (text: string) => port1.postMessage(text),
    on: (name: string, listener: (event: { data?: unknown }) => void) =>
      port1.addEventListener(name, (event) => listener(event as MessageEvent)),
    start: () => port1.start(),
    close: () => port1.close()
  }
  return { channel: { port1: main, port2 } as unknown as Channel, page: port2 }
}

const windowOn = (url: string, posted: unknown[][], isCrashed = false): CurrentWindow =>
  ({
    isDestroyed: () => false,
    webContents: {
      isCrashed: () => isCrashed,
      mainFrame: { url, postMessage: (...given: unknown[]) => posted.push(given) }
    }
  }) as unknown as CurrentWindow

it('sends the port to the main frame of the kiosk’s page, and carries text both ways', async () => {
  const posted: unknown[][] = []
  const { channel, page } = makeChannel()
  const port = createWebSocketPorts(
    () => windowOn('app://kiosk/', posted),
    () => channel
  )('socket_1')
  expect(posted).toEqual([[WEBSOCKET_PORT_CHANNEL, { webSocketId: 'socket_1' }, [page]]])
  const received = new Promise((resolve) => port.onMessage(resolve))
  page.postMessage(1)
  page.postMessage('text')
  expect(await received).toBe('text')
  const answered = new Promise((resolve) => {
    page.addEventListener('message', ({ data }) => resolve(data))
  })
  page.start()
  port.post('back')
  expect(await answered).toBe('back')
  const closed = new Promise<void>((resolve) => port.onClose(resolve))
  page.close()
  await closed
})

it.each([
  ['another page', windowOn('https://evil.example/', [])],
  ['a page that crashed', windowOn('app://kiosk/', [], true)],
  ['no window', null]
])('closes the port for %s', async (_what, window) => {
  const { channel } = makeChannel()
  const port = createWebSocketPorts(
    () => window,
    () => channel
  )('socket_1')
  await new Promise<void>((resolve) => port.onClose(resolve))
})
