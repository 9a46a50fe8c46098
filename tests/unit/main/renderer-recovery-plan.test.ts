// When a dead page is loaded again and when its window is made anew.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import {
  CRASH_WINDOW_MS,
  planRendererRecovery,
  recentCrashes
} from '../../../src/main/renderer-recovery-plan.ts'

it('loads the page again at once after a single death', () => {
  expect(planRendererRecovery([0], 0)).toEqual({ action: 'reload', pauseMs: 250 })
})

it('waits longer after each death, and makes the window anew at the third in five minutes', () => {
  expect(planRendererRecovery([0, 1_000], 1_000)).toEqual({ action: 'reload', pauseMs: 1_000 })
  expect(planRendererRecovery([0, 1_000, 2_000], 2_000)).toEqual({
    action: 'new_window',
    pauseMs: 4_000
  })
})

it('forgets what is further back than five minutes', () => {
  expect(
    planRendererRecovery([0, 1_000, CRASH_WINDOW_MS + 1_000], CRASH_WINDOW_MS + 1_000)
  ).toEqual({
    action: 'reload',
    pauseMs: 250
  })
  expect(recentCrashes([0, 1, CRASH_WINDOW_MS], CRASH_WINDOW_MS)).toEqual([1, CRASH_WINDOW_MS])
})

it('never gives up and never spins, however often the page dies', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(600_000), { minLength: 1 }), (times) => {
      const crashTimesMs = times.sort((one, other) => one - other)
      const { pauseMs } = planRendererRecovery(crashTimesMs, crashTimesMs.at(-1) ?? 0)
      expect(pauseMs).toBeGreaterThanOrEqual(250)
      expect(pauseMs).toBeLessThanOrEqual(30_000)
    })
  )
})
