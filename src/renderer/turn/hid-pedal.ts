// Foot pedals that are no keyboards, through WebHID: opened when they are there, read by the allow-list's rules.
import { bindingSource, hidSource } from '../../shared/bindings.ts'
import { heldButtons, PEDALS, type Pedal, pedalOf } from '../../shared/pedals.ts'
import type { Binding } from '../../shared/settings.ts'
import type { TurnEvent } from './turn-events.ts'

/** What is used of WebHID. */
export type HidPort = Pick<HID, 'getDevices' | 'requestDevice' | 'addEventListener'>

export type PedalProblem = {
  /** `list`: the devices could not be asked for; `open`: a device could not; `choose`: no list was shown. */
  at: 'list' | 'open' | 'choose'
  /** Name of the pedal, or empty. */
  pedal: string
  message: string
}

/** A button that went down, whether it is bound or not. */
export type PedalPress = Extract<Binding, { kind: 'hid' }>

export type HidPedals = {
  /**
   * Has the shell choose a pedal and opens it. Has to be called from a click.
   * @returns names of the pedals chosen; none when there is none or WebHID is missing
   */
  choose: () => Promise<readonly string[]>
  /** Until it is stopped, presses go to `listener` and do not talk. Returns what stops it. */
  capture: (listener: (press: PedalPress) => void) => () => void
  /** Lets go of what is held, and of the devices. */
  close: () => void
}

export type HidPedalsOptions = {
  /** null in a browser without WebHID. */
  hid: HidPort | null
  /** Bindings in use at the moment of a press. */
  bindings: () => readonly Binding[]
  /** False while a press means nothing, such as before the sign-in. */
  isListening: () => boolean
  dispatch: (event: TurnEvent) => void
  /** Names of the pedals that are plugged in and open, whenever one came or went. */
  onPedals: (names: readonly string[]) => void
  onProblem: (problem: PedalProblem) => void
}

type OpenPedal = {
  pedal: Pedal
  /** Buttons of the last report, one bit each. */
  mask: number
  stop: () => void
}

/** Bits of a report that a button can have. */
const BUTTONS = Array.from({ length: 32 }, (_, button) => button)

/**
 * Opens the pedals that main allows, those that are there and those that are plugged in later. Each button is a
 * source of its own; two pedals of one kind share their sources, and the last one that lets go releases.
 */
export const listenToPedals = (options: HidPedalsOptions): HidPedals => {
  const { hid, dispatch, onProblem } = options
  const aborter = new AbortController()
  const open = new Map<HIDDevice, OpenPedal>()
  /** Devices that hold, by the source that was pressed. */
  const holders = new Map<string, Set<HIDDevice>>()
  let captor: ((press: PedalPress) => void) | null = null

  const isBound = (source: string): boolean =>
    options.bindings().some((binding) => bindingSource(binding) === source)

  const press = (device: HIDDevice, pedal: Pedal, button: number, atMs: number) => {
    const source = hidSource(pedal.vendorId, pedal.productId, button)
    if (!options.isListening() || !isBound(source)) return
    const others = holders.get(source)
    if (others !== undefined) {
      others.add(device)
      return
    }
    holders.set(source, new Set([device]))
    dispatch({ type: 'press', source, atMs })
  }

  /** @returns true when nobody holds the source any more */
  const letGo = (device: HIDDevice, source: string): boolean => {
    const devices = holders.get(source)
    if (devices === undefined || !devices.delete(device) || devices.size > 0) return false
    return holders.delete(source)
  }

  const readReport = (device: HIDDevice, entry: OpenPedal, event: HIDInputReportEvent) => {
    const { data, reportId } = event
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    const mask = heldButtons(entry.pedal, reportId, bytes)
    if (mask === null) return
    const before = entry.mask
    entry.mask = mask
    const { pedal } = entry
    const { vendorId, productId } = pedal
    const wentUp = BUTTONS.filter((button) => isSet(before, button) && !isSet(mask, button))
    const wentDown = BUTTONS.filter((button) => !isSet(before, button) && isSet(mask, button))
    // Filters are for presses. What was pressed is released, whatever became of its binding.
    for (const button of wentUp) {
      const source = hidSource(vendorId, productId, button)
      if (letGo(device, source)) dispatch({ type: 'release', source, atMs: event.timeStamp })
    }
    if (captor !== null) {
      const [button] = wentDown
      // A hand microphone's first report carries the position of its slide as well as the button: which of
      // the two was meant is not said, and the next press will say it.
      if (button === undefined || wentDown.length > 1) return
      captor({ kind: 'hid', vendorId, productId, button, label: pedal.name })
      return
    }
    for (const button of wentDown) press(device, pedal, button, event.timeStamp)
  }

  const openDevice = async (device: HIDDevice): Promise<void> => {
    const pedal = pedalOf(device)
    if (pedal === null || open.has(device)) return
    const listening = new AbortController()
    const entry: OpenPedal = { pedal, mask: 0, stop: () => listening.abort() }
    // Noted before it is open, so that a list and a `connect` that name it both open it once.
    open.set(device, entry)
    device.addEventListener('inputreport', (event) => readReport(device, entry, event), {
      signal: listening.signal
    })
    try {
      if (!device.opened) await device.open()
    } catch (error) {
      // Held by another program, or gone again. Plugging it in once more tries once more.
      if (open.get(device) === entry) forget(device)
      onProblem({ at: 'open', pedal: pedal.name, message: messageOf(error) })
      return
    }
    if (aborter.signal.aborted) await closeDevice(device)
    else tellPedals()
  }

  const tellPedals = () => {
    const names = [...open].flatMap(([device, { pedal }]) => (device.opened ? [pedal.name] : []))
    options.onPedals([...new Set(names)])
  }

  const forget = (device: HIDDevice) => {
    open.get(device)?.stop()
    open.delete(device)
  }

  const closeDevice = async (device: HIDDevice): Promise<void> => {
    try {
      await device.close()
    } catch {
      // It was unplugged: that is as closed as it can be.
    }
  }

  const openAll = (devices: readonly HIDDevice[]): Promise<unknown> =>
    Promise.all(devices.map(openDevice))

  const start = async (port: HidPort): Promise<void> => {
    port.addEventListener('connect', (event) => void openDevice(event.device), {
      signal: aborter.signal
    })
    port.addEventListener(
      'disconnect',
      ({ device, timeStamp }) => {
        forget(device)
        tellPedals()
        const lost = [...holders.keys()].filter((source) => letGo(device, source))
        if (lost.length > 0) {
          dispatch({ type: 'hold_lost', reason: 'device_removed', atMs: timeStamp })
        }
      },
      { signal: aborter.signal }
    )
    try {
      const devices = await port.getDevices()
      if (!aborter.signal.aborted) await openAll(devices)
    } catch (error) {
      onProblem({ at: 'list', pedal: '', message: messageOf(error) })
    }
  }
  if (hid !== null) void start(hid)

  return {
    choose: async () => {
      if (hid === null) return []
      try {
        const devices = await hid.requestDevice({ filters: pedalFilters() })
        await openAll(devices)
        return [...new Set(devices.flatMap((device) => pedalOf(device)?.name ?? []))]
      } catch (error) {
        onProblem({ at: 'choose', pedal: '', message: messageOf(error) })
        return []
      }
    },
    capture: (listener) => {
      captor = listener
      return () => {
        if (captor === listener) captor = null
      }
    },
    close: () => {
      aborter.abort()
      const atMs = performance.now()
      for (const source of holders.keys()) dispatch({ type: 'release', source, atMs })
      holders.clear()
      for (const device of [...open.keys()]) {
        forget(device)
        void closeDevice(device)
      }
    }
  }
}

const pedalFilters = (): HIDDeviceFilter[] =>
  PEDALS.map(({ vendorId, productId, usage }) => ({
    vendorId,
    productId,
    ...(usage === null ? {} : { usagePage: usage.page, usage: usage.id })
  }))

const isSet = (mask: number, button: number): boolean => ((mask >>> button) & 1) === 1

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : 'unknown')
