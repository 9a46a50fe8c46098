// Changes of the plugged-in devices.
import { expect, test } from 'vitest'
import { DEVICE_CHANGE_SETTLE_MS, watchDevices } from '../../../../src/renderer/audio/devices.ts'

test('reads the list once after a burst of changes, and not after it was stopped', () => {
  const devices = new EventTarget()
  const waiting = new Map<() => void, number>()
  let reads = 0
  const stop = watchDevices(
    devices as MediaDevices,
    (run, ms) => {
      const wait = () => run()
      waiting.set(wait, ms)
      return () => waiting.delete(wait)
    },
    () => {
      reads += 1
    }
  )
  for (let change = 0; change < 6; change += 1) devices.dispatchEvent(new Event('devicechange'))
  expect([...waiting.values()]).toEqual([DEVICE_CHANGE_SETTLE_MS])
  for (const run of waiting.keys()) run()
  expect(reads).toBe(1)
  stop()
  devices.dispatchEvent(new Event('devicechange'))
  expect([reads, waiting.size]).toEqual([1, 0])
})
