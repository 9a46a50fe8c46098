// How much of a hold may get lost on its way, and when anybody knows.
import { describe, expect, test } from 'vitest'
import {
  isLossTooHigh,
  POLL_MS,
  type SentAudio,
  sinceReport,
  watchHoldLoss
} from '../../../../src/renderer/call/hold-packet-loss.ts'

const sent = (packetsSent: number, packetsLost: number, reportAtMs: number | null): SentAudio => ({
  packetsSent,
  packetsLost,
  reportAtMs
})

describe('what concealment can bear', () => {
  const lostOf50 = (lost: number) => isLossTooHigh(sent(100, 7, 1), sent(150, 7 + lost, 2))

  test('is a packet in ten, here and there', () => {
    expect(lostOf50(0)).toBe(false)
    expect(lostOf50(5)).toBe(false)
    expect(lostOf50(12)).toBe(false)
  })

  test('is not a syllable out of a second', () => {
    expect(lostOf50(13)).toBe(true)
    expect(lostOf50(50)).toBe(true)
  })

  test('is not told from a few packets, nor from as many in a long time', () => {
    expect(isLossTooHigh(sent(0, 0, null), sent(12, 9, 1))).toBe(false)
    expect(isLossTooHigh(sent(0, 0, null), sent(250, 25, 1))).toBe(false)
  })
})

test('looks are compared with the one at which the last report was first seen', () => {
  const first = sent(10, 0, null)
  const again = sent(20, 0, null)
  const reported = sent(30, 4, 1_000)
  expect(sinceReport(null, first)).toBe(first)
  expect(sinceReport(first, again)).toBe(first)
  expect(sinceReport(first, reported)).toBe(reported)
})

/** Looks at a call whose far end says this, look by look, in a hold that is over after the last one. */
const watch = async (...says: (SentAudio | null)[]) => {
  const looks = [...says]
  const waits: number[] = []
  const lost: unknown[] = []
  await watchHoldLoss(
    {
      sent: async () => looks.shift() ?? null,
      isUnderWay: () => true,
      schedule: (run, ms) => {
        waits.push(ms)
        run()
        return () => {}
      }
    },
    (what) => lost.push(what)
  )
  return { lost, waits, left: looks.length }
}

describe('a hold', () => {
  test('that arrives is looked at four times a second, and nothing is said', async () => {
    const { lost, waits } = await watch(sent(0, 0, null), sent(12, 0, null), sent(25, 1, 900), null)
    expect(lost).toEqual([])
    expect(waits).toEqual([POLL_MS, POLL_MS, POLL_MS])
  })

  test('of which too much is lost is said to be, once', async () => {
    const { lost, left } = await watch(
      sent(100, 3, 500),
      sent(112, 3, 500),
      sent(150, 33, 1_600),
      sent(160, 63, 2_600)
    )
    expect(lost).toEqual([{ packets: 30, sent: 50 }])
    expect(left).toBe(1)
  })

  test('is judged by what is lost of it, and not of the one before', async () => {
    const { lost } = await watch(sent(500, 120, 500), sent(512, 120, 500), sent(550, 121, 1_600))
    expect(lost).toEqual([])
  })

  test('that cannot lose anything is looked at once', async () => {
    expect(await watch(null, sent(0, 0, null))).toEqual({ lost: [], waits: [], left: 1 })
  })

  test('that is over while it is looked at is not made good any more', async () => {
    let isOver = false
    const lost: unknown[] = []
    let looks = 0
    await watchHoldLoss(
      {
        sent: async () => {
          looks += 1
          isOver = looks === 2
          return sent(looks * 50, looks * 40, looks)
        },
        isUnderWay: () => !isOver,
        schedule: (run) => {
          run()
          return () => {}
        }
      },
      (what) => lost.push(what)
    )
    expect(looks).toBe(2)
    expect(lost).toEqual([])
  })
})
