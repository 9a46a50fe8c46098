// Pedals that are no keyboards, on a WebHID whose devices the test plugs in.
import { expect, test } from 'vitest'
import {
  type HidPort,
  listenToPedals,
  type PedalPress,
  type PedalProblem
} from '../../../../src/renderer/turn/hid-pedal.ts'
import type { TurnEvent } from '../../../../src/renderer/turn/turn-events.ts'
import type { Binding } from '../../../../src/shared/settings.ts'
import { eventually } from '../../../eventually.ts'
import { createFakeHid, type FakeHid, fakeHidScript } from './fake-hid.ts'

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
const SPEECHMIKE = {
  vendorId: 0x0911,
  productId: 0x0c1c,
  collections: [{ usagePage: 0xffa0, usage: 1 }]
}

const infinityButton = (button: number): Binding => ({
  kind: 'hid',
  vendorId: INFINITY.vendorId,
  productId: INFINITY.productId,
  button,
  label: 'VEC Infinity foot pedal'
})
const LEFT = 'hid:05f3:00ff:0'
const MIDDLE = 'hid:05f3:00ff:1'

const setUp = (fake: FakeHid = createFakeHid(), buttons: number[] = [0, 1]) => {
  const events: TurnEvent[] = []
  const problems: PedalProblem[] = []
  const plugged: (readonly string[])[] = []
  const world = { bindings: buttons.map(infinityButton), isListening: true }
  const pedals = listenToPedals({
    hid: fake as unknown as HidPort,
    bindings: () => world.bindings,
    isListening: () => world.isListening,
    dispatch: (event) => events.push(event),
    onPedals: (names) => plugged.push(names),
    onProblem: (problem) => problems.push(problem)
  })
  const said = () =>
    events.map((event) => ('source' in event ? `${event.type} ${event.source}` : event.type))
  return { fake, events, problems, plugged, world, pedals, said }
}
const opened = (device: { opened: boolean }) => eventually(() => expect(device.opened).toBe(true))

test('opens a pedal that is there already, and presses and releases by its bits', async () => {
  const fake = createFakeHid()
  const device = fake.plugIn(INFINITY)
  const { said, events } = setUp(fake)
  await opened(device)
  device.report([1, 0])
  device.report([1, 0])
  device.report([3, 0])
  device.report([2, 0])
  device.report([0, 0])
  expect(said()).toEqual([
    `press ${LEFT}`,
    `press ${MIDDLE}`,
    `release ${LEFT}`,
    `release ${MIDDLE}`
  ])
  expect(events.every((event) => 'atMs' in event && event.atMs > 0)).toBe(true)
})

test('opens a pedal that is plugged in later', async () => {
  const { fake, said } = setUp()
  const device = fake.plugIn(INFINITY)
  await opened(device)
  device.report([1, 0])
  expect(said()).toEqual([`press ${LEFT}`])
})

test('says which pedals are plugged in: none that could not be opened, and each kind once', async () => {
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
  expect(plugged.at(-1)).toEqual(['VEC Infinity foot pedal'])
  fake.unplug(right)
  expect(plugged.at(-1)).toEqual([])
})

test('opens once a pedal that is both listed and said to be plugged in', async () => {
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

test('opens no device that is not on the list, and no interface that sends no buttons', async () => {
  const fake = createFakeHid()
  const keyboard = fake.plugIn(KEYBOARD)
  const wrongInterface = fake.plugIn({
    ...SPEECHMIKE,
    collections: [{ usagePage: 0x0c, usage: 1 }]
  })
  const pedal = fake.plugIn(INFINITY)
  setUp(fake)
  await opened(pedal)
  expect([keyboard.opened, wrongInterface.opened]).toEqual([false, false])
})

test('takes a press of a bound button only, and while presses mean something', async () => {
  const { fake, said, world } = setUp(undefined, [0])
  const device = fake.plugIn(INFINITY)
  await opened(device)
  device.report([4, 0])
  device.report([0, 0])
  world.isListening = false
  device.report([1, 0])
  device.report([0, 0])
  expect(said()).toEqual([])
})

test('releases a button whose binding was removed while it was held, and when presses mean nothing', async () => {
  const { fake, said, world } = setUp()
  const device = fake.plugIn(INFINITY)
  await opened(device)
  device.report([1, 0])
  world.bindings = []
  world.isListening = false
  device.report([0, 0])
  expect(said()).toEqual([`press ${LEFT}`, `release ${LEFT}`])
})

test('says that the hold is lost when the device that holds is unplugged, and only then', async () => {
  const { fake, events, said } = setUp()
  const device = fake.plugIn(INFINITY)
  await opened(device)
  device.report([1, 0])
  fake.unplug(device)
  expect(events[1]).toMatchObject({ type: 'hold_lost', reason: 'device_removed' })
  fake.plugInAgain(device)
  await opened(device)
  fake.unplug(device)
  expect(said()).toEqual([`press ${LEFT}`, 'hold_lost'])
})

test('presses again after it was plugged in again', async () => {
  const { fake, said } = setUp()
  const device = fake.plugIn(INFINITY)
  await opened(device)
  device.report([1, 0])
  fake.unplug(device)
  await device.close()
  fake.plugInAgain(device)
  await opened(device)
  device.report([1, 0])
  device.report([0, 0])
  expect(said()).toEqual([`press ${LEFT}`, 'hold_lost', `press ${LEFT}`, `release ${LEFT}`])
})

test('lets two pedals of one kind hold together, and releases with the last of them', async () => {
  const { fake, said } = setUp()
  const [one, other] = [fake.plugIn(INFINITY), fake.plugIn(INFINITY)]
  await opened(one)
  await opened(other)
  one.report([1, 0])
  other.report([1, 0])
  one.report([0, 0])
  expect(said()).toEqual([`press ${LEFT}`])
  fake.unplug(other)
  expect(said()).toEqual([`press ${LEFT}`, 'hold_lost'])
})

test('reports a device that cannot be opened, and tries again when it is plugged in again', async () => {
  const { fake, problems, said } = setUp()
  fake.failToOpen('Failed to open the device.')
  const device = fake.plugIn(INFINITY)
  await eventually(() =>
    expect(problems).toEqual([
      { at: 'open', pedal: 'VEC Infinity foot pedal', message: 'Failed to open the device.' }
    ])
  )
  fake.unplug(device)
  fake.failToOpen(null)
  fake.plugInAgain(device)
  await opened(device)
  device.report([1, 0])
  expect(said()).toEqual([`press ${LEFT}`])
})

test('has the shell choose among the pedals on the list, and opens what it chose', async () => {
  const { fake, pedals, said } = setUp()
  fake.plugIn(KEYBOARD, 'denied')
  expect(await pedals.choose()).toEqual([])
  const device = fake.plugIn(INFINITY, 'denied')
  expect(device.opened).toBe(false)
  expect(await pedals.choose()).toEqual(['VEC Infinity foot pedal'])
  device.report([1, 0])
  expect(said()).toEqual([`press ${LEFT}`])
})

test('reports a list that cannot be had or shown', async () => {
  const fake = createFakeHid()
  const denied = () => Promise.reject(new DOMException('denied by policy', 'SecurityError'))
  const { pedals, problems } = setUp(
    Object.assign(fake, { getDevices: denied, requestDevice: denied })
  )
  expect(await pedals.choose()).toEqual([])
  expect(problems.map(({ at, message }) => `${at}: ${message}`)).toEqual([
    'list: denied by policy',
    'choose: denied by policy'
  ])
})

test('gives presses to whoever learns, bound or not, and still releases what was held', async () => {
  const { fake, pedals, said } = setUp(undefined, [1])
  const device = fake.plugIn(INFINITY)
  await opened(device)
  device.report([2, 0])
  const learned: PedalPress[] = []
  const stop = pedals.capture((press) => learned.push(press))
  device.report([0, 0])
  device.report([1, 0])
  device.report([0, 0])
  expect(learned).toEqual([infinityButton(0)])
  // Both at once: which one was meant?
  device.report([5, 0])
  device.report([0, 0])
  expect(learned).toHaveLength(1)
  stop()
  device.report([2, 0])
  expect(learned).toHaveLength(1)
  expect(said()).toEqual([`press ${MIDDLE}`, `release ${MIDDLE}`, `press ${MIDDLE}`])
})

test('lets go of what is held and of the devices when it is closed', async () => {
  const { fake, pedals, said } = setUp()
  const device = fake.plugIn(INFINITY)
  await opened(device)
  device.report([1, 0])
  pedals.close()
  expect(said()).toEqual([`press ${LEFT}`, `release ${LEFT}`])
  await eventually(() => expect(device.opened).toBe(false))
  const later = fake.plugIn(INFINITY)
  fake.unplug(device)
  expect(later.opened).toBe(false)
  expect(said()).toHaveLength(2)
})

test('leaves no device open that was still opening when it was closed', async () => {
  const fake = createFakeHid()
  const finish = fake.holdOpenings()
  const { pedals } = setUp(fake)
  const device = fake.plugIn(INFINITY)
  pedals.close()
  const opening = device.open()
  finish()
  await opening
  // The pedal's own opening began first: it has been opened, and what followed is to close it.
  await eventually(() => expect(device.opened).toBe(false))
})

test('does nothing without WebHID', async () => {
  const pedals = listenToPedals({
    hid: null,
    bindings: () => [],
    isListening: () => true,
    dispatch: () => {
      throw new Error('there is nothing to say')
    },
    onPedals: () => {
      throw new Error('there is none')
    },
    onProblem: () => {
      throw new Error('it is no problem')
    }
  })
  expect(await pedals.choose()).toEqual([])
  pedals.close()
})

test('the fake works from its source alone, as it is put into a page', async () => {
  const scope: { fakeHid?: FakeHid } = {}
  const navigator: { hid?: FakeHid } = {}
  new Function('globalThis', 'navigator', fakeHidScript())(scope, navigator)
  const hid = scope.fakeHid
  if (hid === undefined) throw new Error('the script made no fake')
  expect(navigator.hid).toBe(hid)
  const device = hid.plugIn(INFINITY)
  const { said } = setUp(hid)
  await opened(device)
  device.report([1, 0])
  expect(said()).toEqual([`press ${LEFT}`])
})
