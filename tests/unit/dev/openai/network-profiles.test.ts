// Which packets a bad network loses, and that nothing but the seed decides it.
import { describe, expect, test } from 'vitest'
import {
  type Direction,
  NETWORK_NAMES,
  NETWORK_PROFILES,
  packetOutcome,
  transitMs
} from '../../../../dev/openai/network-profiles.ts'

const MANY = 20_000
const numbers = Array.from({ length: MANY }, (_, number) => number)

const lostOf = (seed: number, direction: Direction, share: number): number[] =>
  numbers.filter((number) => packetOutcome(seed, direction, number).luck < share)

describe('the fate of a packet', () => {
  test('is the same for the same seed, direction and number', () => {
    expect(numbers.map((number) => packetOutcome(3, 'up', number))).toEqual(
      numbers.map((number) => packetOutcome(3, 'up', number))
    )
  })

  test('is another for another seed and for the other direction', () => {
    const lost = lostOf(3, 'up', 0.05)
    expect(lostOf(4, 'up', 0.05)).not.toEqual(lost)
    expect(lostOf(3, 'down', 0.05)).not.toEqual(lost)
  })

  test('does not follow the packet before: losses come alone and in pairs as often as chance has it', () => {
    const lost = new Set(lostOf(3, 'up', 0.1))
    const pairs = [...lost].filter((number) => lost.has(number + 1)).length
    expect(pairs / lost.size).toBeGreaterThan(0.08)
    expect(pairs / lost.size).toBeLessThan(0.12)
  })

  test('varies the delay both ways and evenly', () => {
    const jitters = numbers.map((number) => packetOutcome(3, 'down', number).jitter)
    const mean = jitters.reduce((sum, jitter) => sum + jitter, 0) / MANY
    expect(Math.abs(mean)).toBeLessThan(0.02)
    expect(Math.min(...jitters)).toBeLessThan(-0.99)
    expect(Math.max(...jitters)).toBeGreaterThan(0.99)
  })
})

describe('a profile', () => {
  test.each(NETWORK_NAMES)('%s loses its share', (name) => {
    const { lossShare } = NETWORK_PROFILES[name]
    const share = lostOf(1, 'up', lossShare).length / MANY
    expect(Math.abs(share - lossShare)).toBeLessThan(0.01)
  })

  test('takes half the round trip each way, give or take the jitter', () => {
    const { very_bad } = NETWORK_PROFILES
    expect(transitMs(very_bad, { luck: 0.5, jitter: 0 })).toBe(250)
    expect(transitMs(very_bad, { luck: 0.5, jitter: -1 })).toBe(200)
    expect(transitMs(very_bad, { luck: 0.5, jitter: 1 })).toBe(300)
    expect(transitMs(very_bad, { luck: 0.09, jitter: 0 })).toBeNull()
  })

  test('lets everything through, or nothing, where it says so', () => {
    expect(transitMs(NETWORK_PROFILES.clear, { luck: 0, jitter: 1 })).toBe(0)
    expect(transitMs(NETWORK_PROFILES.blocked, { luck: 0.999_999, jitter: 0 })).toBeNull()
  })
})
