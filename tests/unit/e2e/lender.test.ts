// The stacks of the end-to-end tests: which worker gets which.
import { describe, expect, it } from 'vitest'
import { createLender } from '../../e2e/support/lender.ts'

const lenderOfNumbers = () => {
  const closed: number[] = []
  let opened = 0
  const lender = createLender(async () => {
    opened += 1
    const number = opened
    return { number, close: async () => void closed.push(number) }
  })
  const lend = async (place: number): Promise<number> => (await lender.lend(place)).number
  return { ...lender, lend, closed }
}

describe('a stack', () => {
  it('is of one place among the workers, and of no other', async () => {
    const { lend } = lenderOfNumbers()
    expect(await Promise.all([lend(0), lend(1)])).toEqual([1, 2])
  })

  it('goes to the next worker in its place when it comes back good', async () => {
    const { lend, takeBack, closed } = lenderOfNumbers()
    await lend(0)
    takeBack(0, true)
    expect(await lend(0)).toBe(1)
    expect(closed).toEqual([])
  })

  it('is closed and replaced when a test failed on it', async () => {
    const { lend, takeBack, closed } = lenderOfNumbers()
    await lend(0)
    takeBack(0, false)
    expect([await lend(0), closed]).toEqual([2, [1]])
  })

  it('is closed and replaced when nobody gave it back, the second time as well', async () => {
    const { lend, takeBack, closed } = lenderOfNumbers()
    await lend(0)
    takeBack(0, true)
    await lend(0)
    expect([await lend(0), closed]).toEqual([2, [1]])
  })

  it('is closed at the end, whoever has it', async () => {
    const { lend, takeBack, closeAll, closed } = lenderOfNumbers()
    await lend(0)
    await lend(1)
    takeBack(1, true)
    await closeAll()
    expect(closed).toEqual([1, 2])
  })
})
