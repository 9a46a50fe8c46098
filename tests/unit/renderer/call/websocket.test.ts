// The WebSocket transport on a fake port, recorder and player.
import { beforeEach, describe, expect, it } from 'vitest'
import type { ClientEvent } from '../../../../src/renderer/call/client-events.ts'
import type { KioskFailure } from '../../../../src/renderer/call/failures.ts'
import type { Transport } from '../../../../src/renderer/call/transport.ts'
import { webSocketTransport } from '../../../../src/renderer/call/websocket.ts'
import type { WebSocketPort } from '../../../../src/renderer/call/websocket-port.ts'
import type { Bridge } from '../../../../src/shared/contract.ts'
import {
  FakePlayer,
  FakeRecorder,
  FakeTimers,
  FakeWebSocketPort,
  settle
} from './websocket-doubles.ts'

const SAMPLES_PER_MS = 24
const OPENED = {
  ok: true,
  value: { webSocketId: 'ws_1', model: 'gpt-realtime-2.1' }
} as const

let recorder: FakeRecorder
let player: FakePlayer
let port: FakeWebSocketPort
let timers: FakeTimers
let called: [string, unknown][]
let messages: { type: string; response_id?: string }[]
let streams: MediaStream[]
let lost: KioskFailure[]
let handsFree: boolean

beforeEach(() => {
  recorder = new FakeRecorder()
  player = new FakePlayer()
  port = new FakeWebSocketPort()
  timers = new FakeTimers()
  called = []
  messages = []
  streams = []
  lost = []
  handsFree = false
})

type Given = {
  answer?: object
  claim?: () => Promise<WebSocketPort | null>
  openPlayer?: () => Promise<FakePlayer>
  signal?: AbortSignal
}
const attempt = (given: Given = {}) =>
  webSocketTransport({
    bridge: {
      call: async (name: string, input: unknown) => {
        called.push([name, input])
        return name === 'calls.openWebSocket' ? (given.answer ?? OPENED) : { ok: true, value: {} }
      },
      on: () => () => {}
    } as unknown as Bridge,
    language: () => 'es',
    ports: { claim: given.claim ?? (async () => port) },
    recorder,
    handsFree: () => handsFree,
    openPlayer: async (onEvent) => {
      const opened = await (given.openPlayer ?? (async () => player))()
      opened.onEvent = onEvent
      return opened
    },
    schedule: timers.schedule
  })(
    null,
    {
      onMessage: (data) => messages.push(JSON.parse(data)),
      onRemoteStream: (stream) => streams.push(stream),
      onLost: (failure) => lost.push(failure),
      onDisconnectedChange: () => {}
    },
    given.signal ?? new AbortController().signal
  )
const open = async (): Promise<Transport> => {
  const opened = await attempt()
  if (!opened.ok) throw new Error(opened.failure.message)
  return opened.value
}

let eventIds = 0
const event = (type: string): ClientEvent => {
  eventIds += 1
  return { type, event_id: `heard-${eventIds}` } as ClientEvent
}
const commit = () => event('input_audio_buffer.commit')
const clear = () => event('output_audio_buffer.clear')

describe('opening', () => {
  it('opens a WebSocket in main and claims its port', async () => {
    const transport = await open()
    expect(called).toEqual([['calls.openWebSocket', { language: 'es' }]])
    expect(transport).toMatchObject({
      path: 'websocket',
      callId: 'ws_1'
    })
    expect(streams).toEqual([player.stream])
  })

  it("fails with main's code and closes the player", async () => {
    const answer = { ok: false, error: { code: 'model_busy', message: '', retryAfterSeconds: 7 } }
    expect(await attempt({ answer })).toMatchObject({
      ok: false,
      failure: { code: 'model_busy', retryAfterSeconds: 7 }
    })
    expect(player.isClosed).toBe(true)
    expect(called.map(([name]) => name)).toEqual(['calls.openWebSocket'])
  })

  it.each<[string, string, Given]>([
    ['call_timeout', 'when the port does not arrive', { claim: async () => null }],
    ['internal', 'without a player', { openPlayer: () => Promise.reject(new Error('no worklet')) }],
    ['call_dropped', 'when it was aborted meanwhile', { signal: AbortSignal.abort() }]
  ])('hangs up with %s %s', async (code, _when, given) => {
    expect(await attempt(given)).toMatchObject({ ok: false, failure: { code } })
    expect(called.at(-1)).toEqual(['calls.hangUp', { callId: 'ws_1' }])
    expect(player.isClosed).toBe(given.openPlayer === undefined)
    expect(port.isClosed).toBe(given.signal !== undefined)
  })
})

describe('sending', () => {
  it('passes events on, and pieces of a recording while the gate is open only', async () => {
    const transport = await open()
    recorder.record(1, 11)
    expect(transport.send(event('input_audio_buffer.clear'))).toBe(true)
    transport.setGate('open')
    recorder.record(2, 21)
    transport.send(event('response.cancel'))
    recorder.record(2, 22)
    expect(port.types()).toEqual([
      'input_audio_buffer.clear',
      'audio 21',
      'response.cancel',
      'audio 22'
    ])
    expect(await transport.audioPacketsSent()).toBe(2)
    // The turn records the hold.
    expect(recorder.started).toEqual([])
  })

  it('keeps a commit, and the next question, behind the last piece of its audio', async () => {
    const transport = await open()
    transport.setGate('open')
    recorder.record(1, 1)
    transport.setGate('closed')
    transport.send(commit())
    transport.send(event('response.create'))
    transport.setGate('open')
    recorder.record(1, 2)
    recorder.record(2, 21)
    transport.setGate('closed')
    transport.send(commit())
    expect(port.types()).toEqual(['audio 1', 'audio 2'])
    await recorder.finish(1)
    expect(port.types().slice(2)).toEqual([
      'input_audio_buffer.commit',
      'response.create',
      'audio 21'
    ])
    recorder.record(2, 22)
    await recorder.finish(2)
    expect(port.types().slice(5)).toEqual(['audio 22', 'input_audio_buffer.commit'])
  })

  it('drops a late piece of an earlier recording', async () => {
    const transport = await open()
    transport.setGate('open')
    recorder.record(1, 1)
    transport.setGate('closed')
    await recorder.finish(1)
    transport.setGate('open')
    recorder.record(1, 2)
    recorder.record(2, 21)
    expect(port.types()).toEqual(['audio 1', 'audio 21'])
  })

  it('waits for the first piece after the gate has closed', async () => {
    const transport = await open()
    transport.setGate('open')
    transport.setGate('closed')
    transport.send(commit())
    recorder.record(1, 1)
    await settle()
    expect(recorder.isStopping(1)).toBe(true)
    await recorder.finish(1)
    expect(port.types()).toEqual(['audio 1', 'input_audio_buffer.commit'])
  })

  it('sends the commit when no piece comes', async () => {
    const transport = await open()
    transport.setGate('open')
    transport.setGate('closed')
    transport.send(commit())
    timers.elapse()
    await settle()
    expect(port.types()).toEqual(['input_audio_buffer.commit'])
  })
})

describe('hands-free', () => {
  it('records segments while the gate is open', async () => {
    handsFree = true
    const transport = await open()
    transport.setGate('open')
    expect(recorder.started).toEqual([-1])
    recorder.record(-1, 1)
    timers.elapse()
    expect(recorder.started).toEqual([-1, -2])
    recorder.record(-1, 2)
    await recorder.finish(-1)
    recorder.record(-2, 3)
    expect(recorder.dropped).toEqual([-1])
    expect(port.types()).toEqual(['audio 1', 'audio 2', 'audio 3'])

    transport.setGate('closed')
    transport.send(commit())
    recorder.record(-2, 4)
    await recorder.finish(-2)
    expect(port.types().slice(3)).toEqual(['audio 4', 'input_audio_buffer.commit'])
    expect(recorder.dropped).toEqual([-1, -2])
    expect(timers.waiting.size).toBe(0)
  })

  it('ends the segment with the call', async () => {
    handsFree = true
    const transport = await open()
    transport.setGate('open')
    transport.close()
    await recorder.finish(-1)
    expect(recorder.dropped).toEqual([-1])
    expect(timers.waiting.size).toBe(0)
  })
})

const delta = (responseId: string, itemId: string, ms: number, value = 1) => ({
  type: 'response.output_audio.delta',
  response_id: responseId,
  item_id: itemId,
  output_index: 0,
  content_index: 0,
  delta: Buffer.from(new Int16Array(ms * SAMPLES_PER_MS).fill(value).buffer).toString('base64')
})
const audioDone = (responseId: string, itemId: string) => ({
  type: 'response.output_audio.done',
  response_id: responseId,
  item_id: itemId,
  output_index: 0,
  content_index: 0
})
const responseDone = (responseId: string) => ({
  type: 'response.done',
  response: { id: responseId, status: 'completed', output: [] }
})
const bufferEvents = () =>
  messages.flatMap(({ type, response_id }) =>
    type.startsWith('output_audio_buffer.') ? [`${type.split('.')[1]} ${response_id}`] : []
  )

describe('an answer', () => {
  it('plays, and its audio is not passed on', async () => {
    await open()
    port.receive({ type: 'response.created', response: { id: 'r1' } })
    port.receive(delta('r1', 'i1', 1, 5))
    port.receive(delta('r1', 'i1', 1, 6))
    expect(player.pushed).toEqual([
      { segment: 1, samples: new Array(SAMPLES_PER_MS).fill(5) },
      { segment: 1, samples: new Array(SAMPLES_PER_MS).fill(6) }
    ])
    // A response without audio never starts.
    port.receive(responseDone('r0'))
    expect(messages.map(({ type }) => type)).toEqual(['response.created', 'response.done'])
  })

  it('starts with its first played sample and stops with its last', async () => {
    await open()
    port.receive(delta('r1', 'i1', 100))
    expect(bufferEvents()).toEqual([])
    player.onEvent({ kind: 'started', segment: 1 })
    expect(bufferEvents()).toEqual(['started r1'])
    port.receive(audioDone('r1', 'i1'))
    port.receive(responseDone('r1'))
    expect(player.ended).toEqual([1])
    expect(bufferEvents()).toEqual(['started r1'])
    player.onEvent({ kind: 'drained', segment: 1 })
    expect(bufferEvents()).toEqual(['started r1', 'stopped r1'])
    expect(messages.at(-1)).toHaveProperty('event_id')
  })

  it('of several items starts and stops once', async () => {
    await open()
    port.receive(delta('r1', 'i1', 100))
    port.receive(audioDone('r1', 'i1'))
    player.onEvent({ kind: 'started', segment: 1 })
    player.onEvent({ kind: 'drained', segment: 1 })
    port.receive(delta('r1', 'i2', 100))
    player.onEvent({ kind: 'started', segment: 2 })
    port.receive(audioDone('r1', 'i2'))
    port.receive(responseDone('r1'))
    expect(bufferEvents()).toEqual(['started r1'])
    player.onEvent({ kind: 'drained', segment: 2 })
    expect(bufferEvents()).toEqual(['started r1', 'stopped r1'])
  })

  it('counts as received with every piece and while it plays', async () => {
    const transport = await open()
    port.receive(delta('r1', 'i1', 1_000))
    const first = await transport.audioPacketsReceived()
    expect(first).toBe(1)
    player.playedSoFarMs = 500
    expect(await transport.audioPacketsReceived()).toBeGreaterThan(first)
  })

  it('is passed on when it cannot be read', async () => {
    await open()
    port.receiveText('{"type":"response.output_audio.delta","delta":7}')
    expect(messages).toHaveLength(1)
    expect(player.pushed).toEqual([])
  })
})

describe('a cut answer', () => {
  const cutAt = async (playedMs: number): Promise<Transport> => {
    const transport = await open()
    port.receive(delta('r1', 'i1', 2_000))
    player.onEvent({ kind: 'started', segment: 1 })
    transport.send(clear())
    await player.flushed([{ segment: 1, playedSamples: playedMs * SAMPLES_PER_MS + 23 }])
    return transport
  }

  it('is truncated to the milliseconds that were played', async () => {
    await cutAt(700)
    expect(port.posted.map((text) => JSON.parse(text))).toEqual([
      {
        type: 'conversation.item.truncate',
        event_id: expect.any(String),
        item_id: 'i1',
        content_index: 0,
        audio_end_ms: 700
      }
    ])
    expect(bufferEvents()).toEqual(['started r1', 'cleared r1'])
  })

  it('drops the audio that still arrives, and emits no more events', async () => {
    await cutAt(700)
    port.receive(delta('r1', 'i1', 100))
    player.onEvent({ kind: 'drained', segment: 1 })
    port.receive(audioDone('r1', 'i1'))
    port.receive(responseDone('r1'))
    expect(player.pushed).toHaveLength(1)
    expect(bufferEvents()).toEqual(['started r1', 'cleared r1'])
  })

  it('is truncated before any later event goes out', async () => {
    const transport = await open()
    port.receive(delta('r1', 'i1', 2_000))
    transport.send(event('response.cancel'))
    transport.send(clear())
    transport.send(event('input_audio_buffer.clear'))
    transport.setGate('open')
    recorder.record(1, 1)
    expect(port.types()).toEqual(['response.cancel'])
    expect(player.isFlushing()).toBe(true)
    await player.flushed([{ segment: 1, playedSamples: 0 }])
    expect(port.types()).toEqual([
      'response.cancel',
      'conversation.item.truncate',
      'input_audio_buffer.clear',
      'audio 1'
    ])
  })

  it('cuts the queued answer too', async () => {
    const transport = await open()
    port.receive(delta('r1', 'i1', 500))
    port.receive(responseDone('r1'))
    player.onEvent({ kind: 'started', segment: 1 })
    port.receive(delta('r2', 'i2', 500))
    transport.send(clear())
    await player.flushed([
      { segment: 1, playedSamples: 100 * SAMPLES_PER_MS },
      { segment: 2, playedSamples: 0 }
    ])
    expect(bufferEvents()).toEqual(['started r1', 'cleared r1', 'cleared r2'])
    expect(port.posted.map((text) => JSON.parse(text))).toMatchObject([
      { item_id: 'i1', audio_end_ms: 100 },
      { item_id: 'i2', audio_end_ms: 0 }
    ])
  })

  it('is not truncated when it was played to its end', async () => {
    const transport = await open()
    transport.send(clear())
    await player.flushed([])
    expect(port.posted).toEqual([])
    expect(bufferEvents()).toEqual([])
  })

  it('does not stop the next one', async () => {
    await cutAt(700)
    port.receive(responseDone('r1'))
    port.receive(delta('r2', 'i2', 500))
    player.onEvent({ kind: 'started', segment: 2 })
    expect(bufferEvents().at(-1)).toBe('started r2')
  })
})

describe('closing', () => {
  it('reports a closed WebSocket once, sends nothing after it, and does not report close()', async () => {
    const transport = await open()
    port.lose('1011 going away')
    expect(lost).toMatchObject([
      { code: 'call_dropped', message: expect.stringContaining('1011 going away') }
    ])
    expect(transport.send(commit())).toBe(false)
    transport.close()
    expect(lost).toHaveLength(1)
    expect([player.isClosed, recorder.listeners()]).toEqual([true, 0])
    const other = await open()
    other.close()
    expect(lost).toHaveLength(1)
    expect(port.isClosed).toBe(true)
  })
})
