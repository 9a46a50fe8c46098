// HID pedals on a WebHID whose devices the test plugs in.
import { expect, test } from 'vitest'
import type { HidPort, PedalProblem } from '../../../../src/renderer/turn/hid-devices.ts'
import { listenToPedals, type PedalPress } from '../../../../src/renderer/turn/hid-pedal.ts'
import type { TurnEvent } from '../../../../src/renderer/turn/turn-events.ts'
import type { Binding } from '../../../../src/shared/settings.ts'
import { eventually } from '../../../eventually.ts'
import { createFakeHid, type FakeHid } from './fake-hid.ts'

const INFINITY = {
  vendorId: 0x05f3,
  productId: 0x00ff,
  productName: 'VEC USB Footpedal',
  collections: [{ usagePage: 0x0c, usage: 0x03 }]
}
const KEYBOARD = {
  vendorId: 0x0c45,
  productId: 0x7403,
  collections: [{ usagePage: 1, usage: 6 }]
}
/** A SpeechMike's interface without buttons. */
const WRONG_INTERFACE = {
  vendorId: 0x0911,
  productId: 0x0c1c,
  collections: [{ usagePage: 0x0c, usage: 1 }]
}
const NAME = 'VEC Infinity foot pedal'

const infinityButton = (button: number): Binding => ({
  kind: 'hid',
  vendorId: INFINITY.vendorId,
  productId: INFINITY.productId,
  button,
  label: NAME
})
const LEFT = 'hid:05f3:00ff:0'
const MIDDLE = 'hid:05f3:00ff:1'

const opened = (device: { opened: boolean }) => eventually(() => expect(device.opened).toBe(true))

const setUp = (fake: FakeHid = createFakeHid(), buttons: number[] = [0, 1]) => {
  const events: TurnEvent[] = []
  const problems: PedalProblem[] = []
  const plugged: (readonly string[])[] = []
  const settings = { bindings: buttons.map(infinityButton), isListening: true }
  const pedals = listenToPedals({
    hid: fake as unknown as HidPort,
    bindings: () => settings.bindings,
    isListening: () => settings.isListening,
    dispatch: (event) => events.push(event),
    onPedals: (names) => plugged.push(names),
    onProblem: (problem) => problems.push(problem)
  })
  const dispatched = () =>
    events.map((event) => ('source' in event ? `${event.type} ${event.source}` : event.type))
  const plugIn = async () => {
    const device = fake.plugIn(INFINITY)
    await opened(device)
    return device
  }
  return { fake, events, problems, plugged, settings, pedals, dispatched, plugIn }
}

test('opens a pedal that is plugged in already, and presses and releases by its bits', async () => {
  const fake = createFakeHid()
  const device = fake.plugIn(INFINITY)
  const { dispatched, events } = setUp(fake)
  await opened(device)
  for (const bits of [1, 1, 3, 2, 0]) device.report([bits, 0])
  expect(dispatched()).toEqual([
    `press ${LEFT}`,
    `press ${MIDDLE}`,
    `release ${LEFT}`,
    `release ${MIDDLE}`
  ])
  expect(events.every((event) => 'atMs' in event && event.atMs > 0)).toBe(true)
})

test('names the open pedals, each kind once', async () => {
  const { fake, plugged, problems } = setUp()
  fake.failToOpen('held by another program')
  fake.plugIn(INFINITY)
  await eventually(() => expect(problems).toHaveLength(1))
  expect(plugged).toEqual([])
  fake.failToOpen(null)
  const left = fake.plugIn(INFINITY)
  const right = fake.plugIn(INFINITY)
  await eventually(() => expect(plugged).toHaveLength(2))
  fake.unplug(left)
  expect(plugged.at(-1)).toEqual([NAME])
  fake.unplug(right)
  expect(plugged.at(-1)).toEqual([])
})

test('opens a pedal once that is listed and announced', async () => {
  const fake = createFakeHid()
  const device = fake.plugIn(INFINITY)
  const { pedals } = setUp(fake)
  fake.plugInAgain(device)
  await opened(device)
  const learned: PedalPress[] = []
  pedals.capture((press) => learned.push(press))
  device.report([1, 0])
  expect(learned).toHaveLength(1)
})

test('opens no device outside the list, and no interface without buttons', async () => {
  const fake = createFakeHid()
  const others = [fake.plugIn(KEYBOARD), fake.plugIn(WRONG_INTERFACE)]
  const pedal = fake.plugIn(INFINITY)
  setUp(fake)
  await opened(pedal)
  expect(others.map((device) => device.opened)).toEqual([false, false])
})

test('takes a press of a bound button only, and only while it listens', async () => {
  const { dispatched, settings, plugIn } = setUp(undefined, [0])
  const device = await plugIn()
  device.report([4, 0])
  device.report([0, 0])
  settings.isListening = false
  device.report([1, 0])
  device.report([0, 0])
  expect(dispatched()).toEqual([])
})

test('releases a button whose binding was removed during the hold, listening or not', async () => {
  const { dispatched, settings, plugIn } = setUp()
  const device = await plugIn()
  device.report([1, 0])
  settings.bindings = []
  settings.isListening = false
  device.report([0, 0])
  expect(dispatched()).toEqual([`press ${LEFT}`, `release ${LEFT}`])
})

test('loses the hold with the pedal that holds, and presses again after a second plug-in', async () => {
  const { fake, events, dispatched, plugIn } = setUp()
  const device = await plugIn()
  device.report([1, 0])
  fake.unplug(device)
  expect(events[1]).toMatchObject({ type: 'hold_lost', reason: 'device_removed' })
  await device.close()
  fake.plugInAgain(device)
  await opened(device)
  fake.unplug(device)
  expect(dispatched()).toEqual([`press ${LEFT}`, 'hold_lost'])
  await device.close()
  fake.plugInAgain(device)
  await opened(device)
  device.report([1, 0])
  device.report([0, 0])
  expect(dispatched().slice(2)).toEqual([`press ${LEFT}`, `release ${LEFT}`])
})

test('releases with the last of two pedals of one kind', async () => {
  const { fake, dispatched, plugIn } = setUp()
  const [one, other] = [await plugIn(), await plugIn()]
  one.report([1, 0])
  other.report([1, 0])
  one.report([0, 0])
  expect(dispatched()).toEqual([`press ${LEFT}`])
  fake.unplug(other)
  expect(dispatched()).toEqual([`press ${LEFT}`, 'hold_lost'])
})

test('reports a pedal that cannot be opened, and tries again at the next plug-in', async () => {
  const { fake, problems, dispatched } = setUp()
  fake.failToOpen('Failed to open the device.')
  const device = fake.plugIn(INFINITY)
  await eventually(() =>
    expect(problems).toEqual([{ at: 'open', pedal: NAME, message: 'Failed to open the device.' }])
  )
  fake.unplug(device)
  fake.failToOpen(null)
  fake.plugInAgain(device)
  await opened(device)
  device.report([1, 0])
  expect(dispatched()).toEqual([`press ${LEFT}`])
})

test('offers the listed pedals only, and opens the chosen one', async () => {
  const { fake, pedals, plugged, dispatched } = setUp()
  fake.plugIn(KEYBOARD, 'denied')
  await pedals.choose()
  const device = fake.plugIn(INFINITY, 'denied')
  expect([device.opened, plugged]).toEqual([false, []])
  await pedals.choose()
  expect(plugged).toEqual([[NAME]])
  device.report([1, 0])
  expect(dispatched()).toEqual([`press ${LEFT}`])
})

test('reports a list or a chooser that is denied', async () => {
  const denied = () => Promise.reject(new DOMException('denied by policy', 'SecurityError'))
  const { pedals, problems } = setUp(
    Object.assign(createFakeHid(), { getDevices: denied, requestDevice: denied })
  )
  await pedals.choose()
  expect(problems.map(({ at, message }) => `${at}: ${message}`)).toEqual([
    'list: denied by policy',
    'choose: denied by policy'
  ])
})

test('diverts presses to the learner, bound or not, and still releases a hold', async () => {
  const { pedals, dispatched, plugIn } = setUp(undefined, [1])
  const device = await plugIn()
  device.report([2, 0])
  const learned: PedalPress[] = []
  const stop = pedals.capture((press) => learned.push(press))
  device.report([0, 0])
  device.report([1, 0])
  device.report([0, 0])
  expect(learned).toEqual([infinityButton(0)])
  // Two buttons at once are ambiguous.
  device.report([5, 0])
  device.report([0, 0])
  stop()
  device.report([2, 0])
  expect(learned).toHaveLength(1)
  expect(dispatched()).toEqual([`press ${MIDDLE}`, `release ${MIDDLE}`, `press ${MIDDLE}`])
})

test('does nothing without WebHID', async () => {
  const unexpected = () => {
    throw new Error('there is no WebHID')
  }
  const pedals = listenToPedals({
    hid: null,
    bindings: () => [],
    isListening: () => true,
    dispatch: unexpected,
    onPedals: unexpected,
    onProblem: unexpected
  })
  await pedals.choose()
})
