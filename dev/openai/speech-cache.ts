// What the voice has said before, kept: a sentence costs a process the first time only.
import type { Speech, Voice } from './speech-synthesiser.ts'

/** At 48 kHz a sentence of four seconds is 0.4 MB: at most about 50 MB. */
const KEPT_SENTENCES = 128

/** A voice that says each sentence once and remembers its sound. Failures are not remembered. */
export const withSpeechCache = ({ kind, speak }: Voice): Voice => {
  const said = new Map<string, Promise<Speech>>()
  return {
    kind,
    speak: (sentence, language, speed) => {
      const name = JSON.stringify([language, speed, sentence])
      const known = said.get(name)
      // Set again as the newest: the one not asked for longest goes first.
      said.delete(name)
      const speech = known ?? speak(sentence, language, speed)
      said.set(name, speech)
      for (const oldest of said.keys()) {
        if (said.size <= KEPT_SENTENCES) break
        said.delete(oldest)
      }
      if (known === undefined)
        void speech.then(({ ok }) => {
          if (!ok && said.get(name) === speech) said.delete(name)
        })
      return speech
    }
  }
}
