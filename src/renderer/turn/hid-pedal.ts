// Turns the reports of HID pedals, which are not keyboards, into presses and releases.
import { bindingSource, hidSource } from '../../shared/bindings.ts'
import { heldButtons, type Pedal } from '../../shared/pedals.ts'
import type { Binding } from '../../shared/settings.ts'
import { type HidDevicesPorts, openHidDevices } from './hid-devices.ts'
import type { TurnEvent } from './turn-events.ts'

/** A pressed button, bound or not. */
export type PedalPress = Extract<Binding, { kind: 'hid' }>

export type HidPedals = {
  /** Shows Chromium's chooser and opens the chosen pedal. Must be called from a click. */
  choose: () => Promise<void>
  /** Diverts presses to `listener` until it is stopped. Returns the function that stops it. */
  capture: (listener: (press: PedalPress) => void) => () => void
}

export type HidPedalsOptions = Pick<HidDevicesPorts, 'hid' | 'onPedals' | 'onProblem'> & {
  /** Bindings at the moment of a press. */
  bindings: () => readonly Binding[]
  /** False while a press means nothing, such as before the sign-in. */
  isListening: () => boolean
  dispatch: (event: TurnEvent) => void
}

/** A report holds at most this many buttons, one bit each. */
const BUTTONS = Array.from({ length: 32 }, (_, button) => button)

const isSet = (mask: number, button: number): boolean => ((mask >>> button) & 1) === 1

/** Counts the devices that hold a source: two pedals of one kind share their sources. */
const createHolders = () => {
  const holders = new Map<string, Set<HIDDevice>>()
  /** @returns true for the last device of the source */
  const remove = (device: HIDDevice, source: string): boolean => {
    const devices = holders.get(source)
    if (devices === undefined || !devices.delete(device) || devices.size > 0) return false
    return holders.delete(source)
  }
  return {
    /** @returns true for the first device of the source */
    add: (device: HIDDevice, source: string): boolean => {
      const devices = holders.get(source)
      if (devices === undefined) holders.set(source, new Set([device]))
      else devices.add(device)
      return devices === undefined
    },
    remove,
    /** @returns whether a source lost its last device */
    removeDevice: (device: HIDDevice): boolean =>
      [...holders.keys()].filter((source) => remove(device, source)).length > 0
  }
}

/** Each button is a source of its own. The last pedal of one kind that is let go releases. */
export const listenToPedals = (options: HidPedalsOptions): HidPedals => {
  const { dispatch } = options
  const holders = createHolders()
  /** The buttons of each device's last report. */
  const masks = new WeakMap<HIDDevice, number>()
  let captor: ((press: PedalPress) => void) | null = null

  const isBound = (source: string): boolean =>
    options.bindings().some((binding) => bindingSource(binding) === source)

  const press = (device: HIDDevice, source: string, atMs: number) => {
    if (!options.isListening() || !isBound(source)) return
    if (holders.add(device, source)) dispatch({ type: 'press', source, atMs })
  }

  const readReport = (device: HIDDevice, pedal: Pedal, event: HIDInputReportEvent) => {
    const { data, reportId, timeStamp: atMs } = event
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    const mask = heldButtons(pedal, reportId, bytes)
    if (mask === null) return
    const before = masks.get(device) ?? 0
    masks.set(device, mask)
    const { vendorId, productId, name: label } = pedal
    const wentUp = BUTTONS.filter((button) => isSet(before, button) && !isSet(mask, button))
    const wentDown = BUTTONS.filter((button) => !isSet(before, button) && isSet(mask, button))
    // A release needs no binding: it may have been removed during the hold.
    for (const button of wentUp) {
      const source = hidSource(vendorId, productId, button)
      if (holders.remove(device, source)) dispatch({ type: 'release', source, atMs })
    }
    if (captor === null) {
      for (const button of wentDown) press(device, hidSource(vendorId, productId, button), atMs)
      return
    }
    const [button] = wentDown
    // A hand microphone's first report has its slide's position beside the button: the next press is unambiguous.
    if (button !== undefined && wentDown.length === 1) {
      captor({ kind: 'hid', vendorId, productId, button, label })
    }
  }

  const choose = openHidDevices({
    ...options,
    onReport: readReport,
    onRemoved: (device, atMs) => {
      masks.delete(device)
      if (holders.removeDevice(device)) {
        dispatch({ type: 'hold_lost', reason: 'device_removed', atMs })
      }
    }
  })

  return {
    choose,
    capture: (listener) => {
      captor = listener
      return () => {
        if (captor === listener) captor = null
      }
    }
  }
}
