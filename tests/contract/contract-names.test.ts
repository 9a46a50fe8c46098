// The names that the bridges know are the contract's, all of them and no other.
import { expect, it } from 'vitest'
import { contract } from '../../src/shared/contract.ts'
import { CALL_NAMES, NOTIFICATION_NAMES } from '../../src/shared/contract-names.ts'

it('lists every call', () => {
  expect([...CALL_NAMES].sort()).toEqual(Object.keys(contract.calls).sort())
})

it('lists every notification', () => {
  expect([...NOTIFICATION_NAMES].sort()).toEqual(Object.keys(contract.notifications).sort())
})

it('has a sentence for each of them', () => {
  for (const { about } of [
    ...Object.values(contract.calls),
    ...Object.values(contract.notifications)
  ]) {
    expect(about).toMatch(/^[A-Z].*\.$/)
  }
})
