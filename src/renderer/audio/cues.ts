// Plays two short sounds for an open and a closed microphone, for eyes that are on the pan.

export type Cue = 'opened' | 'closed'

/** Too short and quiet to be taken for an answer. */
const CUE_SECONDS = 0.07
const CUE_GAIN = 0.05
const RAMP_SECONDS = 0.012

/** Up: open. Down: closed. */
const FREQUENCIES_HZ: Record<Cue, readonly [number, number]> = {
  opened: [660, 990],
  closed: [660, 440]
}

export const playCue = (context: AudioContext, destination: AudioNode, cue: Cue): void => {
  // On a suspended context it would sound at the resume.
  if (context.state !== 'running') return
  const [fromHz, toHz] = FREQUENCIES_HZ[cue]
  const startAt = context.currentTime
  const endAt = startAt + CUE_SECONDS
  const tone = context.createOscillator()
  const envelope = context.createGain()
  tone.frequency.setValueAtTime(fromHz, startAt)
  tone.frequency.linearRampToValueAtTime(toHz, endAt)
  envelope.gain.setValueAtTime(0, startAt)
  envelope.gain.linearRampToValueAtTime(CUE_GAIN, startAt + RAMP_SECONDS)
  envelope.gain.setValueAtTime(CUE_GAIN, endAt - RAMP_SECONDS)
  envelope.gain.linearRampToValueAtTime(0, endAt)
  tone.connect(envelope)
  envelope.connect(destination)
  tone.onended = () => envelope.disconnect()
  tone.start(startAt)
  tone.stop(endAt)
}
