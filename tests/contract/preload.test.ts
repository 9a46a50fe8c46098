// Runs the preload against the real kiosk app, with an electron double that passes messages by structured clone.
import { EventEmitter } from 'node:events'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { Bridge } from '../../src/shared/contract.ts'
import {
  CALL_NAMES,
  CHANNEL_PREFIX,
  WEBSOCKET_PORT_CHANNEL
} from '../../src/shared/contract-names.ts'
import { startTestMainApp, type TestMainApp } from './test-main-app.ts'

const wire = vi.hoisted(() => ({
  exposed: new Map<string, unknown>(),
  invoked: [] as string[],
  handle: null as ((channel: string, input: unknown) => Promise<unknown>) | null,
  listeners: null as EventEmitter | null
}))

vi.mock('electron', () => ({
  contextBridge: {
    exposeInMainWorld: (name: string, value: unknown) => wire.exposed.set(name, value)
  },
  ipcRenderer: {
    invoke: async (channel: string, input: unknown) => {
      wire.invoked.push(channel)
      if (wire.handle === null) throw new Error('no main process')
      return structuredClone(await wire.handle(channel, structuredClone(input)))
    },
    on: (channel: string, listener: (...given: unknown[]) => void) =>
      wire.listeners?.on(channel, listener),
    off: (channel: string, listener: (...given: unknown[]) => void) =>
      wire.listeners?.off(channel, listener)
  }
}))

/** Arguments of the page's `window.postMessage`. */
const posted: unknown[][] = []

let test: TestMainApp
let bridge: Bridge
beforeEach(async () => {
  test = await startTestMainApp({ shell: 'electron' })
  wire.invoked.length = 0
  wire.listeners = new EventEmitter()
  wire.handle = (channel, input) =>
    test.kiosk.answer(channel.slice(CHANNEL_PREFIX.length), input, { trusted: true })
  test.kiosk.onNotification(({ name, payload }) => {
    const event = { sender: 'ports that a page must not have' }
    wire.listeners?.emit(`${CHANNEL_PREFIX}${name}`, event, structuredClone(payload))
  })
  wire.exposed.clear()
  posted.length = 0
  vi.stubGlobal('window', { postMessage: (...given: unknown[]) => posted.push(given) })
  vi.stubGlobal('location', { origin: 'app://kiosk' })
  vi.resetModules()
  await import('../../src/preload/index.ts')
  bridge = wire.exposed.get('heard') as Bridge
})
afterEach(() => {
  vi.unstubAllGlobals()
  return test.remove()
})

it('exposes heard with two functions and nothing else', () => {
  expect([...wire.exposed.keys()]).toEqual(['heard'])
  expect(Object.keys(bridge).sort()).toEqual(['call', 'on'])
})

it('passes a call to the kiosk and returns its answer', async () => {
  expect(await bridge.call('kiosk.initialState', {})).toMatchObject({
    ok: true,
    value: { shell: 'electron', account: { status: 'signed_out' } }
  })
  expect(await bridge.call('settings.change', { volume: 3 })).toMatchObject({
    ok: false,
    error: { code: 'bad_request' }
  })
})

it('uses one channel per call of the contract', async () => {
  for (const name of CALL_NAMES) await bridge.call(name, {} as never)
  expect(wire.invoked).toEqual(CALL_NAMES.map((name) => `${CHANNEL_PREFIX}${name}`))
})

it('sends nothing for a name outside the contract', async () => {
  const answer = await bridge.call('electron-store-get-data' as 'kiosk.initialState', {})
  expect(answer).toMatchObject({ ok: false, error: { code: 'bad_request' } })
  expect(wire.invoked).toEqual([])
  bridge.on('anything' as 'turn.forceRelease', () => {})
  expect(wire.listeners?.eventNames()).toEqual([WEBSOCKET_PORT_CHANNEL])
})

it('answers with a failure when the input cannot be cloned or there is no main process', async () => {
  const uncloneable = { volume: () => 1 } as unknown as { volume: number }
  expect(await bridge.call('settings.change', uncloneable)).toMatchObject({ ok: false })
  wire.handle = null
  expect(await bridge.call('kiosk.initialState', {})).toMatchObject({
    ok: false,
    error: { code: 'internal' }
  })
})

it('passes the payload of a notification to the page, and never the event', async () => {
  const received: unknown[][] = []
  const stop = bridge.on('turn.forceRelease', (...given: unknown[]) => received.push(given))
  test.kiosk.forceRelease('suspend')
  stop()
  test.kiosk.forceRelease('lock')
  expect(received).toEqual([[{ reason: 'suspend' }]])
})

it('posts the port of a WebSocket call to its own window and to no other origin', () => {
  const { port1, port2 } = new MessageChannel()
  const event = { ports: [port2], sender: 'ports that a page must not have' }
  wire.listeners?.emit(WEBSOCKET_PORT_CHANNEL, event, { webSocketId: 'ws_1', more: 'unknown' })
  expect(posted).toEqual([
    [{ kind: 'heard.webSocketPort', webSocketId: 'ws_1' }, 'app://kiosk', [port2]]
  ])
  port1.close()
})
