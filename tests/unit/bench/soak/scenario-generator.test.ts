import { describe, expect, test } from 'vitest'
import type { DriverAction, Scenario } from '../../../../bench/soak/scenario.ts'
import { scenarioAt } from '../../../../bench/soak/scenario-generator.ts'
import { faultInjectionSchema } from '../../../../dev/openai/fault-injection.ts'

const SEED = 42
const scenarios = Array.from({ length: 3_000 }, (_, index) => scenarioAt(SEED, index))

const RELEASES: ReadonlySet<DriverAction['do']> = new Set([
  'key_up',
  'pointer_up',
  'space_up',
  'blur',
  'hide',
  'type'
])
const PRESSES: ReadonlySet<DriverAction['do']> = new Set(['key_down', 'pointer_down', 'space_down'])

/** Any release ends a hold. */
const endsHeld = ({ steps }: Scenario): boolean => {
  let isHeld = false
  for (const { do: action } of steps) {
    if (PRESSES.has(action)) isHeld = true
    else if (RELEASES.has(action)) isHeld = false
  }
  return isHeld
}

describe('scenarioAt', () => {
  test('depends on the seed and the index alone', () => {
    expect(scenarioAt(SEED, 1_234)).toEqual(scenarios[1_234])
    expect(scenarioAt(SEED + 1, 1_234)).not.toEqual(scenarios[1_234])
  })

  test('gives neighbouring indexes different steps', () => {
    const steps = scenarios.slice(0, 100).map((scenario) => JSON.stringify(scenario.steps))
    expect(new Set(steps).size).toBeGreaterThan(90)
  })

  test('orders steps by their times', () => {
    for (const { steps } of scenarios) {
      const times = steps.map(({ atMs }) => atMs)
      expect(times).toEqual(times.toSorted((a, b) => a - b))
      expect(Math.min(...times)).toBeGreaterThanOrEqual(0)
    }
  })

  test('releases every hold before the end', () => {
    expect(scenarios.filter(endsHeld)).toEqual([])
  })

  test('injects only faults that the stand-in knows', () => {
    const faults = scenarios.flatMap(({ steps }) =>
      steps.flatMap((step) => (step.do === 'inject_faults' ? [step.faults] : []))
    )
    expect(faults.length).toBeGreaterThan(200)
    for (const fault of faults) expect(() => faultInjectionSchema.parse(fault)).not.toThrow()
  })

  test('uses every action within a thousand scenarios, and hands only without the others', () => {
    const actionsOf = (some: readonly Scenario[]) =>
      new Set(some.flatMap(({ steps }) => steps.map((step) => step.do)))
    const others: DriverAction['do'][] = ['inject_faults', 'device', 'devices_changed', 'language']
    const hands: DriverAction['do'][] = [...PRESSES, ...RELEASES, 'key_repeat', 'retry']
    expect(actionsOf(scenarios.slice(0, 1_000))).toEqual(new Set([...hands, ...others]))
    const calm = scenarios.map(({ index }) => scenarioAt(SEED, index, { faults: 0, aside: 0 }))
    expect(actionsOf(calm)).toEqual(new Set(hands))
  })
})
