// The stacks of the end-to-end tests: which worker gets which.
import { describe, expect, it } from 'vitest'
import { createResourcePool } from '../../e2e/support/resource-pool.ts'

const lenderOfNumbers = () => {
  const closed: number[] = []
  let opened = 0
  const lender = createResourcePool(async () => {
    opened += 1
    const number = opened
    return { number, close: async () => void closed.push(number) }
  })
  const acquire = async (place: number): Promise<number> => (await lender.acquire(place)).number
  return { ...lender, acquire, closed }
}

describe('a stack', () => {
  it('is of one place among the workers, and of no other', async () => {
    const { acquire } = lenderOfNumbers()
    expect(await Promise.all([acquire(0), acquire(1)])).toEqual([1, 2])
  })

  it('goes to the next worker in its place when it comes back good', async () => {
    const { acquire, release, closed } = lenderOfNumbers()
    await acquire(0)
    release(0, true)
    expect(await acquire(0)).toBe(1)
    expect(closed).toEqual([])
  })

  it('is closed and replaced when a test failed on it', async () => {
    const { acquire, release, closed } = lenderOfNumbers()
    await acquire(0)
    release(0, false)
    expect([await acquire(0), closed]).toEqual([2, [1]])
  })

  it('is closed and replaced when a test did not return it, the second time as well', async () => {
    const { acquire, release, closed } = lenderOfNumbers()
    await acquire(0)
    release(0, true)
    await acquire(0)
    expect([await acquire(0), closed]).toEqual([2, [1]])
  })

  it('is closed at the end, in use or not', async () => {
    const { acquire, release, closeAll, closed } = lenderOfNumbers()
    await acquire(0)
    await acquire(1)
    release(1, true)
    await closeAll()
    expect(closed).toEqual([1, 2])
  })
})
