// Runs the player's buffer on the audio thread.
import {
  createPlayerBuffer,
  PLAYER_PROCESSOR,
  type PlayerOrder,
  type PlayerReport
} from './player-buffer.ts'

class PlayerProcessor extends AudioWorkletProcessor {
  readonly #buffer = createPlayerBuffer((report: PlayerReport) => this.port.postMessage(report))

  constructor() {
    super()
    // Handled between two blocks: a flush silences the next one.
    this.port.onmessage = ({ data }: MessageEvent<PlayerOrder>) => this.#buffer.order(data)
  }

  override process(_inputs: Float32Array[][], [output]: Float32Array[][]): boolean {
    const channel = output?.[0]
    if (channel !== undefined) this.#buffer.render(channel)
    return true
  }
}

registerProcessor(PLAYER_PROCESSOR, PlayerProcessor)
