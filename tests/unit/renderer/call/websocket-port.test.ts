// The port of a relay on its way to the page: whose it may be, which one is meant, and how its end is told. The ports
// are real ones.
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
  ports.close()
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
  const line = (await claimed) as Awaited<ReturnType<WebSocketPortRegistry['claim']>>
  if (line === null) throw new Error('There is no port.')
  const heard: string[] = []
  const closed = new Promise<string>((resolve) => {
    line.listen((text) => heard.push(text), resolve)
  })
  return { line, heard, closed, shell }
}

it.each(['before', 'after'])('is found when it arrives %s it is asked for', async (order) => {
  let shell: MessagePort
  let claimed: Promise<unknown>
  if (order === 'before') {
    shell = post({ kind, webSocketId: 'relay_1' })
    claimed = ports.claim('relay_1')
  } else {
    claimed = ports.claim('relay_1')
    post({ kind, webSocketId: 'relay_0' })
    shell = post({ kind, webSocketId: 'relay_1' })
  }
  const { line, heard } = await listening(shell, claimed)
  shell.postMessage('{"websocket":"open"}')
  shell.postMessage('{"type":"session.created"}')
  const answered = new Promise((resolve) => {
    shell.addEventListener('message', ({ data }) => resolve(data))
    shell.start()
  })
  line.post('text')
  expect(await answered).toBe('text')
  await settle()
  expect(heard).toEqual(['{"type":"session.created"}'])
  expect(timers.waiting.size).toBe(0)
})

it('keeps what was said before anybody listened', async () => {
  const shell = post({ kind, webSocketId: 'relay_1' })
  shell.postMessage('{"type":"session.created"}')
  await settle()
  const { heard } = await listening(shell, ports.claim('relay_1'))
  await settle()
  expect(heard).toEqual(['{"type":"session.created"}'])
})

it.each([
  ['another window', () => post({ kind, webSocketId: 'relay_1' }, new EventTarget())],
  ['another kind of message', () => post({ kind: 'other', webSocketId: 'relay_1' })],
  ['no relay', () => post({ kind })],
  ['nothing', () => post(null)]
])('is not taken from %s', async (_what, send) => {
  const claimed = ports.claim('relay_1')
  send()
  timers.elapse()
  expect(await claimed).toBeNull()
})

it('says with which words it was closed, once, and after everything else', async () => {
  const { closed, heard, shell } = await listening(
    post({ kind, webSocketId: 'relay_1' }),
    ports.claim('relay_1')
  )
  shell.postMessage('{"type":"a"}')
  shell.postMessage('{"websocket":"closed","code":1011,"reason":"going away"}')
  shell.postMessage('{"type":"b"}')
  shell.close()
  expect(await closed).toBe('1011 going away')
  expect(heard).toEqual(['{"type":"a"}'])
})

it('says that it was closed when the other end goes without a word', async () => {
  const { closed, shell } = await listening(
    post({ kind, webSocketId: 'relay_1' }),
    ports.claim('relay_1')
  )
  shell.close()
  expect(await closed).toContain('closed')
})

it('closes without reporting it, and the other end knows', async () => {
  const { line, shell, closed } = await listening(
    post({ kind, webSocketId: 'relay_1' }),
    ports.claim('relay_1')
  )
  const told = new Promise<void>((resolve) => shell.addEventListener('close', () => resolve()))
  line.close()
  await told
  expect(await Promise.race([closed, settle().then(() => 'nothing')])).toBe('nothing')
})
