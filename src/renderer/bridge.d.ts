// Declares the bridge that the preload or the preview shell puts on the window.
import type { Bridge } from '../shared/contract.ts'

declare global {
  interface Window {
    readonly heard: Bridge
  }
}
