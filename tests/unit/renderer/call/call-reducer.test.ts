// Which calls there are to be, moment by moment: the plan on its own, with a clock that the test moves.
import { describe, expect, test } from 'vitest'
import {
  PROBE_DELAYS_MS,
  STANDBY_DELAY_MS,
  STANDBY_RETRY_DELAYS_MS,
  TOUCH_FRESH_MS,
  WEBSOCKET_PREFERRED_MS
} from '../../../../src/renderer/call/call-timing.ts'
import { createCallHarness, harnessWithStandby } from './call-harness.ts'

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

describe('waking and staying warm', () => {
  test('the first start opens a call at once: somebody has just switched the kiosk on', () => {
    const world = createCallHarness()
    expect(world.status()).toEqual({ state: 'stopped' })
    expect(world.happen({ type: 'start' })).toEqual([open(1, 'webrtc', 'on')])
    expect(world.status()).toEqual({ state: 'connecting', failure: null })
    expect(world.opens(1)).toEqual([use(1, false)])
    expect(world.status()).toEqual({ state: 'connected', path: 'webrtc', hasStandby: false })
  })

  test('a later start waits for the first touch', () => {
    const world = createCallHarness()
    world.happen({ type: 'start' })
    world.happen({ type: 'stop' })
    expect(world.happen({ type: 'start' })).toEqual([])
    expect(world.status()).toEqual({ state: 'asleep' })
    expect(world.happen({ type: 'wake' })).toEqual([open(2, 'webrtc', 'on')])
  })

  test('a later start by somebody who touched the kiosk a moment ago does not', () => {
    const world = createCallHarness()
    world.happen({ type: 'start' })
    world.happen({ type: 'stop' })
    world.happen({ type: 'wake' })
    world.pass(TOUCH_FRESH_MS)
    expect(world.happen({ type: 'start' })).toEqual([open(2, 'webrtc', 'on')])
  })

  test('without a turn for the idle time both calls are put down, and a touch opens one without history', () => {
    const world = harnessWithStandby({ idleMinutes: 15 })
    world.pass(15 * MINUTE_MS - 3_001)
    expect(world.told()).toEqual([])
    world.pass(1)
    expect(world.told()).toEqual([LOST, close(1), close(2)])
    expect(world.status()).toEqual({ state: 'asleep' })
    expect(world.checkAtMs()).toBeNull()
    expect(world.happen({ type: 'wake' })).toEqual([open(3, 'webrtc', 'on')])
    expect(world.opens(3)).toEqual([use(3, false)])
  })

  test('a turn starts the idle time anew, and none begins while it is under way', () => {
    const world = harnessWithStandby({ idleMinutes: 15 })
    world.pass(10 * MINUTE_MS)
    world.turn(true)
    world.pass(20 * MINUTE_MS)
    world.turn(false)
    expect(world.status()).toMatchObject({ state: 'connected' })
    world.pass(15 * MINUTE_MS - 1)
    expect(world.status()).toMatchObject({ state: 'connected' })
    world.pass(1)
    expect(world.status()).toEqual({ state: 'asleep' })
  })

  test('an idle time of nothing keeps the call for ever', () => {
    const world = harnessWithStandby({ idleMinutes: 0, limits: { rotateAfterMs: 3_500_000 } })
    world.pass(55 * MINUTE_MS)
    expect(world.status()).toMatchObject({ state: 'connected' })
  })

  test('a call is kept through the opening hours and put down after them', () => {
    const world = harnessWithStandby({
      openingHours: { from: '11:00', to: '12:30' },
      minute: 12 * 60,
      idleMinutes: 5
    })
    world.pass(29 * MINUTE_MS)
    expect(world.status()).toMatchObject({ state: 'connected' })
    world.pass(2 * MINUTE_MS)
    expect(world.status()).toEqual({ state: 'asleep' })
  })

  test('opening time opens a call within a minute, though nobody is there', () => {
    const world = createCallHarness({
      openingHours: { from: '11:00', to: '23:00' },
      minute: 10 * 60
    })
    world.happen({ type: 'start' })
    world.happen({ type: 'stop' })
    world.happen({ type: 'start' })
    expect(world.status()).toEqual({ state: 'asleep' })
    world.told()
    world.pass(59 * MINUTE_MS)
    expect(world.told()).toEqual([])
    world.pass(2 * MINUTE_MS)
    expect(world.told()).toEqual([open(2, 'webrtc', 'on')])
  })
})

describe('the path', () => {
  test('WebRTC that cannot connect goes on over the relay in the same attempt, and the network is remembered', () => {
    const world = createCallHarness()
    world.happen({ type: 'start' })
    expect(world.fails(1, 'call_timeout')).toEqual([open(2, 'websocket', 'on')])
    expect(world.status()).toEqual({ state: 'connecting', failure: null })
    world.opens(2)
    expect(world.status()).toMatchObject({ state: 'connected', path: 'websocket' })
    world.told()
    world.pass(STANDBY_DELAY_MS)
    expect(world.told()).toEqual([open(3, 'websocket', 'off')])
    world.fails(3, 'model_busy')
    expect(world.loses(2)).toEqual([LOST, close(2), open(4, 'websocket', 'on')])
  })

  test('a failure that says nothing of the path is no reason for the relay', () => {
    const world = createCallHarness()
    world.happen({ type: 'start' })
    expect(world.fails(1, 'model_unreachable')).toEqual([])
    world.pass(500)
    expect(world.told().at(-1)).toEqual(open(2, 'webrtc', 'on'))
  })

  test('when the relay fails as well its failure is shown and WebRTC comes first again', () => {
    const world = createCallHarness()
    world.happen({ type: 'start' })
    world.fails(1, 'call_timeout')
    world.fails(2, 'model_unreachable')
    expect(world.status()).toMatchObject({
      state: 'waiting',
      failure: { code: 'model_unreachable' }
    })
    world.told()
    world.pass(500)
    expect(world.told()).toEqual([open(3, 'webrtc', 'on')])
  })

  const onRelay = (limits = {}) => {
    const world = createCallHarness({ idleMinutes: 0, limits })
    world.happen({ type: 'start' })
    world.fails(1, 'call_timeout')
    world.opens(2)
    return world
  }

  test('soon after one connect that was cut off WebRTC is tried beside the relay, and taken in the next gap', () => {
    const world = onRelay()
    world.pass(STANDBY_DELAY_MS)
    world.opens(3)
    world.told()
    world.pass(FIRST_PROBE_MS - STANDBY_DELAY_MS - 1)
    expect(world.told()).toEqual([])
    world.pass(1)
    expect(world.told()).toEqual([close(3), open(4, 'webrtc', 'off')])
    expect(world.opens(4)).toEqual([LOST, use(4, true), close(2)])
    expect(world.status()).toMatchObject({ state: 'connected', path: 'webrtc' })
  })

  test('and not taken while a turn is under way', () => {
    const world = onRelay()
    world.pass(FIRST_PROBE_MS - 1)
    world.fails(3, 'model_busy')
    world.pass(MINUTE_MS)
    world.turn(true)
    expect(world.opens(world.last('off'))).toEqual([])
    world.told()
    world.turn(false)
    world.pass(5_000)
    expect(world.told()).toContainEqual(LOST)
    expect(world.status()).toMatchObject({ path: 'webrtc' })
  })

  test('the more often it cannot connect the later it is tried again, with another relay standing by', () => {
    const world = onRelay()
    world.pass(STANDBY_DELAY_MS)
    world.opens(3)
    world.pass(FIRST_PROBE_MS - STANDBY_DELAY_MS)
    let probe = world.last('off')
    for (const pauseMs of [SECOND_PROBE_MS, LAST_PROBE_MS, LAST_PROBE_MS]) {
      expect(world.fails(probe, 'call_timeout')).toEqual([open(probe + 1, 'websocket', 'off')])
      world.opens(probe + 1)
      expect(world.status()).toEqual({ state: 'connected', path: 'websocket', hasStandby: true })
      world.told()
      world.pass(pauseMs - 1)
      expect(world.told()).toEqual([])
      world.pass(1)
      expect(world.told()).toEqual([close(probe + 1), open(probe + 2, 'webrtc', 'off')])
      probe += 2
    }
  })

  test('a call over WebRTC that opened is forgiven the ones before it', () => {
    const world = onRelay()
    world.pass(FIRST_PROBE_MS)
    world.fails(3, 'model_busy')
    world.pass(STANDBY_RETRY_DELAYS_MS[0])
    world.fails(world.last('off'), 'call_timeout')
    expect(world.state().webRtcTimeoutsInARow).toBe(2)
    world.opens(world.last('off'))
    world.pass(SECOND_PROBE_MS)
    world.opens(world.last('off'))
    expect(world.status()).toMatchObject({ path: 'webrtc' })
    expect(world.state().webRtcTimeoutsInARow).toBe(0)
  })

  test('who presses waits for no second try: for ten minutes the relay comes first', () => {
    const world = createCallHarness({
      idleMinutes: 1,
      limits: { standby: false, idleGapMs: HOUR_MS }
    })
    world.happen({ type: 'start' })
    world.fails(1, 'call_timeout')
    world.opens(2)
    world.pass(FIRST_PROBE_MS)
    world.fails(world.last('off'), 'call_timeout')
    world.pass(MINUTE_MS)
    expect(world.status()).toEqual({ state: 'asleep' })
    world.pass(WEBSOCKET_PREFERRED_MS - 2 * MINUTE_MS)
    const press = world.happen({ type: 'wake' })
    expect(press).toEqual([open(world.last('on'), 'websocket', 'on')])
  })

  test('a network that is known to need the relay is not asked for WebRTC, not even after ten minutes', () => {
    const world = createCallHarness({ idleMinutes: 0, limits: { path: 'websocket' } })
    expect(world.happen({ type: 'start' })).toEqual([open(1, 'websocket', 'on')])
    world.opens(1)
    world.pass(STANDBY_DELAY_MS)
    world.opens(2)
    world.told()
    world.pass(2 * WEBSOCKET_PREFERRED_MS)
    expect(world.told()).toEqual([])
  })

  test('where the relay is not wanted a timeout is the failure', () => {
    const world = createCallHarness({ limits: { path: 'webrtc' } })
    world.happen({ type: 'start' })
    expect(world.fails(1, 'call_timeout')).toEqual([])
    expect(world.status()).toMatchObject({ state: 'waiting', failure: { code: 'call_timeout' } })
  })

  test('without standbys that try ends with the answer', () => {
    const world = onRelay({ standby: false })
    world.pass(FIRST_PROBE_MS)
    expect(world.last('off')).toBe(3)
    expect(world.fails(3, 'call_timeout')).toEqual([])
    expect(world.status()).toEqual({ state: 'connected', path: 'websocket', hasStandby: false })
  })
})

describe('the standby', () => {
  test('is opened without a microphone, a pause after the connect', () => {
    const world = createCallHarness()
    world.happen({ type: 'start' })
    world.opens(1)
    world.told()
    world.pass(STANDBY_DELAY_MS - 1)
    expect(world.told()).toEqual([])
    world.pass(1)
    expect(world.told()).toEqual([open(2, 'webrtc', 'off')])
    expect(world.opens(2)).toEqual([])
    expect(world.status()).toMatchObject({ state: 'connected', hasStandby: true })
  })

  test('is not opened while a turn is under way', () => {
    const world = createCallHarness()
    world.happen({ type: 'start' })
    world.opens(1)
    world.turn(true)
    world.told()
    world.pass(MINUTE_MS)
    expect(world.told()).toEqual([])
    expect(world.turn(false)).toEqual([open(2, 'webrtc', 'off')])
  })

  test('is not opened at all when the limits say so', () => {
    const world = createCallHarness({ limits: { standby: false } })
    world.happen({ type: 'start' })
    world.opens(1)
    world.told()
    world.pass(10 * MINUTE_MS)
    expect(world.told()).toEqual([])
  })

  test('fails without a word on the screen, and is tried again with growing patience', () => {
    const world = createCallHarness({ idleMinutes: 0 })
    world.happen({ type: 'start' })
    world.opens(1)
    world.pass(STANDBY_DELAY_MS)
    const waits: number[] = []
    for (let n = 0; n < 5; n += 1) {
      const id = world.state().lastId
      const failedAtMs = world.nowMs()
      world.fails(id, 'voice_disabled')
      expect(world.status()).toEqual({ state: 'connected', path: 'webrtc', hasStandby: false })
      while (world.state().lastId === id) world.pass(100)
      waits.push(world.nowMs() - failedAtMs)
    }
    expect(waits).toEqual([...STANDBY_RETRY_DELAYS_MS, STANDBY_RETRY_DELAYS_MS.at(-1)])
  })

  test('takes over in the tick in which the call in use is lost, and another one is opened', () => {
    const world = harnessWithStandby()
    expect(world.loses(1)).toEqual([LOST, use(2, true), close(1)])
    expect(world.status()).toEqual({ state: 'connected', path: 'webrtc', hasStandby: false })
    world.told()
    world.pass(STANDBY_DELAY_MS)
    expect(world.told()).toEqual([open(3, 'webrtc', 'off')])
  })

  test('takes over from a call that is only suspected', () => {
    const world = harnessWithStandby()
    const failure = world.failure('call_dropped')
    expect(world.happen({ type: 'replace', failure })).toEqual([LOST, use(2, true), close(1)])
  })

  test('is lost without a word', () => {
    const world = harnessWithStandby()
    expect(world.loses(2)).toEqual([close(2)])
    expect(world.status()).toEqual({ state: 'connected', path: 'webrtc', hasStandby: false })
  })

  test('is not changed to while it wavers itself, and is as soon as it holds again', () => {
    const world = harnessWithStandby()
    world.happen({ type: 'disconnected_changed', id: 2, isDisconnected: true })
    expect(world.loses(1)).toEqual([LOST, close(1), open(3, 'webrtc', 'on')])
    expect(world.happen({ type: 'disconnected_changed', id: 2, isDisconnected: false })).toEqual([
      close(3),
      use(2, true)
    ])
  })

  test('that is being opened when the call in use is lost becomes the one in use', () => {
    const world = createCallHarness()
    world.happen({ type: 'start' })
    world.opens(1)
    world.pass(STANDBY_DELAY_MS)
    expect(world.loses(1)).toEqual([LOST, close(1)])
    expect(world.status()).toMatchObject({ state: 'connecting' })
    expect(world.opens(2)).toEqual([use(2, true)])
  })
})

describe('a call that is lost without a standby', () => {
  const alone = () => {
    const world = createCallHarness({ limits: { standby: false } })
    world.happen({ type: 'start' })
    world.opens(1)
    world.told()
    return world
  }

  test('is opened again at once, with replay', () => {
    const world = alone()
    expect(world.loses(1)).toEqual([LOST, close(1), open(2, 'webrtc', 'on')])
    expect(world.opens(2)).toEqual([use(2, true)])
  })

  test('is waited for with growing patience when that fails, and a success starts over', () => {
    const world = alone()
    world.loses(1)
    const waits: number[] = []
    for (let n = 0; n < 6; n += 1) {
      const failedAtMs = world.nowMs()
      world.fails(world.state().lastId, 'backend_unreachable')
      expect(world.status()).toMatchObject({ state: 'waiting' })
      while (world.status().state === 'waiting') world.pass(100)
      waits.push(world.nowMs() - failedAtMs)
    }
    expect(waits).toEqual([500, 1_000, 2_000, 5_000, 10_000, 10_000])
    world.opens(world.state().lastId)
    world.pass(MINUTE_MS)
    world.told()
    expect(world.loses(world.state().lastId).at(-1)).toMatchObject({ type: 'open' })
  })

  test('that opens and is lost at once, over and over, is not opened in a loop', () => {
    const world = alone()
    const opened: number[] = []
    for (let n = 0; n < 4; n += 1) {
      world.loses(world.state().lastId)
      while (world.status().state === 'waiting') world.pass(100)
      opened.push(world.nowMs())
      world.opens(world.state().lastId)
    }
    expect(opened).toEqual([0, 500, 1_500, 3_500])
  })
})

describe('a failure', () => {
  test('that only a person can change is not tried again before a person asks', () => {
    const world = createCallHarness()
    world.happen({ type: 'start' })
    world.fails(1, 'voice_disabled')
    expect(world.status()).toMatchObject({ state: 'blocked', failure: { code: 'voice_disabled' } })
    world.told()
    world.pass(HOUR_MS)
    expect(world.happen({ type: 'wake' })).toEqual([])
    expect(world.told()).toEqual([])
    expect(world.happen({ type: 'retry_now' })).toEqual([open(2, 'webrtc', 'on')])
  })

  test('is tried again sooner when somebody waits', () => {
    const world = createCallHarness()
    world.happen({ type: 'start' })
    for (let n = 0; n < 5; n += 1) {
      world.fails(world.state().lastId, 'backend_unreachable')
      if (n < 4) world.happen({ type: 'retry_now' })
    }
    world.told()
    world.happen({ type: 'wake' })
    expect(world.told()).toEqual([])
    world.pass(1_000)
    expect(world.told()).toEqual([open(6, 'webrtc', 'on')])
  })

  test('whose end the other side has named is not', () => {
    const world = createCallHarness()
    world.happen({ type: 'start' })
    world.fails(1, 'model_busy', 7)
    world.told()
    world.happen({ type: 'wake' })
    world.pass(6_999)
    expect(world.told()).toEqual([])
    world.pass(1)
    expect(world.told()).toHaveLength(1)
  })

  test('in the middle of an attempt another one is not begun', () => {
    const world = createCallHarness()
    world.happen({ type: 'start' })
    expect(world.happen({ type: 'retry_now' })).toEqual([])
    expect(world.happen({ type: 'wake' })).toEqual([])
  })
})

describe('rotation', () => {
  const limits = { rotateAfterMs: 50 * MINUTE_MS, rotateByMs: 58 * MINUTE_MS, idleGapMs: 5_000 }

  test('an old call is changed in a gap for a standby that is young', () => {
    const world = harnessWithStandby({ idleMinutes: 0, limits })
    world.pass(50 * MINUTE_MS - 3_000)
    // The standby is three seconds younger: still good enough.
    expect(world.told()).toEqual([LOST, use(2, true), close(1)])
    world.pass(3_000)
    world.opens(world.last('off'))
    expect(world.told().map(({ type }) => type)).toContain('use')
    expect(world.status()).toMatchObject({ state: 'connected' })
  })

  test('not in the middle of questions, until the service would end it', () => {
    const world = harnessWithStandby({ idleMinutes: 0, limits })
    world.loses(2)
    world.pass(45 * MINUTE_MS)
    // Questions without a gap between them.
    const rush = (untilMs: number) => {
      while (world.nowMs() < untilMs) {
        world.turn(true)
        world.pass(10_000)
        world.turn(false)
        world.pass(1_000)
      }
    }
    world.opens(world.last('off'))
    world.told()
    rush(57 * MINUTE_MS)
    expect(world.told().filter(({ type }) => type === 'use')).toEqual([])
    rush(59 * MINUTE_MS)
    expect(world.told().filter(({ type }) => type === 'use')).toHaveLength(1)
  })

  test('a stale standby is replaced before it is changed to', () => {
    const world = harnessWithStandby({ idleMinutes: 0, limits })
    world.turn(true)
    world.pass(51 * MINUTE_MS)
    expect(world.told()).toEqual([])
    expect(world.turn(false)).toEqual([close(2), open(3, 'webrtc', 'off')])
    expect(world.opens(3)).toEqual([])
    world.told()
    world.pass(5_000)
    expect(world.told()).toContainEqual(LOST)
    expect(world.state().primary?.id).toBe(3)
  })

  test('and is so as well when the call in use can wait no longer', () => {
    const world = harnessWithStandby({
      idleMinutes: 0,
      limits: { ...limits, useLimitMs: 3_600_000 }
    })
    world.turn(true)
    world.pass(59 * MINUTE_MS)
    expect(world.turn(false)).toEqual([close(2), open(3, 'webrtc', 'off')])
    expect(world.opens(3)).toEqual([LOST, use(3, true), close(1)])
  })

  test('a standby that wavers is not changed to before it holds', () => {
    const world = harnessWithStandby({ idleMinutes: 0, limits: { ...limits, useLimitMs: 1_000 } })
    world.happen({ type: 'disconnected_changed', id: 2, isDisconnected: true })
    world.turn(true)
    world.pass(1_000)
    world.turn(false)
    world.pass(MINUTE_MS)
    expect(world.told()).toEqual([])
    expect(world.happen({ type: 'disconnected_changed', id: 2, isDisconnected: false })).toEqual([
      LOST,
      use(2, false),
      close(1)
    ])
  })

  test('without standbys one is opened for it first', () => {
    const world = createCallHarness({ idleMinutes: 0, limits: { ...limits, standby: false } })
    world.happen({ type: 'start' })
    world.opens(1)
    world.told()
    world.pass(50 * MINUTE_MS)
    expect(world.told()).toEqual([open(2, 'webrtc', 'off')])
    expect(world.opens(2)).toEqual([LOST, use(2, true), close(1)])
    world.told()
    world.pass(10 * MINUTE_MS)
    expect(world.told()).toEqual([])
  })
})

describe('the limit of use', () => {
  test('only time in turns counts, and the next call begins without the history', () => {
    const world = harnessWithStandby({ idleMinutes: 0, limits: { useLimitMs: 60_000 } })
    for (let n = 0; n < 3; n += 1) {
      world.pass(5 * MINUTE_MS)
      world.turn(true)
      world.pass(19_000)
      world.turn(false)
    }
    world.pass(5 * MINUTE_MS)
    expect(world.told()).toEqual([])
    world.turn(true)
    world.pass(3_000)
    world.turn(false)
    expect(world.told()).toEqual([])
    world.pass(5_000)
    expect(world.told()).toEqual([LOST, use(2, false), close(1)])
  })

  test('a call that takes over in the middle of a turn counts from there', () => {
    const world = harnessWithStandby({ idleMinutes: 0, limits: { useLimitMs: 60_000 } })
    world.turn(true)
    world.pass(59_000)
    world.loses(1)
    world.pass(2_000)
    world.turn(false)
    expect(world.state().usedMs).toBe(2_000)
  })
})

test('a renewal closes everything and opens a call without the history', () => {
  const world = harnessWithStandby()
  expect(world.happen({ type: 'renew' })).toEqual([
    LOST,
    close(1),
    close(2),
    open(3, 'webrtc', 'on')
  ])
  world.fails(3, 'backend_unreachable')
  world.pass(500)
  expect(world.opens(4)).toEqual([use(4, false)])
})

test('a stop closes everything and waits for nothing', () => {
  const world = harnessWithStandby()
  expect(world.happen({ type: 'stop' })).toEqual([LOST, close(1), close(2)])
  expect(world.status()).toEqual({ state: 'stopped' })
  expect(world.checkAtMs()).toBeNull()
})
