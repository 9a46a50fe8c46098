// What a script in an AudioWorklet finds around it; TypeScript's DOM library describes the page's side only.
declare abstract class AudioWorkletProcessor {
  readonly port: MessagePort
  /** One render quantum: 128 frames per channel. No channels at all while nothing is connected. */
  abstract process(inputs: Float32Array[][], outputs: Float32Array[][]): boolean
}

declare function registerProcessor(
  name: string,
  processor: new (options: AudioWorkletNodeOptions) => AudioWorkletProcessor
): void

/** Frames rendered before the quantum that is being rendered now. */
declare const currentFrame: number
/** Frames per second of the context. */
declare const sampleRate: number
