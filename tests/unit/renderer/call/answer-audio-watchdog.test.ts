// Reports stalled answers on a manual clock.
import { expect, test } from 'vitest'
import {
  createAnswerAudioWatchdog,
  POLL_MS
} from '../../../../src/renderer/call/answer-audio-watchdog.ts'
import { createFakeClock, settle } from '../../main/fake-clock.ts'

const setUp = () => {
  const clock = createFakeClock(0)
  let packets: number | null = 100
  let stalled = 0
  let polls = 0
  const watchdog = createAnswerAudioWatchdog({
    packets: async () => {
      polls += 1
      return packets
    },
    now: clock.nowMs,
    schedule: (run, ms) => clock.after(ms, run),
    onStalled: () => {
      stalled += 1
    }
  })
  /** One second at a time; `grows` packets arrive in each. */
  const seconds = async (count: number, grows: number) => {
    for (let n = 0; n < count; n += 1) {
      await settle()
      if (packets !== null) packets += grows
      await clock.advance(POLL_MS)
    }
  }
  return {
    watchdog,
    seconds,
    timers: clock.pending,
    stalled: () => stalled,
    polls: () => polls,
    setPackets: (count: number | null) => {
      packets = count
    }
  }
}

test('reports once after two seconds without a packet', async () => {
  const answer = setUp()
  answer.watchdog.playing(true)
  await answer.seconds(60, 50)
  await answer.seconds(1, 0)
  expect(answer.stalled()).toBe(0)
  await answer.seconds(1, 0)
  expect(answer.stalled()).toBe(1)
  await answer.seconds(5, 0)
  expect(answer.stalled()).toBe(1)
  expect(answer.timers()).toBe(0)
})

test('reports nothing after one second without a packet', async () => {
  const answer = setUp()
  answer.watchdog.playing(true)
  for (let n = 0; n < 10; n += 1) {
    await answer.seconds(1, 0)
    await answer.seconds(1, 1)
  }
  expect(answer.stalled()).toBe(0)
})

test('polls only while an answer plays', async () => {
  const answer = setUp()
  await answer.seconds(3, 0)
  answer.watchdog.playing(true)
  await settle()
  answer.watchdog.playing(false)
  const polls = answer.polls()
  await answer.seconds(5, 0)
  expect(answer.polls()).toBe(polls)
  expect(answer.timers()).toBe(0)
  expect(answer.stalled()).toBe(0)
})

test('starts over on another call, and reports nothing without one', async () => {
  const answer = setUp()
  answer.watchdog.playing(true)
  await answer.seconds(1, 0)
  answer.setPackets(3)
  await answer.seconds(1, 0)
  expect(answer.stalled()).toBe(0)
  answer.setPackets(null)
  await answer.seconds(5, 0)
  expect(answer.stalled()).toBe(0)
})

test('ignores a poll of the last answer', async () => {
  const answer = setUp()
  answer.watchdog.playing(true)
  answer.watchdog.playing(false)
  answer.watchdog.playing(true)
  await settle()
  expect(answer.timers()).toBe(1)
})
