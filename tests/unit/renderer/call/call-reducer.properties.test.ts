// Invariants of the calls for random events.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { CallEvent } from '../../../../src/renderer/call/call-reducer.ts'
import type { FailureCode } from '../../../../src/shared/failure.ts'
import { weightedActions } from '../weighted-action.ts'
import { createCallHarness } from './call-harness.ts'

const SEQUENCES = 3_000
const LENGTH = 60

const codes: FailureCode[] = [
  'call_timeout',
  'call_dropped',
  'backend_unreachable',
  'model_busy',
  'voice_disabled',
  'offline'
]

/** `pick` chooses among the calls there are. */
type Action =
  | { kind: 'event'; event: CallEvent }
  | { kind: 'pass'; ms: number }
  | { kind: 'opened'; pick: number }
  | { kind: 'notOpened'; pick: number; code: FailureCode }
  | { kind: 'lost'; pick: number; code: FailureCode }
  | { kind: 'disconnected_changed'; pick: number; isDisconnected: boolean }

const pick = fc.nat({ max: 3 })
const code = fc.constantFrom(...codes)
const hours = fc.constantFrom(
  null,
  { from: '11:00', to: '13:00' },
  { from: '22:00', to: '02:00' },
  { from: '00:00', to: '00:00' }
)
const anEvent: fc.Arbitrary<CallEvent> = fc.oneof(
  fc.constantFrom<CallEvent>(
    { type: 'start' },
    { type: 'start' },
    { type: 'stop' },
    { type: 'renew' },
    { type: 'retry_now' },
    { type: 'wake' },
    { type: 'wake' },
    { type: 'tick' }
  ),
  fc.tuple(fc.constantFrom('replace' as const, 'all_lost' as const), code).map(
    ([type, value]): CallEvent => ({
      type,
      failure: { code: value, message: '', retryAfterSeconds: null }
    })
  ),
  fc.boolean().map((isUnderWay): CallEvent => ({ type: 'turn', isUnderWay })),
  fc
    .record({ idleMinutes: fc.constantFrom(0, 1, 15), openingHours: hours })
    .map((settings): CallEvent => ({ type: 'settings', ...settings }))
)
const action = weightedActions<Action>()
const anAction: fc.Arbitrary<Action> = fc.oneof(
  action(4, 'event', { event: anEvent }),
  action(5, 'opened', { pick }),
  action(2, 'notOpened', { pick, code }),
  action(2, 'lost', { pick, code }),
  action(1, 'disconnected_changed', { pick, isDisconnected: fc.boolean() }),
  action(4, 'pass', { ms: fc.constantFrom(1, 500, 2_000, 5_000, 61_000, 600_000, 3_000_000) })
)
const someLimits = fc.record({
  rotateAfterMs: fc.constantFrom(1_000, 60_000, 3_000_000),
  rotateByMs: fc.constantFrom(1_000, 90_000, 3_480_000),
  idleGapMs: fc.constantFrom(0, 5_000),
  useLimitMs: fc.constantFrom(1_000, 600_000),
  standby: fc.boolean(),
  path: fc.constantFrom('auto' as const, 'auto' as const, 'webrtc' as const, 'websocket' as const)
})

type Harness = ReturnType<typeof createCallHarness>

/** Runs the effects like the connection, and checks them. */
const createModel = (harness: Harness) => {
  const opening = new Set<number>()
  const live = new Set<number>()
  let inUse: number | null = null

  const follow = (event: CallEvent['type']) => {
    const effects = harness.effects()
    const types = effects.map(({ type }) => type)
    const { turnSinceMs } = harness.state()
    if (types.includes('lost') && types.includes('use') && turnSinceMs !== null) {
      // Only a loss changes the call during a turn.
      expect(['lost', 'replace']).toContain(event)
    }
    for (const effect of effects) {
      switch (effect.type) {
        case 'open':
          opening.add(effect.id)
          break
        case 'close':
          expect(inUse).not.toBe(effect.id)
          expect(opening.delete(effect.id) || live.delete(effect.id)).toBe(true)
          break
        case 'use':
          expect(inUse).toBeNull()
          expect(live).toContain(effect.id)
          inUse = effect.id
          break
        case 'lost':
          expect(inUse).not.toBeNull()
          inUse = null
          break
        default:
          effect satisfies never
      }
    }
  }

  const check = () => {
    const state = harness.state()
    const { primary, standby } = state
    const ids = (calls: ({ id: number } | null)[]) =>
      calls.flatMap((call) => (call === null ? [] : [call.id])).sort()
    expect(inUse).toBe(primary?.id ?? null)
    // The state knows every open call.
    expect([...live].sort()).toEqual(ids([primary, standby]))
    expect([...opening].sort()).toEqual(ids([state.opening, state.openingStandby]))
    if (primary !== null) expect(state.opening).toBeNull()
    if (standby !== null) expect(state.openingStandby).toBeNull()
    const checkAtMs = harness.checkAtMs()
    if (checkAtMs !== null) expect(checkAtMs).toBeGreaterThan(harness.nowMs())
    const status = harness.status()
    switch (status.state) {
      case 'stopped':
        expect(state.isWanted).toBe(false)
        expect([...live, ...opening]).toEqual([])
        expect(checkAtMs).toBeNull()
        break
      case 'asleep':
        expect([...live, ...opening]).toEqual([])
        break
      case 'connecting':
        expect(state.opening).not.toBeNull()
        break
      case 'connected':
        expect(primary).not.toBeNull()
        break
      case 'waiting':
        expect(state.retryAtMs).toBeGreaterThan(harness.nowMs())
        expect(checkAtMs).not.toBeNull()
        break
      case 'blocked':
        expect(state.isBlocked).toBe(true)
        break
      default:
        status satisfies never
    }
  }

  const happen = (event: CallEvent) => {
    harness.happen(event)
    follow(event.type)
    check()
  }
  return { happen, follow, check, opening, live }
}

const chosen = (ids: Set<number>, value: number): number | null =>
  ids.size === 0 ? null : ([...ids][value % ids.size] ?? null)

test('uses one call at most, forgets none, and can always connect again', () => {
  fc.assert(
    fc.property(
      someLimits,
      fc.array(anAction, { maxLength: LENGTH }),
      fc.nat({ max: 1_439 }),
      (limits, actions, minute) => {
        const harness = createCallHarness({ limits, minute })
        const model = createModel(harness)
        const { opening, live, happen } = model
        for (const action of [
          { kind: 'event', event: { type: 'start' } } satisfies Action,
          ...actions
        ]) {
          if (action.kind === 'event') happen(action.event)
          else if (action.kind === 'pass') {
            harness.pass(action.ms)
            model.follow('tick')
            model.check()
          } else if (action.kind === 'opened') {
            const id = chosen(opening, action.pick)
            if (id === null) continue
            opening.delete(id)
            live.add(id)
            happen({ type: 'opened', id })
          } else if (action.kind === 'notOpened') {
            const id = chosen(opening, action.pick)
            if (id === null) continue
            opening.delete(id)
            happen({ type: 'not_opened', id, failure: harness.failure(action.code) })
          } else if (action.kind === 'lost') {
            const id = chosen(new Set([...live, ...opening]), action.pick)
            if (id !== null) happen({ type: 'lost', id, failure: harness.failure(action.code) })
          } else {
            const id = chosen(live, action.pick)
            if (id !== null)
              happen({ type: 'disconnected_changed', id, isDisconnected: action.isDisconnected })
          }
        }

        // With a good network and a person there is a call.
        happen({ type: 'start' })
        happen({ type: 'wake' })
        happen({ type: 'retry_now' })
        for (const id of [...opening]) {
          opening.delete(id)
          live.add(id)
          happen({ type: 'opened', id })
        }
        expect(harness.status()).toMatchObject({ state: 'connected' })
        happen({ type: 'stop' })
        expect(harness.status()).toEqual({ state: 'stopped' })
      }
    ),
    { numRuns: SEQUENCES }
  )
}, 60_000)
