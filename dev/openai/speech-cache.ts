// Caches spoken sentences: each one costs a process once.
import type { Speech, Voice } from './speech-synthesiser.ts'

/** At 48 kHz a sentence of four seconds is 0.4 MB: at most about 50 MB. */
const CACHED_SENTENCES = 128

/** Wraps a voice with a cache of the last sentences. Failures are not cached. */
export const withSpeechCache = ({ kind, speak }: Voice): Voice => {
  const cache = new Map<string, Promise<Speech>>()
  return {
    kind,
    speak: (sentence, language, speed) => {
      const name = JSON.stringify([language, speed, sentence])
      const known = cache.get(name)
      // Set again as the newest: the least recently used one is first.
      cache.delete(name)
      const speech = known ?? speak(sentence, language, speed)
      cache.set(name, speech)
      for (const oldest of cache.keys()) {
        if (cache.size <= CACHED_SENTENCES) break
        cache.delete(oldest)
      }
      if (known === undefined)
        void speech.then(({ ok }) => {
          if (!ok && cache.get(name) === speech) cache.delete(name)
        })
      return speech
    }
  }
}
