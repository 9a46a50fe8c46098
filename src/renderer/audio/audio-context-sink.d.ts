// Chromium's AudioContext can choose its speaker; TypeScript's DOM library does not say so yet.
interface AudioContext {
  /** '' is the system's default device. Rejects with NotFoundError when the device is gone. */
  setSinkId(sinkId: string): Promise<void>
  /** The speaker failed or was unplugged: the context stands still until it is given another one. */
  onerror: ((event: Event) => void) | null
}

interface AudioContextOptions {
  /** `none`: heard nowhere, and by a timer's clock, which falls behind on a busy machine. */
  sinkId?: string | { type: 'none' }
}
