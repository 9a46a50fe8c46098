// Chromium's speaker selection for AudioContext, which TypeScript's DOM library lacks.
interface AudioContext {
  /** '' is the system's default device. Rejects with NotFoundError when the device is gone. */
  setSinkId(sinkId: string): Promise<void>
  /** The speaker failed or was unplugged: the context stops until it has another one. */
  onerror: ((event: Event) => void) | null
}

interface AudioContextOptions {
  /** `none`: no output, and a timer's clock, which falls behind on a busy machine. */
  sinkId?: string | { type: 'none' }
}
