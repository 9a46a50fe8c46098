// Whether the version that was just installed is any good, from start to start.
import { expect, it } from 'vitest'
import {
  evaluateBoot,
  markBootHealthy,
  uncountEndedBoot
} from '../../../../src/main/updates/boot-health.ts'
import { initialUpdateState, type UpdateState } from '../../../../src/main/updates/update-state.ts'

const NOW = Date.UTC(2026, 10, 20)
const installed = (changes: Partial<NonNullable<UpdateState['install']>> = {}): UpdateState => ({
  ...initialUpdateState('5f1f3a1c-52a2-4f0e-9a53-0b5e6f1f2d11'),
  install: { version: '1.1.0', fromVersion: '1.0.0', atMs: NOW, outcome: 'pending', ...changes }
})
const start = (memory: UpdateState, version = '1.1.0') => evaluateBoot(memory, version, NOW)

it('says that a version is new the first time it starts, and no more after that', () => {
  const first = start(installed())
  expect(first).toMatchObject({ action: 'go_on', news: 'proving' })
  expect(start(first.memory)).toMatchObject({ action: 'go_on', news: null })
})

it('goes back at the fourth start when three did not go well, and knows that version from then on', () => {
  let memory = installed()
  for (const _ of [1, 2, 3]) {
    const judged = start(memory)
    expect(judged.action).toBe('go_on')
    memory = judged.memory
  }
  expect(start(memory)).toMatchObject({ action: 'roll_back', memory: { knownBad: ['1.1.0'] } })
})

it('never goes back from a version that was good once', () => {
  const good = markBootHealthy(start(installed()).memory)
  expect(good.install?.outcome).toBe('good')
  let memory = good
  for (let count = 0; count < 10; count += 1) {
    const judged = start(memory)
    expect(judged.action).toBe('go_on')
    memory = judged.memory
  }
})

it('counts no start that was ended as it should be', () => {
  let memory = installed()
  for (let count = 0; count < 10; count += 1) {
    const judged = start(memory)
    expect(judged.action).toBe('go_on')
    memory = uncountEndedBoot(judged.memory)
  }
})

it('sees that nothing came of an installation, once, and leaves the version alone after three', () => {
  let memory = installed()
  const first = start(memory, '1.0.0')
  expect(first).toMatchObject({
    news: 'not_installed',
    memory: { failures: { count: 1 }, knownBad: [] }
  })
  expect(start(first.memory, '1.0.0')).toMatchObject({
    news: null,
    memory: { failures: { count: 1 } }
  })
  for (const _ of [1, 2]) {
    memory = start(memory, '1.0.0').memory
    memory = { ...memory, install: installed().install }
  }
  expect(start(memory, '1.0.0').memory.knownBad).toEqual(['1.1.0'])
})

it('starts as ever where nothing was installed, and after it went back', () => {
  const none = initialUpdateState('5f1f3a1c-52a2-4f0e-9a53-0b5e6f1f2d11')
  expect(start(none)).toEqual({ memory: none, action: 'go_on', news: null })
  const back = installed({ outcome: 'rolled_back' })
  expect(start(back, '1.0.0')).toEqual({ memory: back, action: 'go_on', news: null })
})
