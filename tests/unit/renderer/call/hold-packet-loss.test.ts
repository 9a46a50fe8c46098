// Detects packet loss in holds.
import { describe, expect, test } from 'vitest'
import {
  isLossTooHigh,
  POLL_MS,
  type SentAudio,
  watchHoldLoss
} from '../../../../src/renderer/call/hold-packet-loss.ts'

const sent = (packetsSent: number, packetsLost: number, reportAtMs: number | null): SentAudio => ({
  packetsSent,
  packetsLost,
  reportAtMs
})

describe('the loss limit', () => {
  const lostOf50 = (lost: number) => isLossTooHigh(sent(100, 7, 1), sent(150, 7 + lost, 2))

  test('allows a tenth of the packets', () => {
    expect(lostOf50(0)).toBe(false)
    expect(lostOf50(5)).toBe(false)
    expect(lostOf50(12)).toBe(false)
  })

  test('is exceeded by a syllable in a second', () => {
    expect(lostOf50(13)).toBe(true)
    expect(lostOf50(50)).toBe(true)
  })

  test('is not exceeded by few packets, or by many over a long time', () => {
    expect(isLossTooHigh(sent(0, 0, null), sent(12, 9, 1))).toBe(false)
    expect(isLossTooHigh(sent(0, 0, null), sent(250, 25, 1))).toBe(false)
  })
})

/** Polls these reports in turn, in a hold that ends after the last one. */
const watch = async (...says: (SentAudio | null)[]) => {
  const polls = [...says]
  const waits: number[] = []
  const lost: unknown[] = []
  await watchHoldLoss(
    {
      sent: async () => polls.shift() ?? null,
      isUnderWay: () => true,
      schedule: (run, ms) => {
        waits.push(ms)
        run()
        return () => {}
      }
    },
    (what) => lost.push(what)
  )
  return { lost, waits, left: polls.length }
}

describe('a hold', () => {
  test('without loss is polled four times a second', async () => {
    const { lost, waits } = await watch(sent(0, 0, null), sent(12, 0, null), sent(25, 1, 900), null)
    expect(lost).toEqual([])
    expect(waits).toEqual([POLL_MS, POLL_MS, POLL_MS])
  })

  test('with too much loss is reported once', async () => {
    const { lost, left } = await watch(
      sent(100, 3, 500),
      sent(112, 3, 500),
      sent(150, 33, 1_600),
      sent(160, 63, 2_600)
    )
    expect(lost).toEqual([{ packets: 30, sent: 50 }])
    expect(left).toBe(1)
  })

  test('does not count the loss of the hold before', async () => {
    const { lost } = await watch(sent(500, 120, 500), sent(512, 120, 500), sent(550, 121, 1_600))
    expect(lost).toEqual([])
  })

  test('over a WebSocket is polled once', async () => {
    expect(await watch(null, sent(0, 0, null))).toEqual({ lost: [], waits: [], left: 1 })
  })

  test('is not reported after its end', async () => {
    let isOver = false
    const lost: unknown[] = []
    let polls = 0
    await watchHoldLoss(
      {
        sent: async () => {
          polls += 1
          isOver = polls === 2
          return sent(polls * 50, polls * 40, polls)
        },
        isUnderWay: () => !isOver,
        schedule: (run) => {
          run()
          return () => {}
        }
      },
      (what) => lost.push(what)
    )
    expect(polls).toBe(2)
    expect(lost).toEqual([])
  })
})
