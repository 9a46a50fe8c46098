// Runs in Chromium behind the preview's bridge: the relay's transport with its real player, and a recorder that
// says what the test hands it.
/// <reference types="vite/client" />
/// <reference path="../../../src/renderer/audio/audio-context-sink.d.ts" />
/// <reference path="../../../src/renderer/bridge.d.ts" />
import { createPlayer, createPlayerContext } from '../../../src/renderer/audio/player.ts'
import type { ClientEvent } from '../../../src/renderer/call/client-events.ts'
import type { Transport } from '../../../src/renderer/call/transport.ts'
import { webSocketTransport } from '../../../src/renderer/call/websocket.ts'
import { receiveWebSocketPorts } from '../../../src/renderer/call/websocket-port.ts'

const schedule = (run: () => void, ms: number): (() => void) => {
  const id = setTimeout(run, ms)
  return () => clearTimeout(id)
}

type Seen = { type: string; [field: string]: unknown }
const seen: Seen[] = []
const lost: string[] = []
const arrived = new Set<() => void>()
const listeners = new Set<(id: number, samples: Int16Array<ArrayBuffer>) => void>()
const ports = receiveWebSocketPorts(window, schedule)
let transport: Transport | null = null

const open = async (): Promise<string> => {
  const opened = await webSocketTransport({
    bridge: window.heard,
    language: () => 'en',
    ports,
    recorder: {
      onChunk: (listener) => {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
      start: () => {},
      // The last piece was handed over before anybody asks.
      stop: async () => {},
      drop: () => {}
    },
    handsFree: () => false,
    openPlayer: (onEvent) =>
      createPlayer({ context: createPlayerContext(), onEvent, schedule, log: () => {} }),
    schedule
  })(
    null,
    {
      onMessage: (data) => {
        seen.push(JSON.parse(data))
        for (const look of [...arrived]) look()
      },
      onRemoteStream: () => {},
      onLost: ({ code, message }) => {
        lost.push(`${code} ${message}`)
        for (const look of [...arrived]) look()
      },
      onDisconnectedChange: () => {}
    },
    new AbortController().signal
  )
  if (!opened.ok) return opened.failure.code
  transport = opened.value
  return 'open'
}

/** Everything from `from` on, up to and including the first event of this type. */
const until = (type: string, from = 0): Promise<Seen[]> =>
  new Promise((resolve) => {
    const look = () => {
      const at = seen.findIndex((event, index) => index >= from && event.type === type)
      if (at < 0) return
      arrived.delete(look)
      resolve(seen.slice(from, at + 1))
    }
    arrived.add(look)
    look()
  })

const isLost = (): Promise<string> =>
  new Promise((resolve) => {
    const look = () => {
      const [first] = lost
      if (first !== undefined) resolve(first)
    }
    arrived.add(look)
    look()
  })

export const websocketTransportLab = {
  open,
  until,
  isLost,
  count: () => seen.length,
  send: (event: object) => transport?.send(event as ClientEvent) ?? false,
  gate: (gate: 'open' | 'closed') => transport?.setGate(gate),
  hear: (recordingId: number, samples: readonly number[]) => {
    for (const listener of listeners) listener(recordingId, new Int16Array(samples))
  },
  received: () => transport?.audioPacketsReceived() ?? 0
}

declare global {
  interface Window {
    websocketTransportLab: typeof websocketTransportLab
  }
}
window.websocketTransportLab = websocketTransportLab
