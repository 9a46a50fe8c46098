// Listens at the end of the answer's way to the speaker, on the audio thread, where no sample is missed.
import {
  AUDIBLE_PROCESSOR,
  type AudibleOrder,
  type AudibleReport,
  createAudibleDetectorCore
} from './audible-detector-core.ts'

/** Frames of a block that has no samples because nothing is connected. */
const QUANTUM_FRAMES = 128
const NOTHING_HEARD = new Float32Array(0)

class AudibleProcessor extends AudioWorkletProcessor {
  readonly #blocks = createAudibleDetectorCore(sampleRate, (report: AudibleReport) =>
    this.port.postMessage(report)
  )

  constructor() {
    super()
    this.port.onmessage = ({ data }: MessageEvent<AudibleOrder>) => this.#blocks.order(data)
  }

  override process([input]: Float32Array[][]): boolean {
    const samples = input?.[0] ?? NOTHING_HEARD
    this.#blocks.heard(samples, currentFrame, samples.length || QUANTUM_FRAMES)
    return true
  }
}

registerProcessor(AUDIBLE_PROCESSOR, AudibleProcessor)
