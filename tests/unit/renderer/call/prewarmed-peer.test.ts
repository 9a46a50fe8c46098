// The offer that is made before anybody presses: when it is there, how old it may be, and that it is used once.
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import {
  createPrewarmedPeer,
  PREWARM_DELAY_MS,
  PREWARMED_MAX_AGE_MS
} from '../../../../src/renderer/call/prewarmed-peer.ts'
import type { OfferingPeer, PeerSetup } from '../../../../src/renderer/call/webrtc-peer.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const setUp = () => {
  const closed: string[] = []
  const logged: string[] = []
  let made = 0
  let setup: PeerSetup = 'ordinary'
  let gate: Promise<void> = Promise.resolve()
  let isBroken = false
  const ready = createPrewarmedPeer({
    offer: async (asked) => {
      made += 1
      const offerSdp = `offer ${made}`
      await gate
      if (isBroken) throw new Error('no certificate')
      const connection = { close: () => closed.push(offerSdp) }
      return {
        connection,
        channel: { close: () => {} },
        setup: asked,
        offerSdp
      } as unknown as OfferingPeer
    },
    setup: async () => setup,
    schedule: (run, ms) => {
      const id = setTimeout(run, ms)
      return () => clearTimeout(id)
    },
    log: (event) => logged.push(event)
  })
  return {
    ready,
    closed,
    logged,
    made: () => made,
    taken: () => ready.take('ordinary')?.offerSdp ?? null,
    goes: (next: PeerSetup) => {
      setup = next
    },
    waitsFor: (next: Promise<void>) => {
      gate = next
    },
    breaks: (next: boolean) => {
      isBroken = next
    }
  }
}
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms)

test('one is ready a while after it is wanted, and is given once', async () => {
  const { ready, taken, made } = setUp()
  ready.keep()
  await pass(PREWARM_DELAY_MS - 1)
  expect(made()).toBe(0)
  await pass(1)
  expect(taken()).toBe('offer 1')
  expect(taken()).toBeNull()
  await pass(PREWARM_DELAY_MS)
  expect(taken()).toBe('offer 2')
})

test('keeping it twice makes no second one', async () => {
  const { ready, made } = setUp()
  ready.keep()
  await pass(PREWARM_DELAY_MS)
  ready.keep()
  await pass(PREWARM_DELAY_MS)
  expect(made()).toBe(1)
})

test('one that waited too long is closed and replaced, again and again', async () => {
  const { ready, closed, taken } = setUp()
  ready.keep()
  await pass(PREWARM_DELAY_MS + 2 * PREWARMED_MAX_AGE_MS)
  expect(closed).toEqual(['offer 1', 'offer 2'])
  expect(taken()).toBe('offer 3')
})

test('a change of network takes away what is ready, and a burst of changes makes one anew', async () => {
  const { ready, closed, made, taken } = setUp()
  ready.keep()
  await pass(PREWARM_DELAY_MS)
  ready.networkChanged()
  expect(closed).toEqual(['offer 1'])
  expect(taken()).toBeNull()
  ready.networkChanged()
  await pass(PREWARM_DELAY_MS - 1)
  ready.networkChanged()
  await pass(PREWARM_DELAY_MS)
  expect(made()).toBe(2)
})

test('what is still being made when the network changes or nobody wants it any more is closed', async () => {
  const { ready, closed, waitsFor, taken } = setUp()
  const { promise, resolve } = Promise.withResolvers<void>()
  waitsFor(promise)
  ready.keep()
  await pass(PREWARM_DELAY_MS)
  ready.drop()
  resolve()
  await pass(0)
  expect(closed).toEqual(['offer 1'])
  expect(taken()).toBeNull()
  expect(vi.getTimerCount()).toBe(0)
})

test('dropped, it leaves neither a peer nor a timer, and a change of network makes none', async () => {
  const { ready, closed, made } = setUp()
  ready.keep()
  await pass(PREWARM_DELAY_MS)
  ready.drop()
  expect(closed).toEqual(['offer 1'])
  ready.networkChanged()
  expect(vi.getTimerCount()).toBe(0)
  await pass(2 * PREWARMED_MAX_AGE_MS)
  expect(made()).toBe(1)
})

test('one that goes another way than the call is closed', async () => {
  const { ready, closed, taken, goes } = setUp()
  goes('warp')
  ready.keep()
  await pass(PREWARM_DELAY_MS)
  expect(taken()).toBeNull()
  expect(closed).toEqual(['offer 1'])
  goes('ordinary')
  await pass(PREWARM_DELAY_MS)
  expect(taken()).toBe('offer 2')
})

test('a failure to make one is logged and tried again', async () => {
  const { ready, logged, taken, breaks } = setUp()
  breaks(true)
  ready.keep()
  await pass(PREWARM_DELAY_MS)
  expect(logged).toEqual(['call.peerPrewarmFailed'])
  breaks(false)
  await pass(60_000)
  expect(taken()).toBe('offer 2')
})
