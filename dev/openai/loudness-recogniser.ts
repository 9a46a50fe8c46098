// Recognises the next question of a list in any speech that is loud and long enough, for soaks and benches.
import { loudMs } from './loudness.ts'
import { INPUT_RATE_HZ } from './rtp-receiver.ts'
import type { Questions, SpeechRecogniser } from './speech-recogniser.ts'

/** Shorter than the shortest question, longer than a click or a knock. */
const SHORTEST_SPEECH_MS = 200

/** A quick word: the holds of a soak are shorter than questions. */
const WORD_MS = 120

/** @param questions by language; after the last one the first follows. */
export const openLoudnessRecogniser = (questions: Questions): SpeechRecogniser => {
  const recognised = { en: 0, es: 0 }
  const nextQuestion = (language: 'en' | 'es'): string | undefined => {
    const list = questions[language]
    return list[recognised[language] % list.length]
  }
  return {
    kind: 'loudness',
    recognise: async (samples, [language = 'en']) => {
      const text = nextQuestion(language)
      if (text === undefined || loudMs(samples, INPUT_RATE_HZ) < SHORTEST_SPEECH_MS)
        return { kind: 'unclear' }
      recognised[language] += 1
      return { kind: 'recognised', text }
    },
    recognisePartial: async (samples, [language = 'en']) => {
      const words = Math.floor(loudMs(samples, INPUT_RATE_HZ) / WORD_MS)
      const beginning = nextQuestion(language)?.split(' ').slice(0, words).join(' ') ?? ''
      return beginning === '' ? null : beginning
    },
    unpronounceable: [],
    close: async () => undefined
  }
}
