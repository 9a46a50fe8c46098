// A WebHID whose pedals the test plugs in. One self-contained function, so that a page can run its source: see
// fakeHidScript.

export type FakeHidIdentity = {
  vendorId: number
  productId: number
  productName?: string
  collections?: { usagePage: number; usage: number }[]
}

export type FakeHidDevice = EventTarget & {
  readonly vendorId: number
  readonly productId: number
  readonly productName: string
  readonly collections: { usagePage: number; usage: number }[]
  readonly opened: boolean
  open: () => Promise<void>
  close: () => Promise<void>
  /** Sends a report while the device is open. */
  report: (bytes: readonly number[], reportId?: number) => void
}

export type FakeHid = EventTarget & {
  getDevices: () => Promise<FakeHidDevice[]>
  requestDevice: (options: {
    filters: { vendorId?: number; productId?: number; usagePage?: number; usage?: number }[]
  }) => Promise<FakeHidDevice[]>
  /** The page has to ask for a `denied` device. */
  plugIn: (identity: FakeHidIdentity, permission?: 'granted' | 'denied') => FakeHidDevice
  unplug: (device: FakeHidDevice) => void
  plugInAgain: (device: FakeHidDevice) => void
  /** Openings fail with this message, as for a device that another program holds; null: they work. */
  failToOpen: (message: string | null) => void
}

/** Uses only globals that a page and Node share, and nothing of this file. */
export const createFakeHid = (): FakeHid => {
  const plugged = new Set<FakeHidDevice>()
  const granted = new Set<FakeHidDevice>()
  let openingFailure: string | null = null
  const hid = new EventTarget()
  const fire = (target: EventTarget, type: string, fields: object) =>
    target.dispatchEvent(Object.assign(new Event(type), fields))

  const createDevice = (identity: FakeHidIdentity): FakeHidDevice => {
    const target = new EventTarget()
    let opened = false
    const device = Object.defineProperties(target, {
      vendorId: { value: identity.vendorId },
      productId: { value: identity.productId },
      productName: { value: identity.productName ?? '' },
      collections: { value: identity.collections ?? [] },
      opened: { get: () => opened && plugged.has(device) },
      open: {
        value: async () => {
          if (!plugged.has(device))
            throw new DOMException('The device was disconnected.', 'NotFoundError')
          if (openingFailure !== null) throw new DOMException(openingFailure, 'NotAllowedError')
          opened = true
        }
      },
      close: {
        value: async () => {
          opened = false
        }
      },
      report: {
        value: (bytes: readonly number[], reportId = 0) => {
          if (!device.opened) return
          const data = new DataView(Uint8Array.from(bytes).buffer)
          fire(device, 'inputreport', { device, reportId, data })
        }
      }
    }) as FakeHidDevice
    return device
  }

  const plugInAgain = (device: FakeHidDevice) => {
    plugged.add(device)
    if (granted.has(device)) fire(hid, 'connect', { device })
  }

  return Object.assign(hid, {
    getDevices: async () => [...plugged].filter((device) => granted.has(device)),
    requestDevice: async ({ filters }: Parameters<FakeHid['requestDevice']>[0]) => {
      const chosen = [...plugged].find((device) =>
        filters.some(
          ({ vendorId, productId, usagePage, usage }) =>
            (vendorId === undefined || vendorId === device.vendorId) &&
            (productId === undefined || productId === device.productId) &&
            (usagePage === undefined ||
              device.collections.some(
                (own) => own.usagePage === usagePage && (usage === undefined || own.usage === usage)
              ))
        )
      )
      if (chosen === undefined) return []
      granted.add(chosen)
      return [chosen]
    },
    plugIn: (identity: FakeHidIdentity, permission: 'granted' | 'denied' = 'granted') => {
      const device = createDevice(identity)
      if (permission === 'granted') granted.add(device)
      plugInAgain(device)
      return device
    },
    plugInAgain,
    unplug: (device: FakeHidDevice) => {
      plugged.delete(device)
      if (granted.has(device)) fire(hid, 'disconnect', { device })
    },
    failToOpen: (message: string | null) => {
      openingFailure = message
    }
  })
}

/** A script that sets this WebHID as a page's `navigator.hid` and as `globalThis.fakeHid`. */
export const fakeHidScript = (): string =>
  `globalThis.fakeHid = (${createFakeHid.toString()})();
Object.defineProperty(navigator, 'hid', { value: globalThis.fakeHid, configurable: true });`
