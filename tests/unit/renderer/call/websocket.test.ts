// The relay as a transport: audio and the commit behind it in order, the events that WebRTC would have brought, what
// is told of an answer that is cut, and how it opens and ends.
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
const relayAnswer = {
  ok: true,
  value: { webSocketId: 'relay_1', model: 'gpt-realtime-2.1' }
} as const

let recorder: FakeRecorder
let player: FakePlayer
let line: FakeWebSocketPort
let timers: FakeTimers
let called: [string, unknown][]
let messages: { type: string; response_id?: string }[]
let streams: MediaStream[]
let lost: KioskFailure[]
let handsFree: boolean

beforeEach(() => {
  recorder = new FakeRecorder()
  player = new FakePlayer()
  line = new FakeWebSocketPort()
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
        return name === 'calls.openWebSocket'
          ? (given.answer ?? relayAnswer)
          : { ok: true, value: {} }
      },
      on: () => () => {}
    } as unknown as Bridge,
    language: () => 'es',
    ports: { claim: given.claim ?? (async () => line) },
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
  it('asks main for a relay and claims its port', async () => {
    const transport = await open()
    expect(called).toEqual([['calls.openWebSocket', { language: 'es' }]])
    expect(transport).toMatchObject({
      path: 'websocket',
      callId: 'relay_1',
      model: 'gpt-realtime-2.1'
    })
    expect(streams).toEqual([player.stream])
  })

  it('fails with main’s code, and the player is closed', async () => {
    const answer = { ok: false, error: { code: 'model_busy', message: '', retryAfterSeconds: 7 } }
    expect(await attempt({ answer })).toMatchObject({
      ok: false,
      failure: { code: 'model_busy', retryAfterSeconds: 7 }
    })
    expect(player.isClosed).toBe(true)
    expect(called.map(([name]) => name)).toEqual(['calls.openWebSocket'])
  })

  it('hangs up when the port does not come', async () => {
    expect(await attempt({ claim: async () => null })).toMatchObject({
      ok: false,
      failure: { code: 'call_timeout' }
    })
    expect(called.at(-1)).toEqual(['calls.hangUp', { callId: 'relay_1' }])
    expect(player.isClosed).toBe(true)
  })

  it('hangs up when there is no player', async () => {
    const openPlayer = () => Promise.reject(new Error('no worklet'))
    expect(await attempt({ openPlayer })).toMatchObject({
      ok: false,
      failure: { code: 'internal' }
    })
    expect(called.at(-1)?.[0]).toBe('calls.hangUp')
  })

  it('hangs up when it was given up in the meantime', async () => {
    const stop = new AbortController()
    stop.abort()
    expect(await attempt({ signal: stop.signal })).toMatchObject({
      ok: false,
      failure: { code: 'call_dropped' }
    })
    expect(called.at(-1)?.[0]).toBe('calls.hangUp')
    expect(line.isClosed).toBe(true)
    expect(player.isClosed).toBe(true)
  })
})

describe('what is said', () => {
  it('goes out as it is, and pieces of a recording only while the gate is open', async () => {
    const transport = await open()
    recorder.hear(1, 11)
    expect(transport.send(event('input_audio_buffer.clear'))).toBe(true)
    transport.setGate('open')
    recorder.hear(2, 21)
    recorder.hear(2, 22)
    expect(line.said()).toEqual(['input_audio_buffer.clear', 'sound 21', 'sound 22'])
    expect(await transport.audioPacketsSent()).toBe(2)
  })

  it('never lets a commit overtake its audio', async () => {
    const transport = await open()
    transport.setGate('open')
    recorder.hear(1, 1)
    transport.setGate('closed')
    transport.send(commit())
    transport.send(event('response.create'))
    recorder.hear(1, 2)
    recorder.hear(1, 3)
    expect(line.said()).toEqual(['sound 1', 'sound 2', 'sound 3'])
    await recorder.over(1)
    expect(line.said().slice(3)).toEqual(['input_audio_buffer.commit', 'response.create'])
  })

  it('lets through what has nothing to do with the open gate', async () => {
    const transport = await open()
    transport.setGate('open')
    recorder.hear(1, 1)
    transport.send(event('response.cancel'))
    expect(line.said()).toEqual(['sound 1', 'response.cancel'])
  })

  it('keeps the next question behind the one whose last piece is on its way', async () => {
    const transport = await open()
    transport.setGate('open')
    recorder.hear(1, 1)
    transport.setGate('closed')
    transport.send(commit())
    transport.send(event('input_audio_buffer.clear'))
    transport.setGate('open')
    recorder.hear(1, 2)
    recorder.hear(2, 21)
    transport.setGate('closed')
    transport.send(commit())
    expect(line.said()).toEqual(['sound 1', 'sound 2'])
    await recorder.over(1)
    expect(line.said().slice(2)).toEqual([
      'input_audio_buffer.commit',
      'input_audio_buffer.clear',
      'sound 21'
    ])
    recorder.hear(2, 22)
    await recorder.over(2)
    expect(line.said().slice(5)).toEqual(['sound 22', 'input_audio_buffer.commit'])
  })

  it('takes no late piece of an earlier recording for the next question', async () => {
    const transport = await open()
    transport.setGate('open')
    recorder.hear(1, 1)
    transport.setGate('closed')
    await recorder.over(1)
    transport.setGate('open')
    recorder.hear(1, 2)
    recorder.hear(2, 21)
    expect(line.said()).toEqual(['sound 1', 'sound 21'])
  })

  it('waits for the first piece of a hold that was over before it came', async () => {
    const transport = await open()
    transport.setGate('open')
    transport.setGate('closed')
    transport.send(commit())
    recorder.hear(1, 1)
    await settle()
    expect(recorder.isStopping(1)).toBe(true)
    await recorder.over(1)
    expect(line.said()).toEqual(['sound 1', 'input_audio_buffer.commit'])
  })

  it('does not wait for ever for a piece that never comes', async () => {
    const transport = await open()
    transport.setGate('open')
    transport.setGate('closed')
    transport.send(commit())
    timers.elapse()
    await settle()
    expect(line.said()).toEqual(['input_audio_buffer.commit'])
  })
})

describe('hands-free', () => {
  it('records while the gate is open, in recordings that follow one another', async () => {
    handsFree = true
    const transport = await open()
    transport.setGate('open')
    expect(recorder.started).toEqual([-1])
    recorder.hear(-1, 1)
    timers.elapse()
    expect(recorder.started).toEqual([-1, -2])
    recorder.hear(-1, 2)
    await recorder.over(-1)
    recorder.hear(-2, 3)
    expect(recorder.dropped).toEqual([-1])
    expect(line.said()).toEqual(['sound 1', 'sound 2', 'sound 3'])

    transport.setGate('closed')
    transport.send(commit())
    recorder.hear(-2, 4)
    await recorder.over(-2)
    expect(line.said().slice(3)).toEqual(['sound 4', 'input_audio_buffer.commit'])
    expect(recorder.dropped).toEqual([-1, -2])
    expect(timers.waiting.size).toBe(0)
  })

  it('ends its recording with the call', async () => {
    handsFree = true
    const transport = await open()
    transport.setGate('open')
    transport.close()
    await recorder.over(-1)
    expect(recorder.dropped).toEqual([-1])
    expect(timers.waiting.size).toBe(0)
  })

  it('is not for a hold: there the turn records', async () => {
    const transport = await open()
    transport.setGate('open')
    expect(recorder.started).toEqual([])
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

describe('what is answered', () => {
  it('is played, and its sound is for nobody else', async () => {
    await open()
    line.say({ type: 'response.created', response: { id: 'r1' } })
    line.say(delta('r1', 'i1', 1, 5))
    line.say(delta('r1', 'i1', 1, 6))
    expect(player.pushed).toEqual([
      { segment: 1, samples: new Array(SAMPLES_PER_MS).fill(5) },
      { segment: 1, samples: new Array(SAMPLES_PER_MS).fill(6) }
    ])
    expect(messages.map(({ type }) => type)).toEqual(['response.created'])
  })

  it('has started when its first sample is played and stopped when its last one was', async () => {
    await open()
    line.say(delta('r1', 'i1', 100))
    expect(bufferEvents()).toEqual([])
    player.onEvent({ kind: 'started', segment: 1 })
    expect(bufferEvents()).toEqual(['started r1'])
    line.say(audioDone('r1', 'i1'))
    line.say(responseDone('r1'))
    expect(player.ended).toEqual([1])
    expect(bufferEvents()).toEqual(['started r1'])
    player.onEvent({ kind: 'drained', segment: 1 })
    expect(bufferEvents()).toEqual(['started r1', 'stopped r1'])
    expect(messages.at(-1)).toHaveProperty('event_id')
  })

  it('that is several items has started and stopped once', async () => {
    await open()
    line.say(delta('r1', 'i1', 100))
    line.say(audioDone('r1', 'i1'))
    player.onEvent({ kind: 'started', segment: 1 })
    player.onEvent({ kind: 'drained', segment: 1 })
    line.say(delta('r1', 'i2', 100))
    player.onEvent({ kind: 'started', segment: 2 })
    line.say(audioDone('r1', 'i2'))
    line.say(responseDone('r1'))
    expect(bufferEvents()).toEqual(['started r1'])
    player.onEvent({ kind: 'drained', segment: 2 })
    expect(bufferEvents()).toEqual(['started r1', 'stopped r1'])
  })

  it('without sound never starts', async () => {
    await open()
    line.say(responseDone('r1'))
    expect(messages.map(({ type }) => type)).toEqual(['response.done'])
    expect(bufferEvents()).toEqual([])
  })

  it('counts as received with every piece and with every moment it plays', async () => {
    const transport = await open()
    line.say(delta('r1', 'i1', 1_000))
    const first = await transport.audioPacketsReceived()
    expect(first).toBe(1)
    player.playedSoFarMs = 500
    expect(await transport.audioPacketsReceived()).toBeGreaterThan(first)
  })

  it('is handed on as it came when it cannot be read here', async () => {
    await open()
    line.sayText('{"type":"response.output_audio.delta","delta":7}')
    expect(messages).toHaveLength(1)
    expect(player.pushed).toEqual([])
  })
})

describe('an answer that is cut', () => {
  const cutAt = async (playedMs: number): Promise<Transport> => {
    const transport = await open()
    line.say(delta('r1', 'i1', 2_000))
    player.onEvent({ kind: 'started', segment: 1 })
    transport.send(clear())
    await player.flushed([{ segment: 1, playedSamples: playedMs * SAMPLES_PER_MS + 23 }])
    return transport
  }

  it('falls silent in the player and is truncated to the milliseconds that were played', async () => {
    await cutAt(700)
    expect(line.posted.map((text) => JSON.parse(text))).toEqual([
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

  it('plays nothing that was on its way, and says nothing more of it', async () => {
    await cutAt(700)
    line.say(delta('r1', 'i1', 100))
    player.onEvent({ kind: 'drained', segment: 1 })
    line.say(audioDone('r1', 'i1'))
    line.say(responseDone('r1'))
    expect(player.pushed).toHaveLength(1)
    expect(bufferEvents()).toEqual(['started r1', 'cleared r1'])
  })

  it('is told to the model before anything that is said from then on', async () => {
    const transport = await open()
    line.say(delta('r1', 'i1', 2_000))
    transport.send(event('response.cancel'))
    transport.send(clear())
    transport.send(event('input_audio_buffer.clear'))
    transport.setGate('open')
    recorder.hear(1, 1)
    expect(line.said()).toEqual(['response.cancel'])
    expect(player.isFlushing()).toBe(true)
    await player.flushed([{ segment: 1, playedSamples: 0 }])
    expect(line.said()).toEqual([
      'response.cancel',
      'conversation.item.truncate',
      'input_audio_buffer.clear',
      'sound 1'
    ])
  })

  it('takes with it the answer that waits behind it', async () => {
    const transport = await open()
    line.say(delta('r1', 'i1', 500))
    line.say(responseDone('r1'))
    player.onEvent({ kind: 'started', segment: 1 })
    line.say(delta('r2', 'i2', 500))
    transport.send(clear())
    await player.flushed([
      { segment: 1, playedSamples: 100 * SAMPLES_PER_MS },
      { segment: 2, playedSamples: 0 }
    ])
    expect(bufferEvents()).toEqual(['started r1', 'cleared r1', 'cleared r2'])
    expect(line.posted.map((text) => JSON.parse(text))).toMatchObject([
      { item_id: 'i1', audio_end_ms: 100 },
      { item_id: 'i2', audio_end_ms: 0 }
    ])
  })

  it('was played to its end when nothing is left of it: nothing is truncated', async () => {
    const transport = await open()
    transport.send(clear())
    await player.flushed([])
    expect(line.posted).toEqual([])
    expect(bufferEvents()).toEqual([])
  })

  it('does not keep the next one from being heard', async () => {
    await cutAt(700)
    line.say(responseDone('r1'))
    line.say(delta('r2', 'i2', 500))
    player.onEvent({ kind: 'started', segment: 2 })
    expect(bufferEvents().at(-1)).toBe('started r2')
  })
})

describe('the end', () => {
  it('is reported when the relay is closed, once, and nothing is sent after it', async () => {
    const transport = await open()
    line.lose('1011 going away')
    expect(lost).toMatchObject([
      { code: 'call_dropped', message: expect.stringContaining('1011 going away') }
    ])
    expect(transport.send(commit())).toBe(false)
    transport.close()
    expect(lost).toHaveLength(1)
    expect(player.isClosed).toBe(true)
    expect(recorder.listeners()).toBe(0)
  })

  it('of our own is not reported', async () => {
    const transport = await open()
    transport.close()
    expect(line.isClosed).toBe(true)
    expect(player.isClosed).toBe(true)
    expect(lost).toEqual([])
  })
})
