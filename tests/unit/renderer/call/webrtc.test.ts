// Opens calls over a fake peer connection; the end-to-end specs use Chromium's.
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Attempt, KioskFailure } from '../../../../src/renderer/call/failures.ts'
import type { Transport } from '../../../../src/renderer/call/transport.ts'
import { createWarp, WARP_CHANNEL_ID, WARP_LIMIT_MS } from '../../../../src/renderer/call/warp.ts'
import {
  CONNECT_LIMIT_MS,
  DISCONNECTED_GRACE_MS,
  PREWARMED_PATH_LIMIT_MS,
  webRtcTransport
} from '../../../../src/renderer/call/webrtc.ts'
import { createOfferingPeer, type OfferingPeer } from '../../../../src/renderer/call/webrtc-peer.ts'
import type { Bridge } from '../../../../src/shared/contract.ts'
import { failed, ok } from '../../../../src/shared/failure.ts'
import { fakeStream, fakeTrack } from './transport-double.ts'

const ANSWER = 'v=0\r\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n'

class FakeChannel extends EventTarget {
  readyState = 'connecting'
  onopen: (() => void) | null = null
  onclose: (() => void) | null = null
  onmessage: ((event: { data: unknown }) => void) | null = null
  sent: string[] = []
  options: RTCDataChannelInit
  constructor(options: RTCDataChannelInit) {
    super()
    this.options = options
  }
  opens() {
    this.readyState = 'open'
    this.onopen?.()
  }
  says(data: string) {
    this.onmessage?.({ data })
    this.dispatchEvent(new MessageEvent('message', { data }))
  }
  send(data: string) {
    this.sent.push(data)
  }
  close() {
    this.readyState = 'closed'
    this.onclose?.()
  }
}

let peers: FakePeer[] = []

class FakePeer {
  connectionState = 'new'
  iceConnectionState = 'new'
  onconnectionstatechange: (() => void) | null = null
  ontrack: ((event: { track: MediaStreamTrack; streams: MediaStream[] }) => void) | null = null
  localDescription: { sdp: string } | null = null
  channel = new FakeChannel({})
  transceivers: unknown[] = []
  tracks: (MediaStreamTrack | null)[] = []
  isClosed = false
  refusesTracks = false
  reports: object[] = []
  constructor() {
    peers.push(this)
  }
  createDataChannel(_label: string, options: RTCDataChannelInit) {
    this.channel = new FakeChannel(options)
    return this.channel
  }
  addTransceiver(...given: unknown[]) {
    this.transceivers.push(given)
    return {
      sender: {
        replaceTrack: async (track: MediaStreamTrack | null) => {
          if (this.refusesTracks) throw new Error('InvalidModificationError')
          this.tracks.push(track)
        }
      }
    }
  }
  async setLocalDescription() {
    this.localDescription = { sdp: 'v=0 offer' }
  }
  async setRemoteDescription({ sdp }: { sdp: string }) {
    if (sdp.includes('broken')) throw new Error('not SDP')
  }
  async getStats() {
    return new Map(this.reports.map((report, n) => [n, report]))
  }
  becomes(state: string) {
    this.connectionState = state
    this.onconnectionstatechange?.()
  }
  close() {
    this.isClosed = true
    this.becomes('closed')
  }
}

beforeEach(() => {
  peers = []
  vi.useFakeTimers()
  vi.stubGlobal('RTCPeerConnection', FakePeer)
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

const setUp = ({ isWarp = false, answers = [] as string[] } = {}) => {
  const asked: { name: string; input: unknown }[] = []
  const lost: KioskFailure[] = []
  const disconnections: boolean[] = []
  const messages: string[] = []
  const streams: MediaStream[] = []
  const logged: string[] = []
  let calls = 0
  const bridge = {
    call: async (name: string, input: unknown) => {
      asked.push({ name, input })
      if (name !== 'calls.open') return ok({})
      calls += 1
      const answerSdp = answers.shift() ?? ANSWER
      return answerSdp === 'refused'
        ? failed('model_refused', 'The model answered the offer with 400.')
        : ok({ callId: `rtc_${calls}`, answerSdp, model: 'm' })
    },
    on: () => () => {}
  } as unknown as Bridge
  const warp = createWarp({
    offer: async () => (isWarp ? 'a=sctp-init:AQAA\r\n' : 'v=0\r\n'),
    log: (event) => logged.push(event)
  })
  let waiting: OfferingPeer | null = null
  const take = () => {
    const taken = waiting
    waiting = null
    return taken
  }
  const prepare = async (setup: OfferingPeer['setup'] = 'ordinary') => {
    waiting = await createOfferingPeer(setup)
  }
  const aborter = new AbortController()
  const open = webRtcTransport({ bridge, language: () => 'en', warp, ready: { take } })
  const begin = (microphone: MediaStreamTrack | null = null) =>
    open(
      microphone,
      {
        onMessage: (data) => messages.push(data),
        onRemoteStream: (stream) => streams.push(stream),
        onLost: (failure) => lost.push(failure),
        onDisconnectedChange: (isDisconnected) => disconnections.push(isDisconnected)
      },
      aborter.signal
    )
  const peer = (n: number) => {
    const found = peers[n - 1]
    if (found === undefined) throw new Error(`There is no peer ${n}.`)
    return found
  }
  const opened = async () => {
    const attempt = begin()
    await settle()
    peer(1).channel.opens()
    return transportOf(await attempt)
  }
  return {
    asked,
    lost,
    disconnections,
    messages,
    streams,
    logged,
    begin,
    prepare,
    peer,
    opened,
    aborter
  }
}

const settle = () => vi.advanceTimersByTimeAsync(0)
const transportOf = (attempt: Attempt<Transport>): Transport => {
  if (!attempt.ok) throw new Error(attempt.failure.message)
  return attempt.value
}

test('opens the channel in-band without WARP', async () => {
  const { begin, peer, asked } = setUp()
  const attempt = begin()
  await settle()
  expect(peer(1).channel.options).toEqual({})
  expect(asked).toEqual([{ name: 'calls.open', input: { offerSdp: 'v=0 offer', language: 'en' } }])
  peer(1).channel.opens()
  expect(await attempt).toMatchObject({ ok: true, value: { callId: 'rtc_1', path: 'webrtc' } })
})

test('attaches the microphone while the gate is open only', async () => {
  const { opened, peer } = setUp()
  const transport = await opened()
  expect(peer(1).transceivers).toEqual([['audio', { direction: 'sendrecv' }]])
  const [first, second] = [fakeTrack('first'), fakeTrack('second')]
  await transport.setMicrophone(first)
  expect(peer(1).tracks).toEqual([])
  transport.setGate('open')
  transport.setGate('open')
  await transport.setMicrophone(second)
  transport.setGate('closed')
  await transport.setMicrophone(first)
  expect(peer(1).tracks).toEqual([first, second, null])
})

test('loses the call when the microphone cannot be attached', async () => {
  const { opened, peer, lost } = setUp()
  const transport = await opened()
  peer(1).refusesTracks = true
  await transport.setMicrophone(fakeTrack('ended'))
  transport.setGate('open')
  await settle()
  expect(lost.map(({ code }) => code)).toEqual(['internal'])
  expect(peer(1).isClosed).toBe(true)
})

test('times out and hangs up when the channel does not open', async () => {
  const { begin, peer, asked } = setUp()
  const attempt = begin()
  await vi.advanceTimersByTimeAsync(CONNECT_LIMIT_MS)
  expect(await attempt).toMatchObject({ ok: false, failure: { code: 'call_timeout' } })
  expect(peer(1).isClosed).toBe(true)
  expect(asked.at(-1)).toEqual({ name: 'calls.hangUp', input: { callId: 'rtc_1' } })
})

test('hangs up a call that is aborted while it opens', async () => {
  const { begin, peer, asked, aborter } = setUp()
  const attempt = begin()
  await settle()
  aborter.abort()
  expect(await attempt).toMatchObject({ ok: false, failure: { code: 'call_dropped' } })
  expect(peer(1).isClosed).toBe(true)
  expect(asked.at(-1)?.name).toBe('calls.hangUp')
})

test('reports a short disconnection, and loses a call once when it stays disconnected', async () => {
  const { opened, peer, disconnections, lost } = setUp()
  await opened()
  peer(1).becomes('disconnected')
  await vi.advanceTimersByTimeAsync(DISCONNECTED_GRACE_MS - 1)
  peer(1).becomes('connected')
  expect(disconnections).toEqual([true, false])
  await vi.advanceTimersByTimeAsync(DISCONNECTED_GRACE_MS)
  expect(lost).toEqual([])
  peer(1).becomes('disconnected')
  await vi.advanceTimersByTimeAsync(DISCONNECTED_GRACE_MS)
  expect(lost).toMatchObject([{ code: 'call_dropped' }])
  peer(1).becomes('failed')
  expect(lost).toHaveLength(1)
  expect(peer(1).isClosed).toBe(true)
})

test.each([
  ['the channel closes', (peer: FakePeer) => peer.channel.close()],
  ['the connection fails', (peer: FakePeer) => peer.becomes('failed')]
])('loses the call at once when %s', async (_what, breaks) => {
  const { opened, peer, lost } = setUp()
  const transport = await opened()
  breaks(peer(1))
  expect(lost).toHaveLength(1)
  expect(transport.send({ type: 'input_audio_buffer.clear', event_id: 'e' })).toBe(false)
})

test('reports no loss after close, and leaves no timer', async () => {
  const { opened, peer, lost, disconnections } = setUp()
  const transport = await opened()
  peer(1).becomes('disconnected')
  transport.close()
  expect(lost).toEqual([])
  expect(vi.getTimerCount()).toBe(0)
  expect(disconnections).toEqual([true])
})

test("counts audio packets, and reads their loss from the far end's last report", async () => {
  const { opened, peer } = setUp()
  const transport = await opened()
  expect(await transport.sentAudio()).toEqual({ packetsSent: 0, packetsLost: 0, reportAtMs: null })
  peer(1).reports = [
    { type: 'outbound-rtp', kind: 'audio', packetsSent: 50, timestamp: 2_000 },
    { type: 'inbound-rtp', kind: 'audio', packetsReceived: 7, packetsLost: 9, timestamp: 2_000 },
    { type: 'inbound-rtp', kind: 'video', packetsReceived: 100 },
    { type: 'remote-inbound-rtp', kind: 'audio', packetsLost: 3, timestamp: 1_500 },
    { type: 'remote-inbound-rtp', kind: 'video', packetsLost: 100, timestamp: 1_900 }
  ]
  expect(await transport.sentAudio()).toEqual({
    packetsSent: 50,
    packetsLost: 3,
    reportAtMs: 1_500
  })
  expect(await transport.audioPacketsReceived()).toBe(7)
  expect(await transport.audioPacketsSent()).toBe(50)
})

test('passes on messages and audio that come with the opening', async () => {
  const { begin, peer, messages, streams } = setUp()
  const attempt = begin()
  await settle()
  peer(1).ontrack?.({ track: fakeTrack('t'), streams: [fakeStream('s')] })
  peer(1).channel.opens()
  peer(1).channel.says('first')
  await attempt
  expect(messages).toEqual(['first'])
  expect(streams).toEqual([fakeStream('s')])
})

test("negotiates the channel with WARP, and waits for the model's first event", async () => {
  const { begin, peer, asked, logged } = setUp({ isWarp: true })
  let isDone = false
  const attempt = begin().then((value) => {
    isDone = true
    return value
  })
  await settle()
  expect(peer(1).channel.options).toEqual({ negotiated: true, id: WARP_CHANNEL_ID })
  expect(asked[0]?.input).toMatchObject({ channelId: WARP_CHANNEL_ID })
  peer(1).channel.opens()
  await settle()
  expect(isDone).toBe(false)
  peer(1).channel.says('{"type":"session.created"}')
  expect(await attempt).toMatchObject({ ok: true, value: { callId: 'rtc_1' } })
  expect(logged).toEqual(['call.warpOffered'])
})

test('falls back from WARP for good when the model sends nothing', async () => {
  const { begin, peer, asked, logged } = setUp({ isWarp: true })
  const attempt = begin()
  await settle()
  peer(1).channel.opens()
  await vi.advanceTimersByTimeAsync(WARP_LIMIT_MS)
  expect(peer(1).isClosed).toBe(true)
  expect(asked.map(({ name }) => name)).toEqual(['calls.open', 'calls.hangUp', 'calls.open'])
  expect(peer(2).channel.options).toEqual({})
  peer(2).channel.opens()
  expect(await attempt).toMatchObject({ ok: true, value: { callId: 'rtc_2' } })
  const next = begin()
  await settle()
  expect(peer(3).channel.options).toEqual({})
  peer(3).channel.opens()
  await next
  expect(logged).toEqual(['call.warpOffered', 'call.warpRefused'])
})

test.each([
  ['a refusal', 'refused'],
  ['an answer without a channel', 'v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n'],
  ['an answer that is no SDP', `${ANSWER}broken`]
])('falls back from WARP at once after %s', async (_what, answer) => {
  const { begin, peer } = setUp({ isWarp: true, answers: [answer] })
  const attempt = begin()
  await settle()
  peer(2).channel.opens()
  expect(peer(2).channel.options).toEqual({})
  expect(await attempt).toMatchObject({ ok: true })
})

test('sends a prewarmed offer in the tick of the press', async () => {
  const { begin, prepare, peer, asked, opened } = setUp()
  await opened()
  await prepare()
  const attempt = begin()
  expect(asked.map(({ name }) => name)).toEqual(['calls.open', 'calls.open'])
  await settle()
  peer(2).channel.opens()
  expect(await attempt).toMatchObject({ ok: true, value: { callId: 'rtc_2' } })
  expect(peers).toHaveLength(2)
})

test('replaces a prewarmed offer without an ICE path, within the limit of one call', async () => {
  const { begin, prepare, peer, asked } = setUp()
  await prepare()
  const attempt = begin()
  await vi.advanceTimersByTimeAsync(PREWARMED_PATH_LIMIT_MS)
  expect(peer(1).isClosed).toBe(true)
  expect(asked.map(({ name }) => name)).toEqual(['calls.open', 'calls.hangUp', 'calls.open'])
  await vi.advanceTimersByTimeAsync(CONNECT_LIMIT_MS - PREWARMED_PATH_LIMIT_MS)
  expect(await attempt).toMatchObject({ ok: false, failure: { code: 'call_timeout' } })
  expect(peer(2).isClosed).toBe(true)
  expect(vi.getTimerCount()).toBe(0)
})

test('gives a prewarmed offer with an ICE path the whole limit', async () => {
  const { begin, prepare, peer } = setUp()
  await prepare()
  const attempt = begin()
  await settle()
  peer(1).iceConnectionState = 'connected'
  await vi.advanceTimersByTimeAsync(CONNECT_LIMIT_MS - 1)
  peer(1).channel.opens()
  expect(await attempt).toMatchObject({ ok: true })
  expect(peers).toHaveLength(1)
})

test('does not retry a refusal of a prewarmed offer', async () => {
  const { begin, prepare, peer } = setUp({ answers: ['refused'] })
  await prepare()
  expect(await begin()).toMatchObject({ ok: false, failure: { code: 'model_refused' } })
  expect(peer(1).isClosed).toBe(true)
  expect(peers).toHaveLength(1)
})

test('keeps WARP after an outdated offer', async () => {
  const { begin, prepare, peer, logged } = setUp({ isWarp: true })
  await prepare('warp')
  const attempt = begin()
  await vi.advanceTimersByTimeAsync(PREWARMED_PATH_LIMIT_MS)
  expect(peer(2).channel.options).toEqual({ negotiated: true, id: WARP_CHANNEL_ID })
  peer(2).channel.opens()
  peer(2).channel.says('{"type":"session.created"}')
  expect(await attempt).toMatchObject({ ok: true })
  expect(logged).toEqual(['call.warpOffered'])
})
