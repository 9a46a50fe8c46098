// A call that is kept open: opened again with growing patience, and never after it is not wanted.
import { describe, expect, test } from 'vitest'
import {
  type ConnectionStatus,
  createConnection
} from '../../../../src/renderer/call/connection.ts'
import { type Attempt, kioskFailure } from '../../../../src/renderer/call/failures.ts'
import {
  RECONNECT_DELAYS_MS,
  RECONNECT_JITTER,
  reconnectDelayMs
} from '../../../../src/renderer/call/reconnect.ts'
import type { Transport, TransportEvents } from '../../../../src/renderer/call/transport.ts'
import type { FailureCode } from '../../../../src/shared/failure.ts'

const settle = () => new Promise<void>((resolve) => setTimeout(resolve))

const setUp = () => {
  const attempts: {
    events: TransportEvents
    finish: (attempt: Attempt<Transport>) => void
  }[] = []
  const statuses: ConnectionStatus[] = []
  const scheduled: { run: () => void; ms: number }[] = []
  const hungUp: string[] = []
  const closed: string[] = []
  const connection = createConnection({
    open: (_microphone, events) =>
      new Promise((finish) => {
        attempts.push({ events, finish })
      }),
    microphone: () => null,
    schedule: (run, ms) => {
      const entry = { run, ms }
      scheduled.push(entry)
      return () => {
        const index = scheduled.indexOf(entry)
        if (index >= 0) scheduled.splice(index, 1)
      }
    },
    random: () => 0,
    onStatus: (status) => statuses.push(status),
    onMessage: () => {},
    onRemoteStream: () => {},
    hangUp: (callId) => hungUp.push(callId)
  })
  const opens = async (callId: string) => {
    attempts.at(-1)?.finish({
      ok: true,
      value: {
        callId,
        model: 'm',
        send: () => true,
        setMicrophone: async () => {},
        close: () => closed.push(callId)
      }
    })
    await settle()
  }
  const fails = async (code: FailureCode) => {
    attempts.at(-1)?.finish({ ok: false, failure: kioskFailure(code, code) })
    await settle()
  }
  return { connection, attempts, statuses, scheduled, hungUp, closed, opens, fails }
}

test('a call that drops is opened again after half a second', async () => {
  const { connection, attempts, statuses, scheduled, opens } = setUp()
  connection.start()
  await opens('rtc_1')
  expect(statuses.at(-1)).toEqual({ state: 'connected' })
  attempts[0]?.events.onLost(kioskFailure('call_dropped', 'gone'))
  expect(statuses.at(-1)).toMatchObject({ state: 'waiting', failure: { code: 'call_dropped' } })
  expect(scheduled.map(({ ms }) => ms)).toEqual([500])
  scheduled[0]?.run()
  expect(attempts).toHaveLength(2)
})

test('each failure in a row waits longer, and a success starts over', async () => {
  const { connection, scheduled, opens, fails, attempts } = setUp()
  connection.start()
  const waits: number[] = []
  for (let n = 0; n < 6; n += 1) {
    await fails('backend_unreachable')
    const next = scheduled.pop()
    waits.push(next?.ms ?? 0)
    next?.run()
  }
  expect(waits).toEqual([500, 1_000, 2_000, 5_000, 10_000, 10_000])
  await opens('rtc_1')
  attempts.at(-1)?.events.onLost(kioskFailure('call_dropped', 'gone'))
  expect(scheduled.at(-1)?.ms).toBe(500)
})

test('a failure that only a person can change is not tried again by itself', async () => {
  const { connection, statuses, scheduled, fails, attempts } = setUp()
  connection.start()
  await fails('voice_disabled')
  expect(statuses.at(-1)).toMatchObject({ state: 'blocked', failure: { code: 'voice_disabled' } })
  expect(scheduled).toEqual([])
  connection.retryNow()
  expect(attempts).toHaveLength(2)
})

test('a call that opens after it is not wanted any more is closed and hung up', async () => {
  const { connection, statuses, closed, hungUp, opens } = setUp()
  connection.start()
  connection.stop()
  await opens('rtc_late')
  expect(closed).toEqual(['rtc_late'])
  expect(hungUp).toEqual(['rtc_late'])
  expect(statuses.at(-1)).toEqual({ state: 'stopped' })
  expect(connection.transport()).toBeNull()
})

test('a renewal hangs the old call up and ignores what it still says', async () => {
  const { connection, attempts, statuses, hungUp, opens } = setUp()
  connection.start()
  await opens('rtc_1')
  connection.renew()
  expect(hungUp).toEqual(['rtc_1'])
  attempts[0]?.events.onLost(kioskFailure('call_dropped', 'gone'))
  await opens('rtc_2')
  expect(statuses.at(-1)).toEqual({ state: 'connected' })
  expect(connection.transport()?.callId).toBe('rtc_2')
})

test('a press in the middle of an attempt does not begin another', () => {
  const { connection, attempts } = setUp()
  connection.start()
  connection.retryNow()
  expect(attempts).toHaveLength(1)
})

describe('the wait', () => {
  test('is spread by the jitter and no more', () => {
    const failure = kioskFailure('call_dropped', '')
    expect(reconnectDelayMs(failure, 1, 0)).toBe(RECONNECT_DELAYS_MS[0])
    expect(reconnectDelayMs(failure, 1, 1)).toBe(RECONNECT_DELAYS_MS[0] * (1 + RECONNECT_JITTER))
  })
  test('is at least what the other side asked for', () => {
    const busy = { ...kioskFailure('model_busy', ''), retryAfterSeconds: 7 }
    expect(reconnectDelayMs(busy, 1, 0)).toBe(7_000)
  })
})
