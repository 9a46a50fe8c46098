// Which microphones and speakers there are, and which one a choice means now.
import type { DeviceChoice } from '../../shared/settings.ts'

export type Device = { id: string; label: string }
export type Devices = { microphones: readonly Device[]; speakers: readonly Device[] }

/** Plugging one headset in fires several events; the list is read once they have settled. */
export const DEVICE_CHANGE_SETTLE_MS = 300

/** Chromium's names for "whatever the system uses": listed beside the real ones, and not a choice. */
const ALIASES = new Set(['default', 'communications', ''])

/** Whether an id stands for whatever the system uses, and for no device of its own. */
export const isAlias = (id: string): boolean => ALIASES.has(id)

const named = (devices: readonly MediaDeviceInfo[], kind: MediaDeviceKind): Device[] =>
  devices
    .filter((device) => device.kind === kind && !isAlias(device.deviceId))
    .map(({ deviceId, label }) => ({ id: deviceId, label }))

export const listDevices = async (devices: MediaDevices): Promise<Devices> => {
  const all = await devices.enumerateDevices()
  return { microphones: named(all, 'audioinput'), speakers: named(all, 'audiooutput') }
}

/**
 * The device a choice means among those present: by id, else by name (ids are salted per profile and
 * change with it), else null for the system's default.
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

/** Calls `onChange` once after each burst of changes. Returns what stops it. */
export const watchDevices = (
  devices: MediaDevices,
  schedule: (run: () => void, ms: number) => () => void,
  onChange: () => void
): (() => void) => {
  let stopWaiting: (() => void) | null = null
  const changed = () => {
    stopWaiting?.()
    stopWaiting = schedule(onChange, DEVICE_CHANGE_SETTLE_MS)
  }
  devices.addEventListener('devicechange', changed)
  return () => {
    stopWaiting?.()
    devices.removeEventListener('devicechange', changed)
  }
}
