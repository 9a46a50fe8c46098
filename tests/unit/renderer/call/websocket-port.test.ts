// Receives message ports; the ports are real ones.
import { afterEach, beforeEach, expect, it } from 'vitest'
import {
  receiveWebSocketPorts,
  type WebSocketPortRegistry
} from '../../../../src/renderer/call/websocket-port.ts'
import { FakeTimers, settle } from './websocket-doubles.ts'

let page: EventTarget
let timers: FakeTimers
let ports: WebSocketPortRegistry
const opened: MessagePort[] = []
beforeEach(() => {
  page = new EventTarget()
  timers = new FakeTimers()
  ports = receiveWebSocketPorts(page as Window, timers.schedule)
})
afterEach(() => {
  for (const port of opened.splice(0)) port.close()
})

/** Posts a port as a shell does; returns the shell's end. */
const post = (data: unknown, source: unknown = page): MessagePort => {
  const { port1, port2 } = new MessageChannel()
  opened.push(port1)
  page.dispatchEvent(Object.assign(new Event('message'), { data, source, ports: [port2] }))
  return port1
}
const kind = 'heard.webSocketPort'
const listening = async (shell: MessagePort, claimed: Promise<unknown>) => {
  const port = (await claimed) as Awaited<ReturnType<WebSocketPortRegistry['claim']>>
  if (port === null) throw new Error('There is no port.')
  const messages: string[] = []
  const closed = new Promise<string>((resolve) => {
    port.listen((text) => messages.push(text), resolve)
  })
  return { port, messages, closed, shell }
}

it.each(['before', 'after'])('finds a port that arrives %s it is claimed', async (order) => {
  let shell: MessagePort
  let claimed: Promise<unknown>
  if (order === 'before') {
    shell = post({ kind, webSocketId: 'ws_1' })
    claimed = ports.claim('ws_1')
  } else {
    claimed = ports.claim('ws_1')
    post({ kind, webSocketId: 'ws_0' })
    shell = post({ kind, webSocketId: 'ws_1' })
  }
  const { port, messages } = await listening(shell, claimed)
  shell.postMessage('{"websocket":"open"}')
  shell.postMessage('{"type":"session.created"}')
  const answered = new Promise((resolve) => {
    shell.addEventListener('message', ({ data }) => resolve(data))
    shell.start()
  })
  port.post('text')
  expect(await answered).toBe('text')
  await settle()
  expect(messages).toEqual(['{"type":"session.created"}'])
  expect(timers.waiting.size).toBe(0)
})

it('keeps messages from before it is listened to', async () => {
  const shell = post({ kind, webSocketId: 'ws_1' })
  shell.postMessage('{"type":"session.created"}')
  await settle()
  const { messages } = await listening(shell, ports.claim('ws_1'))
  await settle()
  expect(messages).toEqual(['{"type":"session.created"}'])
})

it.each([
  ['another window', () => post({ kind, webSocketId: 'ws_1' }, new EventTarget())],
  ['another kind of message', () => post({ kind: 'other', webSocketId: 'ws_1' })],
  ['no id', () => post({ kind })],
  ['nothing', () => post(null)]
])('takes no port from %s', async (_what, send) => {
  const claimed = ports.claim('ws_1')
  send()
  timers.elapse()
  expect(await claimed).toBeNull()
})

it('reports the reason of the close, once and last', async () => {
  const { closed, messages, shell } = await listening(
    post({ kind, webSocketId: 'ws_1' }),
    ports.claim('ws_1')
  )
  shell.postMessage('{"type":"a"}')
  shell.postMessage('{"websocket":"closed","code":1011,"reason":"going away"}')
  shell.postMessage('{"type":"b"}')
  shell.close()
  expect(await closed).toBe('1011 going away')
  expect(messages).toEqual(['{"type":"a"}'])
})

it('reports a close of the other end without a notice', async () => {
  const { closed, shell } = await listening(
    post({ kind, webSocketId: 'ws_1' }),
    ports.claim('ws_1')
  )
  shell.close()
  expect(await closed).toContain('closed')
})

it('closes without a report, and closes the other end', async () => {
  const { port, shell, closed } = await listening(
    post({ kind, webSocketId: 'ws_1' }),
    ports.claim('ws_1')
  )
  const told = new Promise<void>((resolve) => shell.addEventListener('close', () => resolve()))
  port.close()
  await told
  expect(await Promise.race([closed, settle().then(() => 'nothing')])).toBe('nothing')
})
