// What a soak plays: the same for the same seed, whole in every act, and everything that people do somewhere in it.
import { describe, expect, test } from 'vitest'
import type { DriverAction, Scenario } from '../../../../bench/soak/scenario.ts'
import { scenarioAt } from '../../../../bench/soak/scenario-generator.ts'
import { faultInjectionSchema } from '../../../../dev/openai/fault-injection.ts'

const SEED = 42
const acts = Array.from({ length: 3_000 }, (_, index) => scenarioAt(SEED, index))

const LETS_GO: ReadonlySet<DriverAction['do']> = new Set([
  'key_up',
  'pointer_up',
  'space_up',
  'blur',
  'hide',
  'type'
])
const HOLDS: ReadonlySet<DriverAction['do']> = new Set(['key_down', 'pointer_down', 'space_down'])

/** Whether somebody still holds when the act is over. Any release ends a hold. */
const endsHeld = ({ moves }: Scenario): boolean => {
  let isHeld = false
  for (const { do: deed } of moves) {
    if (HOLDS.has(deed)) isHeld = true
    else if (LETS_GO.has(deed)) isHeld = false
  }
  return isHeld
}

describe('the plan of a soak', () => {
  test('an act is drawn from the seed and its number alone', () => {
    expect(scenarioAt(SEED, 1_234)).toEqual(acts[1_234])
    expect(scenarioAt(SEED + 1, 1_234)).not.toEqual(acts[1_234])
  })

  test('neighbouring acts have nothing to do with each other', () => {
    const firstMoves = acts.slice(0, 100).map(({ moves }) => JSON.stringify(moves))
    expect(new Set(firstMoves).size).toBeGreaterThan(90)
  })

  test('moves come in the order of their times', () => {
    for (const { moves } of acts) {
      const times = moves.map(({ atMs }) => atMs)
      expect(times).toEqual(times.toSorted((a, b) => a - b))
      expect(Math.min(...times)).toBeGreaterThanOrEqual(0)
    }
  })

  test('nobody is left holding when an act is over', () => {
    expect(acts.filter(endsHeld)).toEqual([])
  })

  test('every trouble is one that the local model can make', () => {
    const troubles = acts.flatMap(({ moves }) =>
      moves.flatMap((move) => (move.do === 'trouble' ? [move.trouble] : []))
    )
    expect(troubles.length).toBeGreaterThan(200)
    for (const trouble of troubles) {
      expect(faultInjectionSchema.safeParse(trouble).success).toBe(true)
    }
  })

  test('everything that people and networks do is somewhere in a thousand acts', () => {
    const deeds = new Set(acts.slice(0, 1_000).flatMap(({ moves }) => moves.map((move) => move.do)))
    expect([...deeds].toSorted()).toEqual([
      'blur',
      'device',
      'devices_changed',
      'hide',
      'key_down',
      'key_repeat',
      'key_up',
      'language',
      'pointer_down',
      'pointer_up',
      'retry',
      'space_down',
      'space_up',
      'trouble',
      'type'
    ])
  })

  test('without trouble and asides only hands are left', () => {
    const calm = acts.map(({ index }) => scenarioAt(SEED, index, { trouble: 0, aside: 0 }))
    const deeds = new Set(calm.flatMap(({ moves }) => moves.map((move) => move.do)))
    for (const deed of ['trouble', 'device', 'devices_changed', 'language'] as const) {
      expect(deeds.has(deed)).toBe(false)
    }
  })
})
