// Prewarms peers on fake timers.
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import {
  createPrewarmedPeer,
  PREWARM_DELAY_MS,
  PREWARMED_MAX_AGE_MS
} from '../../../../src/renderer/call/prewarmed-peer.ts'
import type { OfferingPeer, PeerSetup } from '../../../../src/renderer/call/webrtc-peer.ts'
import { schedule } from '../../../../src/renderer/schedule.ts'

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
    schedule,
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

test('is ready after a delay, once for two keeps, and is taken once', async () => {
  const { ready, taken, made } = setUp()
  ready.keep()
  await pass(PREWARM_DELAY_MS - 1)
  expect(made()).toBe(0)
  await pass(1)
  ready.keep()
  await pass(PREWARM_DELAY_MS)
  expect(made()).toBe(1)
  expect(taken()).toBe('offer 1')
  expect(taken()).toBeNull()
  await pass(PREWARM_DELAY_MS)
  expect(taken()).toBe('offer 2')
})

test('closes and replaces a peer at its maximum age', async () => {
  const { ready, closed, taken } = setUp()
  ready.keep()
  await pass(PREWARM_DELAY_MS + 2 * PREWARMED_MAX_AGE_MS)
  expect(closed).toEqual(['offer 1', 'offer 2'])
  expect(taken()).toBe('offer 3')
})

test('drops the peer at a change of the network, and makes one after a burst', async () => {
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

test('closes a peer that is made after the drop', async () => {
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

test('leaves no peer and no timer after the drop', async () => {
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

test("closes a peer with another setup than the call's", async () => {
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

test('logs and retries a failure', async () => {
  const { ready, logged, taken, breaks } = setUp()
  breaks(true)
  ready.keep()
  await pass(PREWARM_DELAY_MS)
  expect(logged).toEqual(['call.peerPrewarmFailed'])
  breaks(false)
  await pass(60_000)
  expect(taken()).toBe('offer 2')
})
