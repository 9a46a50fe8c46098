// Names the keys and buttons that talk: the source of a hold in a turn, and the identity of a binding.
import type { Binding } from './settings.ts'

/** `key:F19`, by `KeyboardEvent.code`. */
export const keySource = (code: string): string => `key:${code}`

/** `hid:05f3:00ff:0`: vendor and product as lists of USB devices write them, and the button. */
export const hidSource = (vendorId: number, productId: number, button: number): string =>
  `hid:${usbId(vendorId)}:${usbId(productId)}:${button}`

export const bindingSource = (binding: Binding): string => {
  switch (binding.kind) {
    case 'key':
      return keySource(binding.code)
    case 'hid':
      return hidSource(binding.vendorId, binding.productId, binding.button)
    default:
      return binding satisfies never
  }
}

/** True when `next` has a binding that `before` does not have. */
export const addsBinding = (before: readonly Binding[], next: readonly Binding[]): boolean => {
  const known = new Set(before.map(bindingSource))
  return next.some((binding) => !known.has(bindingSource(binding)))
}

const usbId = (id: number): string => id.toString(16).padStart(4, '0')
