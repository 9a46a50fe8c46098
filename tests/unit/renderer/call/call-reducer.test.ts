// The reducer of the calls on a manual clock.
import { describe, expect, test } from 'vitest'
import type { CallEvent } from '../../../../src/renderer/call/call-reducer.ts'
import {
  PROBE_DELAYS_MS,
  STANDBY_DELAY_MS,
  STANDBY_RETRY_DELAYS_MS,
  TOUCH_FRESH_MS,
  WEBSOCKET_PREFERRED_MS
} from '../../../../src/renderer/call/call-timing.ts'
import { kioskFailure } from '../../../../src/renderer/call/failures.ts'
import {
  connectedHarness,
  createCallHarness,
  harnessWithStandby,
  startedHarness
} from './call-harness.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const [FIRST_PROBE_MS, SECOND_PROBE_MS, LAST_PROBE_MS] = PROBE_DELAYS_MS

const open = (id: number, path: 'webrtc' | 'websocket', microphone: 'on' | 'off') => ({
  type: 'open',
  id,
  path,
  microphone
})
const use = (id: number, replay: boolean) => ({ type: 'use', id, replay })
const close = (id: number) => ({ type: 'close', id })
const LOST = { type: 'lost' }

describe('waking and falling asleep', () => {
  test('opens a call at the first start', () => {
    const calls = createCallHarness()
    expect(calls.status()).toEqual({ state: 'stopped' })
    expect(calls.happen({ type: 'start' })).toEqual([open(1, 'webrtc', 'on')])
    expect(calls.status()).toEqual({ state: 'connecting', failure: null })
    expect(calls.opens(1)).toEqual([use(1, false)])
    expect(calls.status()).toEqual({ state: 'connected', path: 'webrtc', hasStandby: false })
  })

  test('waits for a touch after a later start, and opens at once just after one', () => {
    const calls = startedHarness()
    calls.happen({ type: 'stop' })
    expect(calls.happen({ type: 'start' })).toEqual([])
    expect(calls.status()).toEqual({ state: 'asleep' })
    expect(calls.happen({ type: 'wake' })).toEqual([open(2, 'webrtc', 'on')])
    calls.happen({ type: 'stop' })
    calls.happen({ type: 'wake' })
    calls.pass(TOUCH_FRESH_MS)
    expect(calls.happen({ type: 'start' })).toEqual([open(3, 'webrtc', 'on')])
  })

  test('closes both calls after the idle time, and opens one without history at a touch', () => {
    const calls = harnessWithStandby({ idleMinutes: 15 })
    calls.pass(15 * MINUTE_MS - 3_001)
    expect(calls.effects()).toEqual([])
    calls.pass(1)
    expect(calls.effects()).toEqual([LOST, close(1), close(2)])
    expect(calls.status()).toEqual({ state: 'asleep' })
    expect(calls.checkAtMs()).toBeNull()
    expect(calls.happen({ type: 'wake' })).toEqual([open(3, 'webrtc', 'on')])
    expect(calls.opens(3)).toEqual([use(3, false)])
  })

  test('restarts the idle time at the end of a turn', () => {
    const calls = harnessWithStandby({ idleMinutes: 15 })
    calls.pass(10 * MINUTE_MS)
    calls.turn(true)
    calls.pass(20 * MINUTE_MS)
    calls.turn(false)
    expect(calls.status()).toMatchObject({ state: 'connected' })
    calls.pass(15 * MINUTE_MS - 1)
    expect(calls.status()).toMatchObject({ state: 'connected' })
    calls.pass(1)
    expect(calls.status()).toEqual({ state: 'asleep' })
  })

  test('keeps the call without an idle time', () => {
    const calls = harnessWithStandby({ idleMinutes: 0, limits: { rotateAfterMs: 3_500_000 } })
    calls.pass(55 * MINUTE_MS)
    expect(calls.status()).toMatchObject({ state: 'connected' })
  })

  test('keeps the call through the opening hours and closes it after them', () => {
    const calls = harnessWithStandby({
      openingHours: { from: '11:00', to: '12:30' },
      minute: 12 * 60,
      idleMinutes: 5
    })
    calls.pass(29 * MINUTE_MS)
    expect(calls.status()).toMatchObject({ state: 'connected' })
    calls.pass(2 * MINUTE_MS)
    expect(calls.status()).toEqual({ state: 'asleep' })
  })

  test('opens a call within a minute of opening time', () => {
    const calls = startedHarness({
      openingHours: { from: '11:00', to: '23:00' },
      minute: 10 * 60
    })
    calls.happen({ type: 'stop' })
    calls.happen({ type: 'start' })
    expect(calls.status()).toEqual({ state: 'asleep' })
    calls.effects()
    calls.pass(59 * MINUTE_MS)
    expect(calls.effects()).toEqual([])
    calls.pass(2 * MINUTE_MS)
    expect(calls.effects()).toEqual([open(2, 'webrtc', 'on')])
  })
})

describe('the transport', () => {
  test('falls back to the WebSocket in the same attempt, and remembers the network', () => {
    const calls = startedHarness()
    expect(calls.fails(1, 'call_timeout')).toEqual([open(2, 'websocket', 'on')])
    expect(calls.status()).toEqual({ state: 'connecting', failure: null })
    calls.opens(2)
    expect(calls.status()).toMatchObject({ state: 'connected', path: 'websocket' })
    calls.effects()
    calls.pass(STANDBY_DELAY_MS)
    expect(calls.effects()).toEqual([open(3, 'websocket', 'off')])
    calls.fails(3, 'model_busy')
    expect(calls.loses(2)).toEqual([LOST, close(2), open(4, 'websocket', 'on')])
  })

  test('shows the failure of the WebSocket, and tries WebRTC first again', () => {
    const calls = startedHarness()
    calls.fails(1, 'call_timeout')
    calls.fails(2, 'model_unreachable')
    expect(calls.status()).toMatchObject({
      state: 'waiting',
      failure: { code: 'model_unreachable' }
    })
    calls.effects()
    calls.pass(500)
    expect(calls.effects()).toEqual([open(3, 'webrtc', 'on')])
  })

  const onRelay = (limits = {}) => {
    const calls = startedHarness({ idleMinutes: 0, limits })
    calls.fails(1, 'call_timeout')
    calls.opens(2)
    return calls
  }

  test('probes WebRTC beside the WebSocket, and uses it in the next gap', () => {
    const calls = onRelay()
    calls.pass(STANDBY_DELAY_MS)
    calls.opens(3)
    calls.effects()
    calls.pass(FIRST_PROBE_MS - STANDBY_DELAY_MS - 1)
    expect(calls.effects()).toEqual([])
    calls.pass(1)
    expect(calls.effects()).toEqual([close(3), open(4, 'webrtc', 'off')])
    expect(calls.opens(4)).toEqual([LOST, use(4, true), close(2)])
    expect(calls.status()).toMatchObject({ state: 'connected', path: 'webrtc' })
  })

  test('does not change the transport during a turn', () => {
    const calls = onRelay()
    calls.pass(FIRST_PROBE_MS - 1)
    calls.fails(3, 'model_busy')
    calls.pass(MINUTE_MS)
    calls.turn(true)
    expect(calls.opens(calls.last('off'))).toEqual([])
    calls.effects()
    calls.turn(false)
    calls.pass(5_000)
    expect(calls.effects()).toContainEqual(LOST)
    expect(calls.status()).toMatchObject({ path: 'webrtc' })
  })

  test('probes later after each timeout, with a WebSocket as the standby', () => {
    const calls = onRelay()
    calls.pass(STANDBY_DELAY_MS)
    calls.opens(3)
    calls.pass(FIRST_PROBE_MS - STANDBY_DELAY_MS)
    let probe = calls.last('off')
    for (const pauseMs of [SECOND_PROBE_MS, LAST_PROBE_MS, LAST_PROBE_MS]) {
      expect(calls.fails(probe, 'call_timeout')).toEqual([open(probe + 1, 'websocket', 'off')])
      calls.opens(probe + 1)
      expect(calls.status()).toEqual({ state: 'connected', path: 'websocket', hasStandby: true })
      calls.effects()
      calls.pass(pauseMs - 1)
      expect(calls.effects()).toEqual([])
      calls.pass(1)
      expect(calls.effects()).toEqual([close(probe + 1), open(probe + 2, 'webrtc', 'off')])
      probe += 2
    }
  })

  test('resets the count of timeouts when WebRTC opens', () => {
    const calls = onRelay()
    calls.pass(FIRST_PROBE_MS)
    calls.fails(3, 'model_busy')
    calls.pass(STANDBY_RETRY_DELAYS_MS[0])
    calls.fails(calls.last('off'), 'call_timeout')
    expect(calls.state().webRtcTimeoutsInARow).toBe(2)
    calls.opens(calls.last('off'))
    calls.pass(SECOND_PROBE_MS)
    calls.opens(calls.last('off'))
    expect(calls.status()).toMatchObject({ path: 'webrtc' })
    expect(calls.state().webRtcTimeoutsInARow).toBe(0)
  })

  test('prefers the WebSocket for a press within ten minutes', () => {
    const calls = startedHarness({
      idleMinutes: 1,
      limits: { standby: false, idleGapMs: HOUR_MS }
    })
    calls.fails(1, 'call_timeout')
    calls.opens(2)
    calls.pass(FIRST_PROBE_MS)
    calls.fails(calls.last('off'), 'call_timeout')
    calls.pass(MINUTE_MS)
    expect(calls.status()).toEqual({ state: 'asleep' })
    calls.pass(WEBSOCKET_PREFERRED_MS - 2 * MINUTE_MS)
    const press = calls.happen({ type: 'wake' })
    expect(press).toEqual([open(calls.last('on'), 'websocket', 'on')])
  })

  test('never probes when the limits ask for the WebSocket', () => {
    const calls = createCallHarness({ idleMinutes: 0, limits: { path: 'websocket' } })
    expect(calls.happen({ type: 'start' })).toEqual([open(1, 'websocket', 'on')])
    calls.opens(1)
    calls.pass(STANDBY_DELAY_MS)
    calls.opens(2)
    calls.effects()
    calls.pass(2 * WEBSOCKET_PREFERRED_MS)
    expect(calls.effects()).toEqual([])
  })

  test('fails with a timeout when the limits ask for WebRTC', () => {
    const calls = startedHarness({ limits: { path: 'webrtc' } })
    expect(calls.fails(1, 'call_timeout')).toEqual([])
    expect(calls.status()).toMatchObject({ state: 'waiting', failure: { code: 'call_timeout' } })
  })

  test('ends a failed probe when the limits allow no standby', () => {
    const calls = onRelay({ standby: false })
    calls.pass(FIRST_PROBE_MS)
    expect(calls.last('off')).toBe(3)
    expect(calls.fails(3, 'call_timeout')).toEqual([])
    expect(calls.status()).toEqual({ state: 'connected', path: 'websocket', hasStandby: false })
  })
})

describe('the standby call', () => {
  test('opens without a microphone, after a delay', () => {
    const calls = connectedHarness()
    calls.pass(STANDBY_DELAY_MS - 1)
    expect(calls.effects()).toEqual([])
    calls.pass(1)
    expect(calls.effects()).toEqual([open(2, 'webrtc', 'off')])
    expect(calls.opens(2)).toEqual([])
    expect(calls.status()).toMatchObject({ state: 'connected', hasStandby: true })
  })

  test('does not open during a turn', () => {
    const calls = startedHarness()
    calls.opens(1)
    calls.turn(true)
    calls.effects()
    calls.pass(MINUTE_MS)
    expect(calls.effects()).toEqual([])
    expect(calls.turn(false)).toEqual([open(2, 'webrtc', 'off')])
  })

  test('fails without a change of status, and is retried after growing delays', () => {
    const calls = startedHarness({ idleMinutes: 0 })
    calls.opens(1)
    calls.pass(STANDBY_DELAY_MS)
    const waits: number[] = []
    for (let n = 0; n < 5; n += 1) {
      const id = calls.state().lastId
      const failedAtMs = calls.nowMs()
      calls.fails(id, 'voice_disabled')
      expect(calls.status()).toEqual({ state: 'connected', path: 'webrtc', hasStandby: false })
      while (calls.state().lastId === id) calls.pass(100)
      waits.push(calls.nowMs() - failedAtMs)
    }
    expect(waits).toEqual([...STANDBY_RETRY_DELAYS_MS, STANDBY_RETRY_DELAYS_MS.at(-1)])
  })

  test.each<CallEvent>([
    { type: 'lost', id: 1, failure: kioskFailure('call_dropped', '') },
    { type: 'replace', failure: kioskFailure('call_dropped', '') }
  ])('takes over in the tick of a loss or a replacement, and another one opens', (event) => {
    const calls = harnessWithStandby()
    expect(calls.happen(event)).toEqual([LOST, use(2, true), close(1)])
    expect(calls.status()).toEqual({ state: 'connected', path: 'webrtc', hasStandby: false })
    calls.effects()
    calls.pass(STANDBY_DELAY_MS)
    expect(calls.effects()).toEqual([open(3, 'webrtc', 'off')])
  })

  test('is lost without a failure on the screen', () => {
    const calls = harnessWithStandby()
    expect(calls.loses(2)).toEqual([close(2)])
    expect(calls.status()).toEqual({ state: 'connected', path: 'webrtc', hasStandby: false })
  })

  test('takes over from a lost call only once it is connected again', () => {
    const calls = harnessWithStandby()
    calls.happen({ type: 'disconnected_changed', id: 2, isDisconnected: true })
    expect(calls.loses(1)).toEqual([LOST, close(1), open(3, 'webrtc', 'on')])
    expect(calls.happen({ type: 'disconnected_changed', id: 2, isDisconnected: false })).toEqual([
      close(3),
      use(2, true)
    ])
  })

  test('is used once it opens, when the call in use is lost before', () => {
    const calls = startedHarness()
    calls.opens(1)
    calls.pass(STANDBY_DELAY_MS)
    expect(calls.loses(1)).toEqual([LOST, close(1)])
    expect(calls.status()).toMatchObject({ state: 'connecting' })
    expect(calls.opens(2)).toEqual([use(2, true)])
  })
})

describe('a lost call without a standby', () => {
  const alone = () => connectedHarness({ limits: { standby: false } })

  test('is retried after growing delays, which a success resets', () => {
    const calls = alone()
    calls.loses(1)
    const waits: number[] = []
    for (let n = 0; n < 6; n += 1) {
      const failedAtMs = calls.nowMs()
      calls.fails(calls.state().lastId, 'backend_unreachable')
      expect(calls.status()).toMatchObject({ state: 'waiting' })
      while (calls.status().state === 'waiting') calls.pass(100)
      waits.push(calls.nowMs() - failedAtMs)
    }
    expect(waits).toEqual([500, 1_000, 2_000, 5_000, 10_000, 10_000])
    calls.opens(calls.state().lastId)
    calls.pass(MINUTE_MS)
    calls.effects()
    expect(calls.loses(calls.state().lastId).at(-1)).toMatchObject({ type: 'open' })
  })

  test('is delayed when every call is lost at once', () => {
    const calls = alone()
    const opened: number[] = []
    for (let n = 0; n < 4; n += 1) {
      calls.loses(calls.state().lastId)
      while (calls.status().state === 'waiting') calls.pass(100)
      opened.push(calls.nowMs())
      calls.opens(calls.state().lastId)
    }
    expect(opened).toEqual([0, 500, 1_500, 3_500])
  })
})

describe('a failure', () => {
  test('that needs a person is retried on request only', () => {
    const calls = startedHarness()
    calls.fails(1, 'voice_disabled')
    expect(calls.status()).toMatchObject({ state: 'blocked', failure: { code: 'voice_disabled' } })
    calls.effects()
    calls.pass(HOUR_MS)
    expect(calls.happen({ type: 'wake' })).toEqual([])
    expect(calls.effects()).toEqual([])
    expect(calls.happen({ type: 'retry_now' })).toEqual([open(2, 'webrtc', 'on')])
  })

  test('is retried sooner after a touch', () => {
    const calls = startedHarness()
    for (let n = 0; n < 5; n += 1) {
      calls.fails(calls.state().lastId, 'backend_unreachable')
      if (n < 4) calls.happen({ type: 'retry_now' })
    }
    calls.effects()
    calls.happen({ type: 'wake' })
    expect(calls.effects()).toEqual([])
    calls.pass(1_000)
    expect(calls.effects()).toEqual([open(6, 'webrtc', 'on')])
  })

  test('is not retried before its Retry-After', () => {
    const calls = startedHarness()
    calls.fails(1, 'model_busy', 7)
    calls.effects()
    calls.happen({ type: 'wake' })
    calls.pass(6_999)
    expect(calls.effects()).toEqual([])
    calls.pass(1)
    expect(calls.effects()).toHaveLength(1)
  })
})

describe('rotation', () => {
  const limits = { rotateAfterMs: 50 * MINUTE_MS, rotateByMs: 58 * MINUTE_MS, idleGapMs: 5_000 }

  test('replaces an old call in a gap with a young standby', () => {
    const calls = harnessWithStandby({ idleMinutes: 0, limits })
    calls.pass(50 * MINUTE_MS - 3_000)
    // The standby is three seconds younger: still good enough.
    expect(calls.effects()).toEqual([LOST, use(2, true), close(1)])
    calls.pass(3_000)
    calls.opens(calls.last('off'))
    expect(calls.effects().map(({ type }) => type)).toContain('use')
    expect(calls.status()).toMatchObject({ state: 'connected' })
  })

  test('waits for a gap between questions until the hard limit', () => {
    const calls = harnessWithStandby({ idleMinutes: 0, limits })
    calls.loses(2)
    calls.pass(45 * MINUTE_MS)
    // Questions without a gap between them.
    const rush = (untilMs: number) => {
      while (calls.nowMs() < untilMs) {
        calls.turn(true)
        calls.pass(10_000)
        calls.turn(false)
        calls.pass(1_000)
      }
    }
    calls.opens(calls.last('off'))
    calls.effects()
    rush(57 * MINUTE_MS)
    expect(calls.effects().filter(({ type }) => type === 'use')).toEqual([])
    rush(59 * MINUTE_MS)
    expect(calls.effects().filter(({ type }) => type === 'use')).toHaveLength(1)
  })

  test('replaces a stale standby before it takes over', () => {
    const calls = harnessWithStandby({ idleMinutes: 0, limits })
    calls.turn(true)
    calls.pass(51 * MINUTE_MS)
    expect(calls.effects()).toEqual([])
    expect(calls.turn(false)).toEqual([close(2), open(3, 'webrtc', 'off')])
    expect(calls.opens(3)).toEqual([])
    calls.effects()
    calls.pass(5_000)
    expect(calls.effects()).toContainEqual(LOST)
    expect(calls.state().primary?.id).toBe(3)
  })

  test('replaces a stale standby even past the hard limit', () => {
    const calls = harnessWithStandby({
      idleMinutes: 0,
      limits: { ...limits, useLimitMs: 3_600_000 }
    })
    calls.turn(true)
    calls.pass(59 * MINUTE_MS)
    expect(calls.turn(false)).toEqual([close(2), open(3, 'webrtc', 'off')])
    expect(calls.opens(3)).toEqual([LOST, use(3, true), close(1)])
  })

  test('waits until a disconnected standby is connected again', () => {
    const calls = harnessWithStandby({ idleMinutes: 0, limits: { ...limits, useLimitMs: 1_000 } })
    calls.happen({ type: 'disconnected_changed', id: 2, isDisconnected: true })
    calls.turn(true)
    calls.pass(1_000)
    calls.turn(false)
    calls.pass(MINUTE_MS)
    expect(calls.effects()).toEqual([])
    expect(calls.happen({ type: 'disconnected_changed', id: 2, isDisconnected: false })).toEqual([
      LOST,
      use(2, false),
      close(1)
    ])
  })

  test('opens a second call first when the limits allow no standby', () => {
    const calls = connectedHarness({ idleMinutes: 0, limits: { ...limits, standby: false } })
    calls.pass(50 * MINUTE_MS)
    expect(calls.effects()).toEqual([open(2, 'webrtc', 'off')])
    expect(calls.opens(2)).toEqual([LOST, use(2, true), close(1)])
    calls.effects()
    calls.pass(10 * MINUTE_MS)
    expect(calls.effects()).toEqual([])
  })
})

describe('the use limit', () => {
  test('counts time in turns, and the next call starts without history', () => {
    const calls = harnessWithStandby({ idleMinutes: 0, limits: { useLimitMs: 60_000 } })
    for (let n = 0; n < 3; n += 1) {
      calls.pass(5 * MINUTE_MS)
      calls.turn(true)
      calls.pass(19_000)
      calls.turn(false)
    }
    calls.pass(5 * MINUTE_MS)
    expect(calls.effects()).toEqual([])
    calls.turn(true)
    calls.pass(3_000)
    calls.turn(false)
    expect(calls.effects()).toEqual([])
    calls.pass(5_000)
    expect(calls.effects()).toEqual([LOST, use(2, false), close(1)])
  })

  test('counts from the takeover during a turn', () => {
    const calls = harnessWithStandby({ idleMinutes: 0, limits: { useLimitMs: 60_000 } })
    calls.turn(true)
    calls.pass(59_000)
    calls.loses(1)
    calls.pass(2_000)
    calls.turn(false)
    expect(calls.state().usedMs).toBe(2_000)
  })
})

test('closes every call when all are lost, and opens one with the history', () => {
  const calls = harnessWithStandby()
  const failure = kioskFailure('call_dropped', '')
  expect(calls.happen({ type: 'all_lost', failure })).toEqual([
    close(2),
    LOST,
    close(1),
    open(3, 'webrtc', 'on')
  ])
  expect(calls.status()).toEqual({ state: 'connecting', failure })
  expect(calls.opens(3)).toEqual([use(3, true)])
})

test('closes every call at a renewal and opens one without history', () => {
  const calls = harnessWithStandby()
  expect(calls.happen({ type: 'renew' })).toEqual([
    LOST,
    close(1),
    close(2),
    open(3, 'webrtc', 'on')
  ])
  calls.fails(3, 'backend_unreachable')
  calls.pass(500)
  expect(calls.opens(4)).toEqual([use(4, false)])
})
