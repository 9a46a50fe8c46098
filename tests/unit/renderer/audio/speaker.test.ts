// The choice of the speaker.
import { expect, test } from 'vitest'
import { createSpeaker } from '../../../../src/renderer/audio/speaker.ts'

const CEILING = { id: 'c1', label: 'Ceiling speaker' }
const BUILT_IN = { id: 'b1', label: 'Built-in' }

const setUp = (...plugged: { id: string; label: string }[]) => {
  const machine = {
    plugged,
    broken: new Set<string>(),
    sinks: [] as string[],
    resumed: 0,
    /** The opening time of a device. */
    opening: async (_id: string): Promise<void> => {}
  }
  const gain = () => ({ gain: { value: 1 }, connect: () => {} })
  const context = {
    createGain: gain,
    createMediaStreamSource: () => ({ connect: () => {}, disconnect: () => {} }),
    destination: {},
    onerror: null as (() => void) | null,
    addEventListener: () => {},
    resume: async () => {
      machine.resumed += 1
    },
    setSinkId: async (id: string) => {
      await machine.opening(id)
      const isThere = id === '' || machine.plugged.some((device) => device.id === id)
      if (!isThere || machine.broken.has(id)) throw new DOMException('', 'NotFoundError')
      machine.sinks.push(id)
    }
  }
  const devices = {
    enumerateDevices: async () =>
      machine.plugged.map(({ id, label }) => ({ kind: 'audiooutput', deviceId: id, label }))
  }
  const logged: string[] = []
  const pull = {
    srcObject: null,
    play: async () => {}
  }
  const speaker = createSpeaker(
    context as unknown as AudioContext,
    pull as unknown as HTMLAudioElement,
    devices as unknown as MediaDevices,
    (event) => logged.push(event)
  )
  return { machine, context, speaker, logged }
}
const settle = () => new Promise<void>((resolve) => setTimeout(resolve))

test('finds a device by its label when its id has changed', async () => {
  const { machine, speaker } = setUp(BUILT_IN, CEILING)
  expect(await speaker.choose({ id: 'of another profile', label: CEILING.label })).toBeNull()
  expect(machine.sinks).toEqual([CEILING.id])
})

test('falls back to the default when the device is unplugged, and returns to it', async () => {
  const { machine, speaker } = setUp(BUILT_IN, CEILING)
  await speaker.choose(CEILING)
  machine.plugged = [BUILT_IN]
  expect(await speaker.choose(CEILING)).toBeNull()
  machine.plugged = [BUILT_IN, CEILING]
  await speaker.choose(CEILING)
  expect(machine.sinks).toEqual([CEILING.id, '', CEILING.id])
})

test('falls back to the default when the chosen device fails', async () => {
  const { machine, speaker, logged } = setUp(BUILT_IN, CEILING)
  await speaker.choose(BUILT_IN)
  machine.broken.add(CEILING.id)
  expect(await speaker.choose(CEILING)).toBeNull()
  expect(machine.sinks).toEqual([BUILT_IN.id, ''])
  expect(logged).toEqual(['speaker.setSinkFailed'])
})

test('reports that no device works', async () => {
  const { machine, speaker } = setUp(BUILT_IN, CEILING)
  await speaker.choose(BUILT_IN)
  machine.broken.add(CEILING.id)
  machine.broken.add('')
  expect(await speaker.choose(CEILING)).toMatchObject({ code: 'speaker_failed' })
})

test('replaces a device that fails during an answer, and resumes the sound', async () => {
  const { machine, context, speaker } = setUp(BUILT_IN, CEILING)
  await speaker.choose(CEILING)
  machine.plugged = [BUILT_IN]
  context.onerror?.()
  await settle()
  expect(machine.sinks).toEqual([CEILING.id, ''])
  expect(machine.resumed).toBe(1)
  // Without any speaker the error repeats; the choice does not.
  context.onerror?.()
  await settle()
  expect(machine.sinks).toEqual([CEILING.id, ''])
})

test('ends with the last of several quick choices', async () => {
  const { machine, speaker } = setUp(BUILT_IN, CEILING)
  let finish = () => {}
  machine.opening = (id) =>
    new Promise((resolve) => {
      if (id === CEILING.id) finish = resolve
      else resolve()
    })
  const first = speaker.choose(CEILING)
  await settle()
  const second = speaker.choose(null)
  await settle()
  finish()
  await Promise.all([first, second])
  expect(machine.sinks).toEqual([CEILING.id, ''])
})
