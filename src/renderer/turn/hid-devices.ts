// Opens the HID pedals that are plugged in, now and later, and reports which of them are open.
import { PEDALS, type Pedal, pedalOf } from '../../shared/pedals.ts'

/** The part of WebHID in use. */
export type HidPort = Pick<HID, 'getDevices' | 'requestDevice' | 'addEventListener'>

export type PedalProblem = {
  /** `list`: the devices could not be listed; `open`: one could not be opened; `choose`: no chooser was shown. */
  at: 'list' | 'open' | 'choose'
  /** The pedal's name, or empty. */
  pedal: string
  message: string
}

export type HidDevicesPorts = {
  /** null in a browser without WebHID. */
  hid: HidPort | null
  onReport: (device: HIDDevice, pedal: Pedal, event: HIDInputReportEvent) => void
  onRemoved: (device: HIDDevice, atMs: number) => void
  /** Names of the open pedals, after every change. */
  onPedals: (names: readonly string[]) => void
  onProblem: (problem: PedalProblem) => void
}

type Opened = { pedal: Pedal; stop: () => void }

const pedalFilters = (): HIDDeviceFilter[] =>
  PEDALS.map(({ vendorId, productId, usage }) => ({
    vendorId,
    productId,
    ...(usage === null ? {} : { usagePage: usage.page, usage: usage.id })
  }))

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : 'unknown')

/** Opens only pedals of the shared list, and returns the function that shows Chromium's chooser. */
export const openHidDevices = ({
  hid,
  onReport,
  onRemoved,
  onPedals,
  onProblem
}: HidDevicesPorts): (() => Promise<void>) => {
  const opened = new Map<HIDDevice, Opened>()

  const reportPedals = () => {
    const names = [...opened].flatMap(([device, { pedal }]) => (device.opened ? [pedal.name] : []))
    onPedals([...new Set(names)])
  }
  const forget = (device: HIDDevice) => {
    opened.get(device)?.stop()
    opened.delete(device)
  }
  const open = async (device: HIDDevice): Promise<void> => {
    const pedal = pedalOf(device)
    if (pedal === null || opened.has(device)) return
    const listening = new AbortController()
    const entry: Opened = { pedal, stop: () => listening.abort() }
    // Noted before it is open: the list and a `connect` may both name it.
    opened.set(device, entry)
    device.addEventListener('inputreport', (event) => onReport(device, pedal, event), {
      signal: listening.signal
    })
    try {
      if (!device.opened) await device.open()
      reportPedals()
    } catch (error) {
      // Held by another program, or unplugged. The next plug-in tries again.
      if (opened.get(device) === entry) forget(device)
      onProblem({ at: 'open', pedal: pedal.name, message: messageOf(error) })
    }
  }
  const openFrom = async (at: 'list' | 'choose', list: () => Promise<HIDDevice[]>) => {
    try {
      await Promise.all((await list()).map(open))
    } catch (error) {
      onProblem({ at, pedal: '', message: messageOf(error) })
    }
  }

  if (hid === null) return async () => {}
  hid.addEventListener('connect', ({ device }) => void open(device))
  hid.addEventListener('disconnect', ({ device, timeStamp }) => {
    forget(device)
    reportPedals()
    onRemoved(device, timeStamp)
  })
  void openFrom('list', () => hid.getDevices())
  return () => openFrom('choose', () => hid.requestDevice({ filters: pedalFilters() }))
}
