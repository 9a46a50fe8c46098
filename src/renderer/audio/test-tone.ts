// Plays the speaker test: two notes, as loud as an answer.

/** Long enough to locate the speaker. */
export const TEST_TONE_MS = 1_000

/** A speaker without sound does not block the test. */
const LATEST_END_MS = 2_000

/** A fourth up, in the middle of a voice's range. */
const NOTES_HZ = [440, 587] as const

/** About as loud as speech on the same path: a sine of -15 dBFS. */
const TONE_GAIN = 0.18
const RAMP_SECONDS = 0.02

/**
 * Resolves when the tone has ended, or should have.
 * @param destination carries the answer's volume
 */
export const playTestTone = async (
  context: AudioContext,
  destination: AudioNode,
  schedule: (run: () => void, ms: number) => () => void
): Promise<void> => {
  const noteSeconds = TEST_TONE_MS / 1000 / NOTES_HZ.length
  // The click is the touch that Chromium requires.
  if (context.state !== 'running') void context.resume()
  const startAt = context.currentTime
  const endAt = startAt + noteSeconds * NOTES_HZ.length
  const tone = context.createOscillator()
  const envelope = context.createGain()
  for (const [index, frequencyHz] of NOTES_HZ.entries()) {
    tone.frequency.setValueAtTime(frequencyHz, startAt + index * noteSeconds)
  }
  envelope.gain.setValueAtTime(0, startAt)
  envelope.gain.linearRampToValueAtTime(TONE_GAIN, startAt + RAMP_SECONDS)
  envelope.gain.setValueAtTime(TONE_GAIN, endAt - RAMP_SECONDS)
  envelope.gain.linearRampToValueAtTime(0, endAt)
  tone.connect(envelope)
  envelope.connect(destination)
  tone.start(startAt)
  tone.stop(endAt)
  await new Promise<void>((resolve) => {
    const giveUp = schedule(resolve, LATEST_END_MS)
    tone.onended = () => {
      giveUp()
      resolve()
    }
  })
  tone.stop()
  envelope.disconnect()
}
