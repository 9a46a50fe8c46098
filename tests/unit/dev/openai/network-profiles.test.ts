// Tests the loss, delay and jitter of the emulated networks.
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

describe('packetOutcome', () => {
  test('depends on the seed and the direction', () => {
    const lost = lostOf(3, 'up', 0.05)
    expect(lostOf(4, 'up', 0.05)).not.toEqual(lost)
    expect(lostOf(3, 'down', 0.05)).not.toEqual(lost)
  })

  test('is independent of the previous packet', () => {
    const lost = new Set(lostOf(3, 'up', 0.1))
    const pairs = [...lost].filter((number) => lost.has(number + 1)).length
    expect(pairs / lost.size).toBeGreaterThan(0.08)
    expect(pairs / lost.size).toBeLessThan(0.12)
  })

  test('varies the delay evenly in both directions', () => {
    const jitters = numbers.map((number) => packetOutcome(3, 'down', number).jitter)
    const mean = jitters.reduce((sum, jitter) => sum + jitter, 0) / MANY
    expect(Math.abs(mean)).toBeLessThan(0.02)
    expect(Math.min(...jitters)).toBeLessThan(-0.99)
    expect(Math.max(...jitters)).toBeGreaterThan(0.99)
  })
})

describe('a network profile', () => {
  test.each(NETWORK_NAMES)('loses its share of packets: %s', (name) => {
    const { lossShare } = NETWORK_PROFILES[name]
    const share = lostOf(1, 'up', lossShare).length / MANY
    expect(Math.abs(share - lossShare)).toBeLessThan(0.01)
  })

  test('delays by half the round trip each way, plus or minus its jitter', () => {
    const { very_bad } = NETWORK_PROFILES
    expect(transitMs(very_bad, { luck: 0.5, jitter: 0 })).toBe(250)
    expect(transitMs(very_bad, { luck: 0.5, jitter: -1 })).toBe(200)
    expect(transitMs(very_bad, { luck: 0.5, jitter: 1 })).toBe(300)
    expect(transitMs(very_bad, { luck: 0.09, jitter: 0 })).toBeNull()
  })

  test('passes all packets when clear and none when blocked', () => {
    expect(transitMs(NETWORK_PROFILES.clear, { luck: 0, jitter: 1 })).toBe(0)
    expect(transitMs(NETWORK_PROFILES.blocked, { luck: 0.999_999, jitter: 0 })).toBeNull()
  })
})
