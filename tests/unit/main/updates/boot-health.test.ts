// Evaluates an installed version from start to start.
import { describe, expect, it } from 'vitest'
import {
  evaluateBoot,
  markBootHealthy,
  uncountEndedBoot
} from '../../../../src/main/updates/boot-health.ts'
import { initialUpdateState, type UpdateState } from '../../../../src/main/updates/update-state.ts'

const NOW = Date.UTC(2026, 10, 20)
const DEVICE_ID = '5f1f3a1c-52a2-4f0e-9a53-0b5e6f1f2d11'
const installed = (changes: Partial<NonNullable<UpdateState['install']>> = {}): UpdateState => ({
  ...initialUpdateState(DEVICE_ID),
  install: { version: '1.1.0', fromVersion: '1.0.0', atMs: NOW, outcome: 'pending', ...changes }
})
const start = (state: UpdateState, version = '1.1.0') => evaluateBoot(state, version, NOW)
/** Starts `times` times, each of which has to continue. */
const startOften = (first: UpdateState, times: number, after = (state: UpdateState) => state) => {
  let state = first
  for (let count = 0; count < times; count += 1) {
    const boot = start(state)
    expect(boot.action).toBe('continue')
    state = after(boot.state)
  }
  return state
}

describe('evaluateBoot', () => {
  it('rolls back at the fourth start after three unproven ones, and marks the version known bad', () => {
    const state = startOften(installed(), 3)
    expect(state.install?.outcome).toBe('proving')
    expect(start(state)).toMatchObject({ action: 'roll_back', state: { knownBad: ['1.1.0'] } })
  })

  it('never rolls back a version that was healthy once', () => {
    const good = markBootHealthy(start(installed()).state)
    expect(good.install?.outcome).toBe('good')
    startOften(good, 10)
  })

  it('does not count a start that ended properly', () => {
    startOften(installed(), 10, uncountEndedBoot)
  })

  it('counts an installation without effect once, and marks the version known bad after three', () => {
    let { state } = start(installed(), '1.0.0')
    expect(state).toMatchObject({
      install: { outcome: 'not_installed' },
      failures: { count: 1 },
      knownBad: []
    })
    expect(start(state, '1.0.0').state).toBe(state)
    for (const knownBad of [[], ['1.1.0']]) {
      state = start({ ...state, install: installed().install }, '1.0.0').state
      expect(state.knownBad).toEqual(knownBad)
    }
  })

  it.each([
    ['no installation', initialUpdateState(DEVICE_ID)],
    ['a rollback', installed({ outcome: 'rolled_back' })]
  ])('changes nothing after %s', (_what, state) => {
    expect(start(state, '1.0.0')).toEqual({ state, action: 'continue' })
  })
})
