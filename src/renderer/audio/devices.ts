// The microphones and speakers of the machine, and the device that a choice stands for.
import type { DeviceChoice } from '../../shared/settings.ts'

export type Device = { id: string; label: string }
export type Devices = { microphones: readonly Device[]; speakers: readonly Device[] }

/** One headset fires several events when it is plugged in; the list is read after the last. */
export const DEVICE_CHANGE_SETTLE_MS = 300

/** Chromium's names for the system's default, which it lists beside the real devices. */
const ALIASES = new Set(['default', 'communications', ''])

/** Whether an id stands for the system's default. */
export const isAlias = (id: string): boolean => ALIASES.has(id)

const ofKind = (devices: readonly MediaDeviceInfo[], kind: MediaDeviceKind): Device[] =>
  devices
    .filter((device) => device.kind === kind && !isAlias(device.deviceId))
    .map(({ deviceId, label }) => ({ id: deviceId, label }))

export const listDevices = async (devices: MediaDevices): Promise<Devices> => {
  const all = await devices.enumerateDevices()
  return { microphones: ofKind(all, 'audioinput'), speakers: ofKind(all, 'audiooutput') }
}

/**
 * Finds a choice among the plugged-in devices: by id, else by label, because ids are salted per profile; else null, the
 * system's default.
 */
export const resolveDevice = (
  choice: DeviceChoice | null,
  present: readonly Device[]
): Device | null => {
  if (choice === null) return null
  return (
    present.find((device) => device.id === choice.id) ??
    present.find((device) => device.label !== '' && device.label === choice.label) ??
    null
  )
}

/** Calls `onChange` once after each burst of changes. Returns the function that stops it. */
export const watchDevices = (
  devices: Pick<MediaDevices, 'addEventListener' | 'removeEventListener'>,
  schedule: (run: () => void, ms: number) => () => void,
  onChange: () => void
): (() => void) => {
  let stopWaiting = () => {}
  const changed = () => {
    stopWaiting()
    stopWaiting = schedule(onChange, DEVICE_CHANGE_SETTLE_MS)
  }
  devices.addEventListener('devicechange', changed)
  return () => {
    stopWaiting()
    devices.removeEventListener('devicechange', changed)
  }
}
