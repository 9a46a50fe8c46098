// Lets the sound rest while nobody listens to it: a speaker that is sent silence all day, by the sound context and by
// the decoder of the call, is most of what an idle kiosk costs.

/** Longer than the pause between two questions of one person. */
export const REST_AFTER_MS = 5_000

export type SoundRest = {
  /** `in_use` wakes it at once; `idle` puts it to rest after a while. */
  use: (use: 'in_use' | 'idle') => void
  /** Resolves when it sounds; at once when it does. */
  awake: () => Promise<void>
}

export type SoundRestPorts = {
  context: Pick<AudioContext, 'state' | 'suspend' | 'resume'>
  /** Decodes the call's audio; woken once for every rest of the context. See `Speaker`. */
  decoder: { rest: () => void; wake: () => void }
  /** Packets of the answer received so far on the call in use; null while there is no call. */
  packets: () => Promise<number | null>
  schedule: (run: () => void, ms: number) => () => void
}

/**
 * The context rests whenever nobody listens. The decoder rests only while the far end sends nothing between its
 * answers: silence that is sent and not decoded piles up in the jitter buffer, in front of the next answer.
 */
export const createSoundRest = ({
  context,
  decoder,
  packets,
  schedule
}: SoundRestPorts): SoundRest => {
  let stopWaiting: (() => void) | null = null
  /** Grows with every waking: a rest that was begun before is off. */
  let wakings = 0
  let isAsleep = false

  const wake = async () => {
    wakings += 1
    stopWaiting?.()
    stopWaiting = null
    // Rejects only for a context that was closed; then there is nothing to wake. Waited for before the decoder,
    // which takes a few milliseconds of the page's time: a press has opened its gate by then.
    if (context.state !== 'running') await context.resume().catch(() => {})
    // Several may wait for the same waking; in the middle of an answer the decoder is left alone.
    if (!isAsleep) return
    isAsleep = false
    decoder.wake()
  }

  const rest = async (packetsBefore: Promise<number | null>) => {
    const id = wakings
    isAsleep = true
    void context.suspend().catch(() => {})
    const isQuiet = (await packetsBefore) === (await packets())
    if (id !== wakings) return
    if (isQuiet) decoder.rest()
    // Another call may have come into use, or the last of an answer was late.
    else waitAndRest()
  }
  const waitAndRest = () => {
    if (stopWaiting !== null) return
    const packetsBefore = packets()
    stopWaiting = schedule(() => {
      stopWaiting = null
      void rest(packetsBefore)
    }, REST_AFTER_MS)
  }

  return {
    use: (use) => {
      if (use === 'in_use') void wake()
      else waitAndRest()
    },
    awake: wake
  }
}
