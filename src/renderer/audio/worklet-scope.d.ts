// The global scope of an AudioWorklet, which TypeScript's DOM library lacks.
declare abstract class AudioWorkletProcessor {
  readonly port: MessagePort
  /** One render quantum: 128 frames per channel; no channels while unconnected. */
  abstract process(inputs: Float32Array[][], outputs: Float32Array[][]): boolean
}

declare function registerProcessor(
  name: string,
  processor: new (options: AudioWorkletNodeOptions) => AudioWorkletProcessor
): void

/** Frames rendered before the current quantum. */
declare const currentFrame: number
/** Frames per second of the context. */
declare const sampleRate: number
