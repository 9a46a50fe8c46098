// An answer that plays without a packet arriving is dead; nothing else is.
import { expect, test } from 'vitest'
import {
  createAnswerAudioWatchdog,
  isStalled,
  POLL_MS,
  STALL_LIMIT_MS
} from '../../../../src/renderer/call/answer-audio-watchdog.ts'

const settle = () => new Promise<void>((resolve) => setImmediate(resolve))

const setUp = () => {
  let nowMs = 0
  let packets: number | null = 100
  let dead = 0
  let looks = 0
  const timers: { run: () => void; dueMs: number }[] = []
  const liveness = createAnswerAudioWatchdog({
    packets: async () => {
      looks += 1
      return packets
    },
    now: () => nowMs,
    schedule: (run, ms) => {
      const timer = { run, dueMs: nowMs + ms }
      timers.push(timer)
      return () => {
        const index = timers.indexOf(timer)
        if (index >= 0) timers.splice(index, 1)
      }
    },
    onStalled: () => {
      dead += 1
    }
  })
  /** One second at a time; `grows` packets arrive in each. */
  const seconds = async (count: number, grows: number) => {
    for (let n = 0; n < count; n += 1) {
      await settle()
      nowMs += POLL_MS
      if (packets !== null) packets += grows
      for (const timer of timers.splice(0)) timer.run()
      await settle()
    }
  }
  return {
    liveness,
    seconds,
    timers,
    dead: () => dead,
    looks: () => looks,
    become: (count: number | null) => {
      packets = count
    }
  }
}

test('an answer whose packets arrive is alive for as long as it lasts', async () => {
  const world = setUp()
  world.liveness.playing(true)
  await world.seconds(60, 50)
  expect(world.dead()).toBe(0)
})

test('two seconds without a packet are enough, and it is said once', async () => {
  const world = setUp()
  world.liveness.playing(true)
  await world.seconds(3, 50)
  await world.seconds(1, 0)
  expect(world.dead()).toBe(0)
  await world.seconds(1, 0)
  expect(world.dead()).toBe(1)
  await world.seconds(5, 0)
  expect(world.dead()).toBe(1)
  expect(world.timers).toEqual([])
})

test('one second without a packet is a bad network', async () => {
  const world = setUp()
  world.liveness.playing(true)
  for (let n = 0; n < 10; n += 1) {
    await world.seconds(1, 0)
    await world.seconds(1, 1)
  }
  expect(world.dead()).toBe(0)
})

test('nothing is looked at while nothing plays', async () => {
  const world = setUp()
  await world.seconds(3, 0)
  world.liveness.playing(true)
  await settle()
  world.liveness.playing(false)
  const looks = world.looks()
  await world.seconds(5, 0)
  expect(world.looks()).toBe(looks)
  expect(world.timers).toEqual([])
  expect(world.dead()).toBe(0)
})

test('an answer that goes on on another call starts over, and without a call nothing is judged', async () => {
  const world = setUp()
  world.liveness.playing(true)
  await world.seconds(1, 0)
  world.become(3)
  await world.seconds(1, 0)
  expect(world.dead()).toBe(0)
  world.become(null)
  await world.seconds(5, 0)
  expect(world.dead()).toBe(0)
})

test('a look that ends after its answer has ended says nothing of the next one', async () => {
  const world = setUp()
  world.liveness.playing(true)
  world.liveness.playing(false)
  world.liveness.playing(true)
  await settle()
  expect(world.timers).toHaveLength(1)
})

test('stalls at the limit', () => {
  const progress = { packets: 7, sinceMs: 1_000 }
  expect(isStalled(progress, 1_000 + STALL_LIMIT_MS - 1)).toBe(false)
  expect(isStalled(progress, 1_000 + STALL_LIMIT_MS)).toBe(true)
})
