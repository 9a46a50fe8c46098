// Microphones as Chromium gives them, without sound. The fidelity tests use a real Chromium.

export type FakeProcessing = {
  echoCancellation: boolean
  noiseSuppression: boolean
  autoGainControl: boolean
}

export class FakeTrack {
  enabled = true
  stopped = false
  onended: (() => void) | null = null
  readonly deviceId: string
  readonly label: string
  readonly processing: FakeProcessing
  readonly clones: FakeTrack[] = []

  constructor(deviceId: string, label: string, processing: FakeProcessing) {
    this.deviceId = deviceId
    this.label = label
    this.processing = processing
  }
  clone(): FakeTrack {
    const copy = new FakeTrack(this.deviceId, this.label, this.processing)
    copy.enabled = this.enabled
    this.clones.push(copy)
    return copy
  }
  stop(): void {
    this.stopped = true
  }
  getSettings(): MediaTrackSettings {
    return { deviceId: this.deviceId, ...this.processing }
  }
  /** A device is open while one copy of its track lives. */
  isLive(): boolean {
    return !this.stopped || this.clones.some((copy) => copy.isLive())
  }
}

export type Plugged = { id: string; label: string; busy?: boolean }

const exactOf = <T>(constraint: T | { exact?: T } | undefined): T | null =>
  typeof constraint === 'object' && constraint !== null && 'exact' in constraint
    ? (constraint.exact ?? null)
    : null

/** The devices of a machine. */
export class FakeDevices {
  plugged: Plugged[] = []
  denied = false
  /** Processing that the platform does not switch off. */
  forced: Partial<FakeProcessing> = {}
  /** Runs while a device opens. */
  onAsked: () => void = () => {}
  readonly asked: MediaTrackConstraints[] = []
  /** The number of lists: each starts Chromium's process for cameras. */
  listed = 0
  readonly tracks: FakeTrack[] = []

  async enumerateDevices(): Promise<unknown[]> {
    this.listed += 1
    return this.plugged.map(({ id, label }) => ({ kind: 'audioinput', deviceId: id, label }))
  }
  async getUserMedia({ audio }: { audio: MediaTrackConstraints }): Promise<unknown> {
    this.asked.push(audio)
    this.onAsked()
    if (this.denied) throw new DOMException('', 'NotAllowedError')
    const exactId = exactOf<unknown>(audio.deviceId)
    const possible = this.plugged.filter(({ id }) => exactId === null || id === exactId)
    if (possible.length === 0) {
      throw new DOMException('', exactId === null ? 'NotFoundError' : 'OverconstrainedError')
    }
    // Like Chromium: one processing per device at a time, and another device rather than none.
    const [device] = possible.filter(({ id }) => this.#canBe(audio, id))
    if (device === undefined) throw new DOMException('', 'OverconstrainedError')
    if (device.busy === true) throw new DOMException('', 'NotReadableError')
    const track = new FakeTrack(device.id, device.label, this.#audioProcessingOf(audio))
    this.tracks.push(track)
    return { getAudioTracks: () => [track] }
  }

  #audioProcessingOf(audio: MediaTrackConstraints): FakeProcessing {
    const isAsked = (constraint: ConstrainBoolean | undefined) =>
      typeof constraint === 'boolean' ? constraint : exactOf(constraint) === true
    return {
      echoCancellation: isAsked(audio.echoCancellation as ConstrainBoolean),
      noiseSuppression: isAsked(audio.noiseSuppression),
      autoGainControl: isAsked(audio.autoGainControl),
      ...this.forced
    }
  }
  #canBe(audio: MediaTrackConstraints, id: string): boolean {
    const wanted = this.#audioProcessingOf(audio)
    const open = this.tracks.find((track) => track.deviceId === id && track.isLive())
    const would = open?.processing ?? wanted
    const exact = {
      echoCancellation: exactOf<unknown>(audio.echoCancellation),
      noiseSuppression: exactOf<unknown>(audio.noiseSuppression),
      autoGainControl: exactOf<unknown>(audio.autoGainControl)
    }
    return (Object.keys(exact) as (keyof FakeProcessing)[]).every(
      (step) => exact[step] === null || exact[step] === would[step]
    )
  }
}
