// The suspension of the audio context.
import { expect, test } from 'vitest'
import {
  createIdleSuspender,
  SUSPEND_AFTER_MS
} from '../../../../src/renderer/audio/suspend-when-idle.ts'

const settle = () => new Promise<void>((resolve) => setTimeout(resolve))

const setUp = () => {
  const did: string[] = []
  const waiting = new Map<() => void, number>()
  const context = {
    state: 'running' as AudioContextState,
    suspend: async () => {
      did.push('suspend')
      context.state = 'suspended'
    },
    resume: async () => {
      did.push('resume')
      context.state = 'running'
    }
  }
  const rest = createIdleSuspender({
    context,
    onResume: () => did.push('queue emptied'),
    schedule: (run, ms) => {
      waiting.set(run, ms)
      return () => waiting.delete(run)
    }
  })
  const pass = () => {
    for (const [run, ms] of [...waiting]) {
      expect(ms).toBe(SUSPEND_AFTER_MS)
      waiting.delete(run)
      run()
    }
  }
  return { rest, did, pass, waiting, context }
}

test('suspends once, some time after the last use', () => {
  const { rest, did, pass, waiting } = setUp()
  rest.use('idle')
  rest.use('idle')
  expect(waiting.size).toBe(1)
  pass()
  rest.use('idle')
  expect(waiting.size).toBe(0)
  expect(did).toEqual(['suspend'])
})

test('keeps a context that is used again, and resumes a suspended one', async () => {
  const { rest, did, pass } = setUp()
  rest.use('idle')
  rest.use('in_use')
  pass()
  expect(did).toEqual([])
  rest.use('idle')
  pass()
  rest.use('in_use')
  rest.use('in_use')
  await settle()
  // Two waited; a playing answer keeps its queue.
  expect(did.filter((what) => what === 'queue emptied')).toHaveLength(1)
  expect(did.slice(0, 2)).toEqual(['suspend', 'resume'])
})

test.each(['suspended', 'running'] as const)(
  'resolves at once in use, and after the resume of a context that is still %s',
  async (state) => {
    const { rest, did, pass, context } = setUp()
    await rest.ensureRunning()
    expect(did).toEqual([])
    // Chromium changes the state once it has stopped.
    context.suspend = async () => {
      did.push('suspend')
      context.state = state
    }
    rest.use('idle')
    pass()
    expect(context.state).toBe(state)
    await rest.ensureRunning()
    expect(did).toEqual(['suspend', 'resume', 'queue emptied'])
  }
)
