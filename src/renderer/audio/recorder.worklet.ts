// Runs the recorder on the audio thread. Between recordings no sound leaves it.
import {
  createRecorderCore,
  MAX_RECORDING_MS,
  PIECE_MS,
  PRE_ROLL_MS,
  RECORDER_PROCESSOR,
  type RecorderOrder,
  type RecorderReport
} from './recorder-core.ts'

const NO_SAMPLES = new Float32Array(0)

/** Frames of an empty block, which an unconnected input has. */
const QUANTUM_FRAMES = 128

const samplesOf = (ms: number): number => Math.round((ms / 1000) * sampleRate)

class RecorderProcessor extends AudioWorkletProcessor {
  readonly #blocks = createRecorderCore(
    {
      rateHz: sampleRate,
      preRollSamples: samplesOf(PRE_ROLL_MS),
      pieceSamples: samplesOf(PIECE_MS),
      longestSamples: samplesOf(MAX_RECORDING_MS)
    },
    (report: RecorderReport) => {
      this.port.postMessage(report, report.kind === 'piece' ? [report.samples.buffer] : [])
    }
  )

  constructor() {
    super()
    // Handled between two blocks: a recording starts with the next one.
    this.port.onmessage = ({ data }: MessageEvent<RecorderOrder>) => this.#blocks.order(data)
  }

  override process([input]: Float32Array[][]): boolean {
    const samples = input?.[0] ?? NO_SAMPLES
    const frames = samples.length || QUANTUM_FRAMES
    this.#blocks.add(samples, (currentFrame + frames) / sampleRate)
    return true
  }
}

registerProcessor(RECORDER_PROCESSOR, RecorderProcessor)
