// Evaluates an installed version from start to start.
import { describe, expect, it } from 'vitest'
import {
  evaluateBoot,
  markBootHealthy,
  uncountEndedBoot,
  withBootFailure
} from '../../../../src/main/updates/boot-health.ts'
import {
  initialUpdateState,
  knownBadVersions,
  type UpdateState
} from '../../../../src/main/updates/update-state.ts'

const HOUR_MS = 3_600_000
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
  it('rolls back at the fourth start after three failures, and tries the version again later', () => {
    const state = startOften(installed(), 3, withBootFailure)
    expect(state.install?.outcome).toBe('proving')
    const first = start(state)
    expect(first.action).toBe('roll_back')
    const badAfterHours = (bad: UpdateState, hours: number) =>
      knownBadVersions(bad, NOW + hours * HOUR_MS)
    expect([badAfterHours(first.state, 23), badAfterHours(first.state, 24)]).toEqual([
      ['1.1.0'],
      []
    ])
    const second = start({ ...state, knownBad: first.state.knownBad }).state
    expect([badAfterHours(second, 47), badAfterHours(second, 48)]).toEqual([['1.1.0'], []])
  })

  it('keeps a version through power cuts within a minute of its starts, but not through ten', () => {
    const state = startOften(installed(), 10)
    expect(state.knownBad).toEqual([])
    expect(start(state).action).toBe('roll_back')
  })

  it('never rolls back a version that was healthy once', () => {
    const good = markBootHealthy(start(installed()).state)
    expect(good.install?.outcome).toBe('good')
    startOften(good, 20, withBootFailure)
  })

  it('does not count a start that ended properly', () => {
    startOften(installed(), 20, uncountEndedBoot)
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
      expect(knownBadVersions(state, NOW)).toEqual(knownBad)
    }
  })

  it.each([
    ['no installation', initialUpdateState(DEVICE_ID)],
    ['a rollback', installed({ outcome: 'rolled_back' })]
  ])('changes nothing after %s', (_what, state) => {
    expect(start(state, '1.0.0')).toEqual({ state, action: 'continue' })
  })
})
