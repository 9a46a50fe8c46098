// Plans the next update step.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Release } from '../../../../src/main/updates/evaluate-release.ts'
import {
  FRESH_MS,
  firstCheckInMs,
  IN_USE_LIMIT_MS,
  nextCheckInMs,
  OVERDUE_AFTER_MS,
  OVERDUE_IDLE_MS,
  planUpdateStep,
  retryInMs,
  type UpdateSituation,
  URGENT_IDLE_MS
} from '../../../../src/main/updates/update-plan.ts'
import { DEFAULT_UPDATE_POLICY } from '../../../../src/main/updates/update-policy.ts'

const HOUR_MS = 3_600_000
const NIGHT = Date.UTC(2026, 10, 20, 4, 15)
const NOON = Date.UTC(2026, 10, 20, 12)

const release: Release = {
  version: '1.1.0',
  artifact: { url: 'heard-1.1.0-linux-x64.tar.gz', sha512: `${'A'.repeat(86)}==`, size: 1 },
  isRequired: false
}

const situation = (changes: Partial<UpdateSituation> = {}): UpdateSituation => {
  const nowMs = changes.nowMs ?? NIGHT
  return {
    nowMs,
    deviceId: '5f1f3a1c-52a2-4f0e-9a53-0b5e6f1f2d11',
    policy: { ...DEFAULT_UPDATE_POLICY, timeZone: 'UTC' },
    isReportOnly: false,
    isProving: false,
    checkDueAtMs: nowMs + HOUR_MS,
    askedAtMs: nowMs,
    answeredAtMs: nowMs,
    offer: { release, sinceMs: nowMs - HOUR_MS },
    preparedVersion: null,
    announcedAtMs: null,
    inUseSinceMs: null,
    lastUseAtMs: nowMs - 3 * HOUR_MS,
    retryAtMs: 0,
    ...changes
  }
}
const waits = (code: string | null) => ({ kind: 'wait', for: code })

it('prepares in the window and then installs', () => {
  expect(planUpdateStep(situation())).toEqual({ kind: 'prepare', release })
  expect(planUpdateStep(situation({ preparedVersion: '1.1.0' }))).toEqual({
    kind: 'install',
    release
  })
  // The feed offers another version now.
  expect(planUpdateStep(situation({ preparedVersion: '1.0.9' }))).toEqual({
    kind: 'prepare',
    release
  })
})

it('checks when a check is due, and waits without an offer', () => {
  expect(planUpdateStep(situation({ checkDueAtMs: NIGHT }))).toEqual({ kind: 'check' })
  expect(planUpdateStep(situation({ offer: null }))).toEqual(waits(null))
})

it('starts nothing during a use or soon after it, for any release', () => {
  const inUse = fc.record({
    isRequired: fc.boolean(),
    ageMs: fc.integer({ min: 0, max: 30 * 24 * HOUR_MS }),
    minute: fc.integer({ min: 0, max: 1_439 }),
    sinceMs: fc.integer({ min: 0, max: IN_USE_LIMIT_MS - 1 }),
    preparedVersion: fc.constantFrom(null, '1.1.0')
  })
  fc.assert(
    fc.property(inUse, ({ isRequired, ageMs, minute, sinceMs, preparedVersion }) => {
      const nowMs = Date.UTC(2026, 10, 20) + minute * 60_000
      const age = isRequired ? Math.min(ageMs, DEFAULT_UPDATE_POLICY.requiredAfterMs - 1) : ageMs
      const offer = { release: { ...release, isRequired }, sinceMs: nowMs - age }
      const underWay = situation({ nowMs, offer, preparedVersion, inUseSinceMs: nowMs - sinceMs })
      expect(planUpdateStep(underWay)).toEqual(waits('in_use'))
      const justNow = situation({ nowMs, offer, preparedVersion, lastUseAtMs: nowMs - 9 * 60_000 })
      expect(planUpdateStep(justNow)).toEqual(waits('in_use'))
    })
  )
})

it('ignores a page that reports use for an hour', () => {
  const inUseSinceMs = NIGHT - IN_USE_LIMIT_MS
  expect(planUpdateStep(situation({ inUseSinceMs })).kind).toBe('prepare')
})

describe('by day', () => {
  it('waits for the window', () => {
    expect(planUpdateStep(situation({ nowMs: NOON }))).toEqual(waits('outside_window'))
  })

  it('uses the first long pause after a week of missed windows', () => {
    const offer = { release, sinceMs: NOON - OVERDUE_AFTER_MS }
    const quiet = { nowMs: NOON, offer, lastUseAtMs: NOON - OVERDUE_IDLE_MS }
    expect(planUpdateStep(situation(quiet)).kind).toBe('prepare')
    expect(
      planUpdateStep(situation({ ...quiet, lastUseAtMs: NOON - OVERDUE_IDLE_MS + 1 }))
    ).toEqual(waits('outside_window'))
  })

  it('does not wait for the window when the release is required', () => {
    const offer = { release: { ...release, isRequired: true }, sinceMs: NOON }
    expect(planUpdateStep(situation({ nowMs: NOON, offer })).kind).toBe('prepare')
  })
})

describe('with a press every nine minutes', () => {
  const REQUIRED = { ...release, isRequired: true }
  /** Lives 60 days, a step every five seconds. @returns the days until each kind of step first happened */
  const live = (required: Release, pressEveryMs: number) => {
    const firstDay: Partial<Record<string, number>> = {}
    let preparedVersion: string | null = null
    let announcedAtMs: number | null = null
    for (let nowMs = NOON; nowMs < NOON + 60 * 24 * HOUR_MS; nowMs += 5_000) {
      const step = planUpdateStep(
        situation({
          nowMs,
          offer: { release: required, sinceMs: NOON },
          lastUseAtMs: nowMs - ((nowMs - NOON) % pressEveryMs),
          preparedVersion,
          announcedAtMs
        })
      )
      firstDay[step.kind] ??= (nowMs - NOON) / (24 * HOUR_MS)
      if (step.kind === 'prepare') preparedVersion = required.version
      if (step.kind === 'announce') announcedAtMs = nowMs
      if (step.kind === 'install') return { firstDay, quietMs: (nowMs - NOON) % pressEveryMs }
    }
    return { firstDay, quietMs: null }
  }

  it('announces a required release after three days, and takes the next quiet half minute', () => {
    const { firstDay, quietMs } = live(REQUIRED, 9 * 60_000)
    expect(firstDay.announce).toBeCloseTo(3, 2)
    expect(firstDay.install).toBeCloseTo(3, 2)
    expect(quietMs).toBeGreaterThanOrEqual(URGENT_IDLE_MS)
  })

  it.each([
    ['half a minute', REQUIRED, URGENT_IDLE_MS],
    ['an optional release', release, 9 * 60_000]
  ])('never restarts under a press: %s', (_what, offered, pressEveryMs) => {
    expect(live(offered, pressEveryMs).firstDay).not.toHaveProperty('install')
  })
})

it('checks again before it acts on an old answer, and waits while the feed does not answer', () => {
  const old = NIGHT - FRESH_MS - 1
  expect(planUpdateStep(situation({ askedAtMs: old, answeredAtMs: old }))).toEqual({
    kind: 'check'
  })
  expect(planUpdateStep(situation({ answeredAtMs: old }))).toEqual(waits('unconfirmed'))
})

it.each([
  ['report_only', { isReportOnly: true }],
  ['after_failure', { retryAtMs: NIGHT + 1 }],
  ['proving', { isProving: true }]
])('waits for %s', (code, changes) => {
  expect(planUpdateStep(situation(changes))).toEqual(waits(code))
})

it('spreads the checks of kiosks that were switched on together', () => {
  const every = 4 * HOUR_MS
  expect([0, 0.5, 1].map((random) => nextCheckInMs(every, random))).toEqual([
    3.6 * HOUR_MS,
    every,
    15_840_000
  ])
  expect([0, 1].map((random) => firstCheckInMs(every, random))).toEqual([60_000, 600_000])
  expect(firstCheckInMs(5_000, 1)).toBe(5_000)
})

it('doubles the time between retries, up to four hours', () => {
  expect([1, 2, 3, 4, 5, 50].map((n) => retryInMs(n) / 60_000)).toEqual([15, 30, 60, 120, 240, 240])
})
