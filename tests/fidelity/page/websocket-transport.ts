// Runs in Chromium behind the preview's bridge: the WebSocket transport with its real player, and a recorder with the
// test's samples.
/// <reference types="vite/client" />
/// <reference path="../../../src/renderer/audio/audio-context-sink.d.ts" />
/// <reference path="../../../src/renderer/bridge.d.ts" />
import { createPlayer, createPlayerContext } from '../../../src/renderer/audio/player.ts'
import type { ClientEvent } from '../../../src/renderer/call/client-events.ts'
import type { Transport } from '../../../src/renderer/call/transport.ts'
import { webSocketTransport } from '../../../src/renderer/call/websocket.ts'
import { receiveWebSocketPorts } from '../../../src/renderer/call/websocket-port.ts'
import { newWatch, schedule } from './watch.ts'

type Seen = { type: string; [field: string]: unknown }
const received = newWatch<Seen>()
const lost = newWatch<string>()
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
      // The test delivers the last piece before it stops.
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
      onMessage: (data) => received.add(JSON.parse(data)),
      onRemoteStream: () => {},
      onLost: ({ code, message }) => lost.add(`${code} ${message}`),
      onDisconnectedChange: () => {}
    },
    new AbortController().signal
  )
  if (!opened.ok) return opened.failure.code
  transport = opened.value
  return 'open'
}

export const websocketTransportLab = {
  open,
  /** Everything from `from` up to and including the first event of this type. */
  until: (type: string, from = 0) => received.until((event) => event.type === type, from),
  lost: async () => (await lost.until(() => true))[0],
  count: () => received.seen.length,
  send: (event: object) => transport?.send(event as ClientEvent) ?? false,
  gate: (gate: 'open' | 'closed') => transport?.setGate(gate),
  record: (recordingId: number, samples: readonly number[]) => {
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
