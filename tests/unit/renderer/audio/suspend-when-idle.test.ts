// When the sound rests and when it is woken.
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

test('it rests some time after it was last used, once', () => {
  const { rest, did, pass, waiting } = setUp()
  rest.use('idle')
  rest.use('idle')
  expect(waiting.size).toBe(1)
  pass()
  rest.use('idle')
  expect(waiting.size).toBe(0)
  expect(did).toEqual(['suspend'])
})

test('a use in between keeps it ensureRunning, and a use after wakes it', async () => {
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
  // Two were waiting for it; the second finds an answer that may be playing.
  expect(did.filter((what) => what === 'queue emptied')).toHaveLength(1)
  expect(did.slice(0, 2)).toEqual(['suspend', 'resume'])
})

test('who waits for sound waits for the waking, and not at all when it sounds', async () => {
  const { rest, did, pass } = setUp()
  await rest.ensureRunning()
  expect(did).toEqual([])
  rest.use('idle')
  pass()
  await rest.ensureRunning()
  expect(did).toEqual(['suspend', 'resume', 'queue emptied'])
})

test('a press while it is being put to rest wakes it', async () => {
  const { rest, did, pass, context } = setUp()
  // Chromium changes the state when it has stopped.
  context.suspend = async () => {
    did.push('suspend')
  }
  rest.use('idle')
  pass()
  expect(context.state).toBe('running')
  await rest.ensureRunning()
  expect(did).toEqual(['suspend', 'resume', 'queue emptied'])
})
