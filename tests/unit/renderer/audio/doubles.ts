// Microphones as Chromium would give them, for rules that need no sound. Sound itself is proved in a
// real Chromium by the end-to-end tests.

export class FakeTrack {
  enabled = true
  stopped = false
  onended: (() => void) | null = null
  readonly deviceId: string
  readonly label: string
  readonly clones: FakeTrack[] = []

  constructor(deviceId: string, label: string) {
    this.deviceId = deviceId
    this.label = label
  }
  clone(): FakeTrack {
    const copy = new FakeTrack(this.deviceId, this.label)
    copy.enabled = this.enabled
    this.clones.push(copy)
    return copy
  }
  stop(): void {
    this.stopped = true
  }
  getSettings(): MediaTrackSettings {
    return { deviceId: this.deviceId }
  }
}

export type Plugged = { id: string; label: string; busy?: boolean }

/** The devices of a machine: what is plugged in may be changed at any time. */
export class FakeDevices {
  plugged: Plugged[] = []
  denied = false
  readonly asked: MediaTrackConstraints[] = []
  readonly tracks: FakeTrack[] = []

  async enumerateDevices(): Promise<unknown[]> {
    return this.plugged.map(({ id, label }) => ({ kind: 'audioinput', deviceId: id, label }))
  }
  async getUserMedia({ audio }: { audio: MediaTrackConstraints }): Promise<unknown> {
    this.asked.push(audio)
    if (this.denied) throw new DOMException('', 'NotAllowedError')
    const wanted = audio.deviceId
    const exact = typeof wanted === 'object' && 'exact' in wanted ? wanted.exact : null
    const device = exact === null ? this.plugged[0] : this.plugged.find(({ id }) => id === exact)
    if (device === undefined) {
      throw new DOMException('', exact === null ? 'NotFoundError' : 'OverconstrainedError')
    }
    if (device.busy === true) throw new DOMException('', 'NotReadableError')
    const track = new FakeTrack(device.id, device.label)
    this.tracks.push(track)
    return { getAudioTracks: () => [track] }
  }
}
