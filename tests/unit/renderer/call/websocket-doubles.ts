// Fakes for the WebSocket transport: a recorder, a player, a port and timers.
import type { FlushedSegment, Player, PlayerEvent } from '../../../../src/renderer/audio/player.ts'
import type { WebSocketPort } from '../../../../src/renderer/call/websocket-port.ts'

export class FakeTimers {
  readonly waiting = new Set<{ run: () => void; ms: number }>()
  readonly schedule = (run: () => void, ms: number): (() => void) => {
    const timer = { run, ms }
    this.waiting.add(timer)
    return () => this.waiting.delete(timer)
  }
  /** Runs every timer. */
  elapse(): void {
    for (const timer of [...this.waiting]) {
      this.waiting.delete(timer)
      timer.run()
    }
  }
}

export const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve))

export class FakeRecorder {
  readonly #listeners = new Set<(id: number, samples: Int16Array<ArrayBuffer>) => void>()
  readonly #stopping = new Map<number, (() => void)[]>()
  readonly onChunk = (listener: (id: number, samples: Int16Array<ArrayBuffer>) => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
  readonly started: number[] = []
  readonly dropped: number[] = []
  readonly start = (recordingId: number) => {
    this.started.push(recordingId)
  }
  readonly drop = (recordingId: number) => {
    this.dropped.push(recordingId)
  }
  readonly stop = (recordingId: number): Promise<void> =>
    new Promise((resolve) => {
      this.#stopping.set(recordingId, [...(this.#stopping.get(recordingId) ?? []), resolve])
    })
  /** A piece whose samples are all `value`. */
  record(recordingId: number, value: number): void {
    for (const listener of this.#listeners) listener(recordingId, new Int16Array(480).fill(value))
  }
  async finish(recordingId: number): Promise<void> {
    for (const resolve of this.#stopping.get(recordingId) ?? []) resolve()
    this.#stopping.delete(recordingId)
    await settle()
  }
  isStopping(recordingId: number): boolean {
    return this.#stopping.has(recordingId)
  }
  listeners(): number {
    return this.#listeners.size
  }
}

export class FakePlayer implements Player {
  readonly stream = {} as MediaStream
  readonly pushed: { segment: number; samples: number[] }[] = []
  readonly ended: number[] = []
  playedSoFarMs = 0
  isClosed = false
  #flushing: ((cuts: readonly FlushedSegment[]) => void) | null = null
  onEvent: (event: PlayerEvent) => void = () => {}

  readonly push = (segment: number, samples: Int16Array<ArrayBuffer>) => {
    this.pushed.push({ segment, samples: [...samples] })
  }
  readonly end = (segment: number) => {
    if (!this.ended.includes(segment)) this.ended.push(segment)
  }
  readonly flush = (): Promise<readonly FlushedSegment[]> =>
    new Promise((resolve) => {
      this.#flushing = resolve
    })
  readonly playedMs = () => this.playedSoFarMs
  readonly underruns = () => 0
  readonly close = () => {
    this.isClosed = true
  }
  isFlushing(): boolean {
    return this.#flushing !== null
  }
  async flushed(cuts: readonly FlushedSegment[]): Promise<void> {
    this.#flushing?.(cuts)
    this.#flushing = null
    await settle()
  }
}

export class FakeWebSocketPort implements WebSocketPort {
  readonly posted: string[] = []
  isClosed = false
  #onMessage: (text: string) => void = () => {}
  #onClosed: (reason: string) => void = () => {}
  readonly post = (text: string) => {
    this.posted.push(text)
  }
  readonly listen: WebSocketPort['listen'] = (onMessage, onClosed) => {
    this.#onMessage = onMessage
    this.#onClosed = onClosed
  }
  readonly close = () => {
    this.isClosed = true
  }
  receive(event: object): void {
    this.#onMessage(JSON.stringify(event))
  }
  receiveText(text: string): void {
    this.#onMessage(text)
  }
  lose(reason: string): void {
    this.#onClosed(reason)
  }
  /** Type of each posted event; for audio its first sample. */
  types(): string[] {
    return this.posted.map((text) => {
      const event = JSON.parse(text)
      if (event.type !== 'input_audio_buffer.append') return event.type
      return `audio ${Buffer.from(event.audio, 'base64').readInt16LE(0)}`
    })
  }
}
