// When the sound rests and when it is woken.
import { expect, test } from 'vitest'
import { createSoundRest, REST_AFTER_MS } from '../../../../src/renderer/audio/rest.ts'

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
  const far = { packets: 0 as number | null }
  const rest = createSoundRest({
    context,
    decoder: { rest: () => did.push('decoder rests'), wake: () => did.push('decoder wakes') },
    packets: async () => far.packets,
    schedule: (run, ms) => {
      waiting.set(run, ms)
      return () => waiting.delete(run)
    }
  })
  const pass = async () => {
    for (const [run, ms] of [...waiting]) {
      expect(ms).toBe(REST_AFTER_MS)
      waiting.delete(run)
      run()
    }
    await settle()
  }
  return { rest, did, pass, waiting, far }
}

test('it rests some time after it was last used, once', async () => {
  const { rest, did, pass, waiting } = setUp()
  rest.use('idle')
  rest.use('idle')
  expect(waiting.size).toBe(1)
  await pass()
  expect(did).toEqual(['suspend', 'decoder rests'])
  expect(waiting.size).toBe(0)
})

test('a use in between keeps it awake, and a use after wakes it', async () => {
  const { rest, did, pass } = setUp()
  rest.use('idle')
  rest.use('in_use')
  await pass()
  expect(did).toEqual([])
  rest.use('idle')
  await pass()
  rest.use('in_use')
  rest.use('in_use')
  await settle()
  // Two were waiting for it; the second finds an answer that may be playing.
  expect(did.filter((what) => what === 'decoder wakes')).toHaveLength(1)
  expect(did.slice(0, 3)).toEqual(['suspend', 'decoder rests', 'resume'])
})

test('who waits for sound waits for the waking, and not at all when it sounds', async () => {
  const { rest, did, pass } = setUp()
  await rest.awake()
  expect(did).toEqual([])
  rest.use('idle')
  await pass()
  await rest.awake()
  expect(did).toEqual(['suspend', 'decoder rests', 'resume', 'decoder wakes'])
})

test('a far end that sends between its answers is decoded all the time', async () => {
  const { rest, did, pass, far } = setUp()
  rest.use('idle')
  far.packets = 250
  await pass()
  expect(did).toEqual(['suspend'])
  far.packets = 500
  await pass()
  expect(did).not.toContain('decoder rests')
})

test('a call that comes into use meanwhile only puts the rest off', async () => {
  const { rest, did, pass, far, waiting } = setUp()
  far.packets = null
  rest.use('idle')
  far.packets = 10
  await pass()
  expect(did).toEqual(['suspend'])
  await pass()
  expect(did.at(-1)).toBe('decoder rests')
  expect(waiting.size).toBe(0)
})

test('what is pressed while the packets are counted is heard', async () => {
  const { rest, did, pass } = setUp()
  rest.use('idle')
  const passed = pass()
  rest.use('in_use')
  await passed
  expect(did).not.toContain('decoder rests')
  expect(did.at(-1)).toBe('decoder wakes')
})
