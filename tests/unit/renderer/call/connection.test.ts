// Runs the effects of the calls on fake transports.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ConnectionStatus } from '../../../../src/renderer/call/call-state.ts'
import { STANDBY_DELAY_MS } from '../../../../src/renderer/call/call-timing.ts'
import { type ConnectionPorts, createConnection } from '../../../../src/renderer/call/connection.ts'
import { DEFAULT_CALL_LIMITS } from '../../../../src/shared/call-limits.ts'
import { createFakeClock, settle } from '../../main/fake-clock.ts'
import { createTransportDouble, fakeStream, fakeTrack } from './transport-double.ts'

const MICROPHONE = fakeTrack('microphone')

const setUp = (changes: Partial<ConnectionPorts> = {}) => {
  const clock = createFakeClock(0)
  const { calls, open, openWebSocket } = createTransportDouble()
  const events: string[] = []
  const statuses: ConnectionStatus[] = []
  const hungUp: string[] = []
  const streams: MediaStream[] = []
  const hooks: { onOpened: () => void } = { onOpened: () => {} }
  const ports = {
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
    settings: () => ports.settings,
    microphone: () => ports.microphone,
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
      events.push(`opened ${connection.transport()?.callId} ${replay ? 'replay' : 'fresh'}`)
      hooks.onOpened()
    },
    onLost: () => events.push(`lost, ${connection.transport()?.callId ?? 'none'} in use`),
    onMessage: (data) => events.push(data),
    onRemoteStream: (stream) => streams.push(stream)
  })
  const call = (n: number) => {
    const found = calls[n - 1]
    if (found === undefined) throw new Error(`There is no call ${n}.`)
    return found
  }
  return { connection, clock, calls, call, events, statuses, hungUp, streams, ports, hooks }
}

const withStandby = async (changes: Partial<ConnectionPorts> = {}) => {
  const kiosk = setUp(changes)
  kiosk.connection.start()
  await kiosk.call(1).opens()
  await kiosk.clock.advance(STANDBY_DELAY_MS)
  await kiosk.call(2).opens()
  return kiosk
}

test('opens a call with the microphone at the start', async () => {
  const { connection, call, events, statuses } = setUp()
  connection.start()
  expect(statuses).toEqual([{ state: 'connecting', failure: null }])
  expect(connection.transport()).toBeNull()
  await call(1).opens()
  expect(call(1).microphones).toEqual([MICROPHONE])
  expect(events).toEqual(['opened rtc_1 fresh'])
  expect(statuses.at(-1)).toEqual({ state: 'connected', path: 'webrtc', hasStandby: false })
})

test('gives a standby call no microphone, and ignores its messages and audio', async () => {
  const { call, events, streams, statuses } = await withStandby()
  expect(call(2).microphones).toEqual([null])
  call(2).events.onMessage('of the standby')
  call(2).events.onRemoteStream(fakeStream('standby'))
  call(1).events.onRemoteStream(fakeStream('in use'))
  call(1).events.onMessage('of the one in use')
  expect(events).toEqual(['opened rtc_1 fresh', 'of the one in use'])
  expect(streams).toEqual([fakeStream('in use')])
  expect(statuses.at(-1)).toMatchObject({ hasStandby: true })
})

test('moves the microphone, the audio and the messages to the standby in the tick of a loss', async () => {
  const { connection, call, events, streams, hungUp } = await withStandby()
  call(2).events.onRemoteStream(fakeStream('standby'))
  call(1).loses()
  expect(events.slice(1)).toEqual(['lost, none in use', 'opened rtc_2 replay'])
  expect(connection.transport()?.callId).toBe('rtc_2')
  expect(call(2).microphones).toEqual([null, MICROPHONE])
  expect(streams).toEqual([fakeStream('standby')])
  call(2).events.onMessage('and its words')
  call(1).events.onMessage('too late')
  expect(events.at(-1)).toBe('and its words')
  expect(call(1).isClosed).toBe(true)
  expect(hungUp).toEqual(['rtc_1'])
})

test('replaces nothing without a call in use', () => {
  const { connection, events, statuses } = setUp()
  connection.start()
  connection.replace('no_answer')
  expect([events, statuses.length]).toEqual([[], 1])
})

test('falls back to the WebSocket, which is not hung up', async () => {
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

test('closes and hangs up a call that opens after the stop', async () => {
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

test('hangs up every call at a renewal, and opens one without history', async () => {
  const { connection, call, events, hungUp } = await withStandby()
  connection.renew()
  expect(hungUp).toEqual(['rtc_1', 'rtc_2'])
  call(1).loses()
  await call(3).opens()
  expect(events.slice(1)).toEqual(['lost, none in use', 'opened rtc_3 fresh'])
})

test.each(['takes', 'rejects'])(
  'attaches a microphone that came while the call opened, and keeps one that %s it',
  async (answer) => {
    const { connection, call, events, ports, calls } = setUp()
    ports.microphone = null
    connection.start()
    ports.microphone = MICROPHONE
    if (answer === 'rejects') {
      Object.defineProperty(call(1).microphones, 'push', {
        value: () => {
          throw new Error('no')
        }
      })
    }
    await call(1).opens()
    const lost = answer === 'rejects' ? ['lost, none in use'] : []
    expect(events).toEqual(['opened rtc_1 fresh', ...lost])
    expect(calls).toHaveLength(1 + lost.length)
    if (answer === 'takes') expect(call(1).microphones).toEqual([null, MICROPHONE])
  }
)

test('handles a request of the listener after the event that it is called for', async () => {
  const { connection, call, events, hooks } = await withStandby()
  hooks.onOpened = () => {
    hooks.onOpened = () => {}
    connection.replace('session_expired')
    events.push('asked')
  }
  call(1).loses()
  expect(events.slice(1)).toEqual([
    'lost, none in use',
    'opened rtc_2 replay',
    'asked',
    'lost, none in use'
  ])
})

test('reports an opening that throws', async () => {
  const { connection, statuses } = setUp({
    open: async () => {
      throw new Error('defect')
    }
  })
  connection.start()
  await settle()
  expect(statuses.at(-1)).toMatchObject({ state: 'waiting', failure: { code: 'internal' } })
})

test('applies changed settings, and keeps the call hands-free, where no press can wake it', async () => {
  const { connection, clock, statuses, ports } = await withStandby()
  ports.settings = { ...ports.settings, handsFree: true }
  connection.settingsChanged()
  await clock.advance(30 * 60_000)
  expect(statuses.at(-1)).toMatchObject({ state: 'connected' })
  ports.settings = { ...ports.settings, idleMinutes: 1, handsFree: false }
  connection.settingsChanged()
  await clock.advance(60_000)
  expect(statuses.at(-1)).toEqual({ state: 'asleep' })
  connection.wake()
  expect(statuses.at(-1)).toMatchObject({ state: 'connecting' })
})

describe('random events', () => {
  const action = fc.oneof(
    fc.constantFrom('wake', 'retryNow', 'renew', 'replace', 'turn', 'quiet', 'stop', 'start'),
    fc.constantFrom(1, 2_000, 600_000).map((ms) => ms),
    fc.record({
      what: fc.constantFrom(
        'opens',
        'opens',
        'fails',
        'loses',
        'disconnects',
        'reconnects',
        'sends'
      ),
      pick: fc.nat({ max: 2 })
    })
  )

  test('keep one call in use and one beside it at most, and close every call', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(action, { maxLength: 40 }), async (actions) => {
        const { connection, calls, events, clock } = setUp({
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
            else if (step.what === 'sends') {
              call.events.onMessage(`said by ${call.callId}`)
              const isHeard = events.at(-1) === `said by ${call.callId}`
              expect(isHeard).toBe(connection.transport()?.callId === call.callId)
              if (isHeard) events.pop()
            } else call.events.onDisconnectedChange(step.what === 'disconnects')
          }
          const held = calls.filter((call) => !call.isClosed && !call.signal.aborted)
          expect(held.length).toBeLessThanOrEqual(2)
          expect(clock.pending()).toBeLessThanOrEqual(1)
        }
        connection.stop()
        for (const call of calls.filter((one) => !one.isOpen && !one.isClosed)) await call.opens()
        expect(calls.every((call) => call.isClosed)).toBe(true)
        expect(clock.pending()).toBe(0)
        const words = events.map((line) => line.split(/[ ,]/)[0])
        expect(words).toEqual(words.map((_, n) => (n % 2 === 0 ? 'opened' : 'lost')))
      }),
      { numRuns: 300 }
    )
  }, 60_000)
})
