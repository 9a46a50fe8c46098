// The microphone's rules: opened before it is needed, closed unless held, and the choice is not forgotten.
import { expect, test } from 'vitest'
import {
  createMicrophone,
  type MicrophoneState,
  REOPEN_MS
} from '../../../../src/renderer/audio/microphone.ts'
import { FakeDevices } from './doubles.ts'

const HEADSET = { id: 'h1', label: 'Kitchen headset' }
const BUILT_IN = { id: 'b1', label: 'Built-in' }
const settle = () => new Promise<void>((resolve) => setTimeout(resolve))

const setUp = (...plugged: { id: string; label: string }[]) => {
  const devices = new FakeDevices()
  devices.plugged = plugged
  const states: MicrophoneState[] = []
  const sent: (string | null)[] = []
  const scheduled: { run: () => void; ms: number }[] = []
  const microphone = createMicrophone({
    devices: devices as unknown as MediaDevices,
    schedule: (run, ms) => {
      scheduled.push({ run, ms })
      return () => {}
    },
    onState: (state) => states.push(state),
    onTrack: (track) => sent.push(track?.label ?? null)
  })
  return { devices, microphone, states, sent, scheduled }
}

test('is opened with every processing step asked for by name', async () => {
  const { devices, microphone } = setUp(BUILT_IN)
  await microphone.open(null)
  expect(devices.asked).toEqual([
    { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1 }
  ])
})

test('is silent from the moment it opens, for the model and for the meter', async () => {
  const { devices, microphone } = setUp(BUILT_IN)
  await microphone.open(null)
  const [track] = devices.tracks
  expect(track?.enabled).toBe(false)
  expect(track?.clones.map(({ enabled }) => enabled)).toEqual([false])
})

test('opens and closes its gate without asking for the device again', async () => {
  const { devices, microphone } = setUp(BUILT_IN)
  await microphone.open(null)
  microphone.setGate('open')
  expect(devices.tracks[0]?.enabled).toBe(true)
  microphone.setGate('closed')
  expect(devices.tracks[0]?.enabled).toBe(false)
  expect(devices.asked).toHaveLength(1)
})

test('is found by its name when its id has changed', async () => {
  const { microphone, sent } = setUp(BUILT_IN, HEADSET)
  await microphone.open({ id: 'an id of another profile', label: HEADSET.label })
  expect(sent).toEqual([HEADSET.label])
})

test('gives way to the default when the chosen one is unplugged, and comes back with it', async () => {
  const { devices, microphone, sent } = setUp(BUILT_IN, HEADSET)
  await microphone.open(HEADSET)
  devices.plugged = [BUILT_IN]
  devices.tracks[0]?.onended?.()
  await settle()
  expect(sent).toEqual([HEADSET.label, null, BUILT_IN.label])
  devices.plugged = [BUILT_IN, HEADSET]
  await microphone.devicesChanged()
  expect(sent.at(-1)).toBe(HEADSET.label)
})

test('is not exchanged in the middle of a question', async () => {
  const { devices, microphone, sent } = setUp(BUILT_IN)
  await microphone.open(HEADSET)
  microphone.setGate('open')
  devices.plugged = [BUILT_IN, HEADSET]
  await microphone.devicesChanged()
  expect(sent).toEqual([BUILT_IN.label])
})

test('keeps the gate open over a microphone that is replaced while it is held', async () => {
  const { devices, microphone } = setUp(BUILT_IN)
  await microphone.open(null)
  microphone.setGate('open')
  devices.tracks[0]?.onended?.()
  await settle()
  expect(devices.tracks[1]?.enabled).toBe(true)
})

test.each([
  ['microphone_missing', (devices: FakeDevices) => devices.plugged.splice(0)],
  [
    'microphone_denied',
    (devices: FakeDevices) => {
      devices.denied = true
    }
  ],
  [
    'microphone_in_use',
    (devices: FakeDevices) => {
      devices.plugged = [{ ...BUILT_IN, busy: true } as never]
    }
  ]
] as const)('says %s as a code', async (code, arrange) => {
  const { devices, microphone, states, scheduled } = setUp(BUILT_IN)
  arrange(devices)
  await microphone.open(null)
  expect(states.at(-1)).toMatchObject({ status: 'failed', failure: { code } })
  // Nobody is asked again and again for what was refused.
  expect(scheduled.map(({ ms }) => ms)).toEqual(code === 'microphone_denied' ? [] : [REOPEN_MS])
})

test('uses the default when the chosen one is held by another program', async () => {
  const { devices, microphone, sent } = setUp(BUILT_IN, HEADSET)
  devices.plugged = [BUILT_IN, { ...HEADSET, busy: true } as never]
  await microphone.open(HEADSET)
  expect(sent).toEqual([BUILT_IN.label])
})

test('throws away a device that opens after another was chosen', async () => {
  const { devices, microphone, sent } = setUp(BUILT_IN, HEADSET)
  const first = microphone.open(null)
  const second = microphone.open(HEADSET)
  await Promise.all([first, second])
  expect(sent).toEqual([HEADSET.label])
  expect(devices.tracks.map(({ stopped }) => stopped)).toEqual([true, false])
})

test('is given back when it is closed', async () => {
  const { devices, microphone } = setUp(BUILT_IN)
  await microphone.open(null)
  microphone.close()
  expect(devices.tracks[0]?.stopped).toBe(true)
  expect(devices.tracks[0]?.clones[0]?.stopped).toBe(true)
  expect(microphone.track()).toBeNull()
})
