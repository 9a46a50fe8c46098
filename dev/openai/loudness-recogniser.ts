// SpeechRecogniser for soaks and benches: they hear the next question of their list in anything loud and long enough to be
// one. No recogniser: what was really said they cannot tell.

import { loudMs } from './loudness.ts'
import { INPUT_RATE_HZ } from './rtp-receiver.ts'
import type { RecognisedSpeech, SpeechRecogniser } from './speech-recogniser.ts'

/** Shorter than the shortest question, longer than a click or a knock. */
const SHORTEST_SPEECH_MS = 200

/** A word at an ordinary pace. */
const WORD_MS = 300

export type Questions = Record<'en' | 'es', readonly string[]>

/** @param questions by language, heard in their order and then from the first again. */
export const openLoudnessRecogniser = (questions: Questions): SpeechRecogniser => {
  const heard = { en: 0, es: 0 }
  const next = (language: 'en' | 'es'): RecognisedSpeech => {
    const list = questions[language]
    const text = list[heard[language] % list.length]
    if (text === undefined) return { kind: 'unclear' }
    heard[language] += 1
    return { kind: 'heard', text }
  }
  return {
    kind: 'loudness',
    listen: async (samples, language) =>
      loudMs(samples, INPUT_RATE_HZ) >= SHORTEST_SPEECH_MS ? next(language) : { kind: 'unclear' },
    recognisePartial: async (samples, language) => {
      const list = questions[language]
      const words = list[heard[language] % list.length]?.split(' ') ?? []
      const said = Math.floor(loudMs(samples, INPUT_RATE_HZ) / WORD_MS)
      return said === 0 || words.length === 0 ? null : words.slice(0, said).join(' ')
    },
    unpronounceable: [],
    close: async () => undefined
  }
}
