// Keeps what the microphone hears during a hold as PCM16 at 24 kHz, the model's own format: for a press before the
// call is up, for a question that has to be asked again, and for the relay.

/** What the model takes in `input_audio_buffer.append`. */
export const RECORDING_RATE_HZ = 24_000

/** Kept from before the press: the first syllable is often there already when the pedal arrives. */
export const PRE_ROLL_MS = 200

export type Recorder = {
  /** A copy of the microphone that no gate silences; null while there is none. */
  setMicrophone: (track: MediaStreamTrack | null) => void
  /** Begins a recording with the pre-roll. One at a time: another one that is under way is ended. */
  start: (recordingId: number) => void
  /** Resolves when the last sample heard before the call is in the recording. */
  stop: (recordingId: number) => Promise<void>
  /** All there is of a recording; null when it is unknown or dropped. Mono. */
  read: (recordingId: number) => Int16Array<ArrayBuffer> | null
  drop: (recordingId: number) => void
  /** Each piece of the recording that is under way, as it is heard, the pre-roll first. */
  onChunk: (listener: (recordingId: number, samples: Int16Array<ArrayBuffer>) => void) => () => void
  close: () => void
}
