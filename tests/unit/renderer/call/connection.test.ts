// The plan of the calls carried out: on transports that open and break when the test says so.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ConnectionStatus } from '../../../../src/renderer/call/call-state.ts'
import { STANDBY_DELAY_MS } from '../../../../src/renderer/call/call-timing.ts'
import { type ConnectionPorts, createConnection } from '../../../../src/renderer/call/connection.ts'
import { DEFAULT_CALL_LIMITS } from '../../../../src/shared/call-limits.ts'
import { createFakeClock } from '../../main/fake-clock.ts'
import { createTransportDouble, fakeStream, fakeTrack, settle } from './transport-double.ts'

const MICROPHONE = fakeTrack('microphone')

const setUp = (changes: Partial<ConnectionPorts> = {}) => {
  const clock = createFakeClock(0)
  const { calls, open, openWebSocket } = createTransportDouble()
  /** What the conversation was told, in order. */
  const told: string[] = []
  const statuses: ConnectionStatus[] = []
  const hungUp: string[] = []
  const streams: MediaStream[] = []
  const hooks: { onOpened: () => void } = { onOpened: () => {} }
  const world = {
    microphone: MICROPHONE as MediaStreamTrack | null,
    settings: {
      idleMinutes: 15,
      openingHours: null,
      handsFree: false
    } as ReturnType<ConnectionPorts['settings']>
  }
  const connection = createConnection({
    open,
    openWebSocket,
    limits: DEFAULT_CALL_LIMITS,
    settings: () => world.settings,
    microphone: () => world.microphone,
    now: clock.nowMs,
    minuteOfDay: () => 720,
    schedule: (run, ms) => clock.after(ms, run),
    random: () => 0,
    hangUp: (callId) => hungUp.push(callId),
    ...changes
  })
  connection.listen({
    onStatus: (status) => statuses.push(status),
    onOpened: ({ replay }) => {
      told.push(`opened ${connection.transport()?.callId} ${replay ? 'replay' : 'fresh'}`)
      hooks.onOpened()
    },
    onLost: () => told.push(`lost, ${connection.transport()?.callId ?? 'none'} in use`),
    onMessage: (data) => told.push(data),
    onRemoteStream: (stream) => streams.push(stream)
  })
  const call = (n: number) => {
    const found = calls[n - 1]
    if (found === undefined) throw new Error(`There is no call ${n}.`)
    return found
  }
  return { connection, clock, calls, call, told, statuses, hungUp, streams, world, hooks }
}

const withStandby = async (changes: Partial<ConnectionPorts> = {}) => {
  const kiosk = setUp(changes)
  kiosk.connection.start()
  await kiosk.call(1).opens()
  await kiosk.clock.advance(STANDBY_DELAY_MS)
  await kiosk.call(2).opens()
  return kiosk
}

test('a start opens a call with the microphone on, and says so once it is open', async () => {
  const { connection, call, told, statuses } = setUp()
  connection.start()
  expect(statuses).toEqual([{ state: 'connecting', failure: null }])
  expect(connection.transport()).toBeNull()
  await call(1).opens()
  expect(call(1).microphones).toEqual([MICROPHONE])
  expect(told).toEqual(['opened rtc_1 fresh'])
  expect(statuses.at(-1)).toEqual({ state: 'connected', path: 'webrtc', hasStandby: false })
})

test('the standby has no microphone, and nothing of it is heard or read', async () => {
  const { call, told, streams, statuses } = await withStandby()
  expect(call(2).microphones).toEqual([null])
  call(2).events.onMessage('of the standby')
  call(2).events.onRemoteStream(fakeStream('standby'))
  call(1).events.onRemoteStream(fakeStream('in use'))
  call(1).events.onMessage('of the one in use')
  expect(told).toEqual(['opened rtc_1 fresh', 'of the one in use'])
  expect(streams).toEqual([fakeStream('in use')])
  expect(statuses.at(-1)).toMatchObject({ hasStandby: true })
})

test('when the call in use is lost the standby has its microphone, its voice and its words in the same tick', async () => {
  const { connection, call, told, streams, hungUp } = await withStandby()
  call(2).events.onRemoteStream(fakeStream('standby'))
  call(1).loses()
  expect(told.slice(1)).toEqual(['lost, none in use', 'opened rtc_2 replay'])
  expect(connection.transport()?.callId).toBe('rtc_2')
  expect(call(2).microphones).toEqual([null, MICROPHONE])
  expect(streams).toEqual([fakeStream('standby')])
  call(2).events.onMessage('and its words')
  call(1).events.onMessage('too late')
  expect(told.at(-1)).toBe('and its words')
  expect(call(1).isClosed).toBe(true)
  expect(hungUp).toEqual(['rtc_1'])
})

test('a suspected call is closed and hung up, and what it still says is not read', async () => {
  const { connection, call, told, hungUp } = await withStandby()
  connection.replace('silent')
  expect(call(1).isClosed).toBe(true)
  expect(hungUp).toEqual(['rtc_1'])
  const before = told.length
  call(1).events.onMessage('still here')
  call(1).loses()
  expect(told).toHaveLength(before)
})

test('a replacedCallFailure without a call changes nothing', () => {
  const { connection, told, statuses } = setUp()
  connection.start()
  connection.replace('no_answer')
  expect(told).toEqual([])
  expect(statuses).toHaveLength(1)
})

test('the relay is used where WebRTC cannot connect, and it is not hung up', async () => {
  const { connection, call, statuses, hungUp } = setUp()
  connection.start()
  await call(1).fails('call_timeout')
  expect(call(2).path).toBe('websocket')
  await call(2).opens()
  expect(statuses.at(-1)).toMatchObject({ state: 'connected', path: 'websocket' })
  connection.stop()
  expect(call(2).isClosed).toBe(true)
  expect(hungUp).toEqual([])
})

test('a call that opens after it is not wanted any more is closed and hung up', async () => {
  const { connection, call, statuses, hungUp, clock } = setUp()
  connection.start()
  connection.stop()
  expect(call(1).signal.aborted).toBe(true)
  await call(1).opens()
  expect(call(1).isClosed).toBe(true)
  expect(hungUp).toEqual(['rtc_1'])
  expect(statuses.at(-1)).toEqual({ state: 'stopped' })
  expect(connection.transport()).toBeNull()
  expect(clock.pending()).toBe(0)
})

test('a renewal hangs the old calls up, ignores what they still say, and begins without history', async () => {
  const { connection, call, told, hungUp } = await withStandby()
  connection.renew()
  expect(hungUp).toEqual(['rtc_1', 'rtc_2'])
  call(1).loses()
  await call(3).opens()
  expect(told.slice(1)).toEqual(['lost, none in use', 'opened rtc_3 fresh'])
})

test('a microphone that came while the call was opened is put on it', async () => {
  const { connection, call, world } = setUp()
  world.microphone = null
  connection.start()
  world.microphone = MICROPHONE
  await call(1).opens()
  expect(call(1).microphones).toEqual([null, MICROPHONE])
})

test('a call that refuses the microphone is lost', async () => {
  const { connection, call, told, world, calls } = setUp()
  world.microphone = null
  connection.start()
  world.microphone = MICROPHONE
  Object.defineProperty(call(1).microphones, 'push', {
    value: () => {
      throw new Error('no')
    }
  })
  await call(1).opens()
  expect(told).toEqual(['opened rtc_1 fresh', 'lost, none in use'])
  expect(calls).toHaveLength(2)
})

test('what the conversation asks for while it is told of a call is done after that', async () => {
  const { connection, call, told, hooks } = await withStandby()
  hooks.onOpened = () => {
    hooks.onOpened = () => {}
    connection.replace('session_expired')
    told.push('asked')
  }
  call(1).loses()
  expect(told.slice(1)).toEqual([
    'lost, none in use',
    'opened rtc_2 replay',
    'asked',
    'lost, none in use'
  ])
})

test('opening that throws is a failure like any other', async () => {
  const { connection, statuses } = setUp({
    open: async () => {
      throw new Error('defect')
    }
  })
  connection.start()
  await settle()
  expect(statuses.at(-1)).toMatchObject({ state: 'waiting', failure: { code: 'internal' } })
})

test('settings that change while it runs are heard of', async () => {
  const { connection, clock, statuses, world } = await withStandby()
  world.settings = { ...world.settings, idleMinutes: 1 }
  connection.settingsChanged()
  await clock.advance(60_000)
  expect(statuses.at(-1)).toEqual({ state: 'asleep' })
  connection.wake()
  expect(statuses.at(-1)).toMatchObject({ state: 'connecting' })
})

test('hands-free it is never put down: where nobody can press nobody can wake it', async () => {
  const { connection, clock, statuses, world } = await withStandby()
  world.settings = { ...world.settings, handsFree: true }
  connection.settingsChanged()
  await clock.advance(30 * 60_000)
  expect(statuses.at(-1)).toMatchObject({ state: 'connected' })
})

describe('whatever happens', () => {
  const action = fc.oneof(
    fc.constantFrom('wake', 'retryNow', 'renew', 'replace', 'turn', 'quiet', 'stop', 'start'),
    fc.constantFrom(1, 2_000, 600_000).map((ms) => ms),
    fc.record({
      what: fc.constantFrom('opens', 'opens', 'fails', 'loses', 'wavers', 'steadies', 'says'),
      pick: fc.nat({ max: 2 })
    })
  )

  test('one call at most is in use and one beside it, and every call ends closed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(action, { maxLength: 40 }), async (actions) => {
        const { connection, calls, told, clock } = setUp({
          limits: { ...DEFAULT_CALL_LIMITS, rotateAfterMs: 300_000, rotateByMs: 400_000 }
        })
        connection.start()
        for (const step of actions) {
          if (typeof step === 'number') await clock.advance(step)
          else if (typeof step === 'string') {
            if (step === 'replace') connection.replace('silent')
            else if (step === 'turn' || step === 'quiet') connection.turnChanged(step === 'turn')
            else connection[step as 'wake' | 'retryNow' | 'renew' | 'stop' | 'start']()
          } else {
            const open = calls.filter((call) => call.isOpen && !call.isClosed)
            const opening = calls.filter((call) => !call.isOpen && !call.isClosed)
            const some = step.what === 'opens' || step.what === 'fails' ? opening : open
            const call = some[step.pick % Math.max(1, some.length)]
            if (call === undefined) continue
            if (step.what === 'opens') await call.opens()
            else if (step.what === 'fails') await call.fails('call_timeout')
            else if (step.what === 'loses') call.loses()
            else if (step.what === 'says') {
              call.events.onMessage(`said by ${call.callId}`)
              const isHeard = told.at(-1) === `said by ${call.callId}`
              expect(isHeard).toBe(connection.transport()?.callId === call.callId)
              if (isHeard) told.pop()
            } else call.events.onDisconnectedChange(step.what === 'wavers')
          }
          const held = calls.filter((call) => !call.isClosed && !call.signal.aborted)
          expect(held.length).toBeLessThanOrEqual(2)
          expect(clock.pending()).toBeLessThanOrEqual(1)
        }
        connection.stop()
        for (const call of calls.filter((one) => !one.isOpen && !one.isClosed)) await call.opens()
        expect(calls.every((call) => call.isClosed)).toBe(true)
        expect(clock.pending()).toBe(0)
        const words = told.map((line) => line.split(/[ ,]/)[0])
        expect(words).toEqual(words.map((_, n) => (n % 2 === 0 ? 'opened' : 'lost')))
      }),
      { numRuns: 300 }
    )
  }, 60_000)
})
