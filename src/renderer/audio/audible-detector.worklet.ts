// Runs the audible detector on the audio thread, where no sample is missed.
import {
  AUDIBLE_PROCESSOR,
  type AudibleOrder,
  type AudibleReport,
  createAudibleDetectorCore
} from './audible-detector-core.ts'

/** Frames of an empty block, which an unconnected input has. */
const QUANTUM_FRAMES = 128
const NO_SAMPLES = new Float32Array(0)

class AudibleProcessor extends AudioWorkletProcessor {
  readonly #blocks = createAudibleDetectorCore(sampleRate, (report: AudibleReport) =>
    this.port.postMessage(report)
  )

  constructor() {
    super()
    this.port.onmessage = ({ data }: MessageEvent<AudibleOrder>) => this.#blocks.order(data)
  }

  override process([input]: Float32Array[][]): boolean {
    const samples = input?.[0] ?? NO_SAMPLES
    this.#blocks.add(samples, currentFrame, samples.length || QUANTUM_FRAMES)
    return true
  }
}

registerProcessor(AUDIBLE_PROCESSOR, AudibleProcessor)
