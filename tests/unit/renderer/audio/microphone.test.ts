// The microphone's opening, gate and replacement.
import { expect, test } from 'vitest'
import { audioProcessingOf } from '../../../../src/renderer/audio/audio-processing.ts'
import {
  createMicrophone,
  type MicrophoneState,
  REOPEN_MS,
  REPLACE_MS
} from '../../../../src/renderer/audio/microphone.ts'
import { FakeDevices } from './microphone-doubles.ts'

const PROCESSED = { echoCancellation: true, noiseSuppression: true, autoGainControl: true }
const RAW = { echoCancellation: false, noiseSuppression: false, autoGainControl: false }

const HEADSET = { id: 'h1', label: 'Kitchen headset' }
const BUILT_IN = { id: 'b1', label: 'Built-in' }
const settle = () => new Promise<void>((resolve) => setTimeout(resolve))

const setUp = (...plugged: { id: string; label: string }[]) => {
  const devices = new FakeDevices()
  devices.plugged = plugged
  const states: MicrophoneState[] = []
  const sent: (string | null)[] = []
  const scheduled: { run: () => void; ms: number; isOver: boolean }[] = []
  const microphone = createMicrophone({
    devices: devices as unknown as MediaDevices,
    schedule: (run, ms) => {
      const wait = { run, ms, isOver: false }
      scheduled.push(wait)
      return () => {
        wait.isOver = true
      }
    },
    onState: (state) => states.push(state),
    onTrack: (track) => sent.push(track?.label ?? null)
  })
  return { devices, microphone, states, sent, scheduled }
}

test('names every processing step when it opens', async () => {
  const { devices, microphone } = setUp(BUILT_IN)
  await microphone.open(null, PROCESSED)
  expect(devices.asked).toEqual([
    {
      echoCancellation: { exact: true },
      noiseSuppression: { exact: true },
      autoGainControl: { exact: true },
      channelCount: 1
    }
  ])
})

test('opens silent for the model and the meter, and audible for the recorder, also after a gate', async () => {
  const { devices, microphone } = setUp(BUILT_IN)
  await microphone.open(null, PROCESSED)
  const [track] = devices.tracks
  const enabled = () => [track?.enabled, ...(track?.clones.map((clone) => clone.enabled) ?? [])]
  expect(enabled()).toEqual([false, false, true])
  microphone.setGate('open')
  expect(enabled()).toEqual([true, true, true])
  microphone.setGate('closed')
  expect(enabled()).toEqual([false, false, true])
  expect(devices.asked).toHaveLength(1)
})

test('finds a device by its label when its id has changed, and the default without a choice', async () => {
  const { microphone, sent } = setUp(BUILT_IN, HEADSET)
  await microphone.open({ id: 'an id of another profile', label: HEADSET.label }, PROCESSED)
  await microphone.open(null, PROCESSED)
  expect(sent.filter((label) => label !== null)).toEqual([HEADSET.label, BUILT_IN.label])
})

test('falls back to the default when the chosen device is unplugged, and returns to it', async () => {
  const { devices, microphone, sent } = setUp(BUILT_IN, HEADSET)
  await microphone.open(HEADSET, PROCESSED)
  devices.plugged = [BUILT_IN]
  devices.tracks[0]?.onended?.()
  await settle()
  expect(sent).toEqual([HEADSET.label, null, BUILT_IN.label])
  devices.plugged = [BUILT_IN, HEADSET]
  await microphone.devicesChanged()
  expect(sent.at(-1)).toBe(HEADSET.label)
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
] as const)('reports %s', async (code, arrange) => {
  const { devices, microphone, states, scheduled } = setUp(BUILT_IN)
  arrange(devices)
  await microphone.open(null, PROCESSED)
  expect(states.at(-1)).toMatchObject({ status: 'failed', failure: { code } })
  // A denial is not retried.
  expect(scheduled.map(({ ms }) => ms)).toEqual(code === 'microphone_denied' ? [] : [REOPEN_MS])
})

test('looks for a microphone without listing the devices, and then returns to the choice', async () => {
  const { devices, microphone, sent, scheduled } = setUp()
  await microphone.open(HEADSET, PROCESSED)
  const listedOnce = devices.listed
  for (let attempt = 0; attempt < 5; attempt += 1) {
    expect(scheduled.at(-1)).toMatchObject({ ms: REOPEN_MS, isOver: false })
    scheduled.at(-1)?.run()
    await settle()
  }
  expect([devices.listed, sent]).toEqual([listedOnce, []])
  devices.plugged = [BUILT_IN, HEADSET]
  scheduled.at(-1)?.run()
  await settle()
  expect(sent).toEqual([BUILT_IN.label, HEADSET.label])
})

test('waits longer each time for a microphone that another program holds', async () => {
  const { devices, microphone, scheduled } = setUp()
  devices.plugged = [{ ...BUILT_IN, busy: true } as never]
  await microphone.open(null, PROCESSED)
  for (let attempt = 0; attempt < 5; attempt += 1) {
    scheduled.at(-1)?.run()
    await settle()
  }
  expect(scheduled.map(({ ms }) => ms / REOPEN_MS)).toEqual([1, 2, 4, 8, 12, 12])
})

test('uses the default when another program holds the chosen device', async () => {
  const { devices, microphone, sent } = setUp(BUILT_IN, HEADSET)
  devices.plugged = [BUILT_IN, { ...HEADSET, busy: true } as never]
  await microphone.open(HEADSET, PROCESSED)
  expect(sent).toEqual([BUILT_IN.label])
})

test('returns to the chosen device after the question in which it was plugged in', async () => {
  const { devices, microphone, sent } = setUp(BUILT_IN)
  await microphone.open(HEADSET, PROCESSED)
  microphone.setGate('open')
  devices.plugged = [BUILT_IN, HEADSET]
  await microphone.devicesChanged()
  expect(sent).toEqual([BUILT_IN.label])
  microphone.setGate('closed')
  await settle()
  expect(sent.at(-1)).toBe(HEADSET.label)
})

test('keeps the device while a question is recorded behind the closed gate', async () => {
  const { devices, microphone, sent } = setUp(BUILT_IN)
  await microphone.open(HEADSET, PROCESSED)
  microphone.setUse('in_use')
  devices.plugged = [BUILT_IN, HEADSET]
  await microphone.devicesChanged()
  microphone.setGate('closed')
  await settle()
  expect(sent).toEqual([BUILT_IN.label])
  microphone.setUse('idle')
  await settle()
  expect(sent.at(-1)).toBe(HEADSET.label)
})

test("keeps the question's device when the new one opens during a press", async () => {
  const { devices, microphone, sent } = setUp(BUILT_IN)
  await microphone.open(HEADSET, PROCESSED)
  devices.plugged = [BUILT_IN, HEADSET]
  devices.onAsked = () => microphone.setGate('open')
  await microphone.devicesChanged()
  devices.onAsked = () => {}
  expect(sent).toEqual([BUILT_IN.label])
  expect(devices.tracks.filter((track) => track.isLive())).toHaveLength(1)
  microphone.setGate('closed')
  await settle()
  expect(sent.at(-1)).toBe(HEADSET.label)
})

test('replaces a device that is unplugged during a hold, and stays ready with an open gate', async () => {
  const { devices, microphone, states, sent, scheduled } = setUp(BUILT_IN, HEADSET)
  await microphone.open(HEADSET, PROCESSED)
  microphone.setGate('open')
  devices.plugged = [BUILT_IN]
  devices.tracks[0]?.onended?.()
  await settle()
  expect(sent.at(-1)).toBe(BUILT_IN.label)
  expect(devices.tracks[1]?.enabled).toBe(true)
  expect(states.slice(2)).toEqual([{ status: 'ready', label: BUILT_IN.label }])
  expect(scheduled.every(({ isOver }) => isOver)).toBe(true)
})

test('reports a slow replacement as opening', async () => {
  const { devices, microphone, states, scheduled } = setUp(BUILT_IN)
  await microphone.open(null, PROCESSED)
  devices.tracks[0]?.onended?.()
  expect(states.at(-1)?.status).toBe('ready')
  expect(scheduled.at(-1)?.ms).toBe(REPLACE_MS)
  scheduled.at(-1)?.run()
  expect(states.at(-1)?.status).toBe('opening')
})

test('replaces a device that is missing from the list, without its ended event', async () => {
  const { devices, microphone, sent } = setUp(BUILT_IN, HEADSET)
  await microphone.open(HEADSET, PROCESSED)
  microphone.setGate('open')
  devices.plugged = [BUILT_IN]
  await microphone.devicesChanged()
  expect(sent).toEqual([HEADSET.label, null, BUILT_IN.label])
})

test('changes the processing of the same device, and only after the question', async () => {
  const { devices, microphone, sent } = setUp(BUILT_IN, HEADSET)
  await microphone.open(null, PROCESSED)
  microphone.setGate('open')
  await microphone.open(null, RAW)
  expect(microphone.track()?.getSettings()).toMatchObject(PROCESSED)
  microphone.setGate('closed')
  await settle()
  expect(microphone.track()?.getSettings()).toMatchObject(RAW)
  expect(sent.at(-1)).toBe(BUILT_IN.label)
  expect(devices.tracks.filter((track) => track.isLive())).toHaveLength(1)
})

test('ends with the last of several quick changes', async () => {
  const { devices, microphone } = setUp(BUILT_IN, HEADSET)
  await microphone.open(null, PROCESSED)
  await Promise.all([
    microphone.open(HEADSET, PROCESSED),
    microphone.open(HEADSET, RAW),
    microphone.open(null, RAW),
    microphone.open(HEADSET, { ...RAW, echoCancellation: true })
  ])
  await settle()
  expect(microphone.track()?.getSettings()).toEqual({
    deviceId: HEADSET.id,
    ...RAW,
    echoCancellation: true
  })
  expect(devices.tracks.filter((track) => track.isLive())).toHaveLength(1)
})

test('accepts a device whose processing cannot be switched off', async () => {
  const { devices, microphone, states } = setUp(BUILT_IN)
  devices.forced = { echoCancellation: true }
  await microphone.open(null, RAW)
  expect(states.at(-1)?.status).toBe('ready')
})

test('keeps the open device when the chosen one cannot be opened', async () => {
  const { devices, microphone, states } = setUp(BUILT_IN, HEADSET)
  await microphone.open(null, PROCESSED)
  devices.plugged = [
    { ...BUILT_IN, busy: true },
    { ...HEADSET, busy: true }
  ]
  await microphone.open(HEADSET, PROCESSED)
  expect(microphone.track()?.label).toBe(BUILT_IN.label)
  expect(states.at(-1)?.status).toBe('ready')
})

test('stays closed when the devices change', async () => {
  const { devices, microphone } = setUp(BUILT_IN)
  await microphone.open(null, PROCESSED)
  const changing = microphone.devicesChanged()
  microphone.close()
  await changing
  expect(microphone.track()).toBeNull()
  expect(devices.tracks.some((track) => track.isLive())).toBe(false)
})

test('always cancels the echo hands-free, and otherwise asks for the settings', () => {
  expect(audioProcessingOf({ ...RAW, handsFree: true })).toEqual({ ...RAW, echoCancellation: true })
  expect(audioProcessingOf({ ...RAW, handsFree: false })).toEqual(RAW)
  expect(audioProcessingOf({ ...PROCESSED, handsFree: false })).toEqual(PROCESSED)
})
