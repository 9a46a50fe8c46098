// Proves the speech recogniser on the sample handbook's questions in both languages, spoken by espeak-ng.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { INPUT_RATE_HZ } from '../../dev/openai/rtp-receiver.ts'
import { seededRandom } from '../../dev/openai/seeded-random.ts'
import {
  openSpeechRecogniser,
  type Questions,
  type SpeechRecogniser
} from '../../dev/openai/speech-recogniser.ts'
import { HANDBOOK_FOLDER, handbookQuestions } from '../../dev/supabase/handbook-files.ts'
import type { Language } from '../../src/shared/language.ts'
import { hasTools } from './required-tools.ts'
import { type EspeakOptions, padWithSilence, synthesiseQuestion, VOICES } from './speech-files.ts'

/** One question in so many: the whole set takes minutes. */
const SAMPLE_STEP = 24

/** Spanish is spoken with English phones. */
const MISSED_SHARE: Record<Language, number> = { en: 0.05, es: 0.1 }

/** The last ones of each language begin like a question of the handbook. */
const OTHER_SENTENCES: Record<Language, readonly string[]> = {
  en: [
    'The quick brown fox jumps over the lazy dog.',
    'My sister bought a new car last week.',
    'Please turn on the radio in the living room.',
    'Our neighbours forgot that the meeting was cancelled.',
    'It is raining cats and dogs outside.',
    'One two three four five six seven.',
    'How long does the train to Boston take?',
    'Where is the museum of natural history?'
  ],
  es: [
    'Mi hermana compró un coche nuevo la semana pasada.',
    'El perro corre por el parque todas las mañanas.',
    'Prende la radio de la sala, por favor.',
    'Uno dos tres cuatro cinco seis siete.',
    'Mañana tengo cita con el dentista.',
    '¿Cuándo empiezan las vacaciones de la escuela?',
    '¿Cómo limpio las ventanas de mi coche?',
    '¿Dónde está el museo de historia natural?'
  ]
}
const OTHER: Record<Language, Language> = { en: 'es', es: 'en' }

const isComplete = hasTools('espeak-ng', 'pocketsphinx')
let recogniser: SpeechRecogniser
let questions: Questions

beforeAll(async () => {
  if (!isComplete) return
  questions = await handbookQuestions(HANDBOOK_FOLDER)
  recogniser = await openSpeechRecogniser(questions)
})
afterAll(async () => {
  await recogniser?.close()
})

const sampleOf = (language: Language, step = SAMPLE_STEP): string[] =>
  questions[language].filter((_, index) => index % step === 0)

const spoken = (text: string, language: Language, options?: EspeakOptions): Promise<Int16Array> =>
  synthesiseQuestion(text, INPUT_RATE_HZ, { voice: VOICES[language], ...options })

const transcriptOf = async (
  text: string,
  language: Language,
  { heardIn = [language], ...options }: EspeakOptions & { heardIn?: Language[] } = {}
): Promise<string | null> => {
  const sound = padWithSilence(await spoken(text, language, options), INPUT_RATE_HZ)
  const recognition = await recogniser.recognise(sound, heardIn)
  return recognition.kind === 'recognised' ? recognition.text : null
}

test('pronounces every question of the handbook', () => {
  expect(recogniser.unpronounceable).toEqual([])
})

describe.each(['en', 'es'] as const)('the speech recogniser in %s', (language) => {
  test.for([145, 185])(
    'recognises whole questions at %i words a minute',
    async (wordsPerMinute) => {
      const sample = sampleOf(language)
      const wrong: [string, string | null][] = []
      for (const question of sample) {
        const transcript = await transcriptOf(question, language, { wordsPerMinute })
        if (transcript !== question) wrong.push([question, transcript])
      }
      // A few may be asked for again; none may be taken for another question.
      expect(wrong.filter(([, transcript]) => transcript !== null)).toEqual([])
      expect(wrong.length).toBeLessThanOrEqual(Math.ceil(sample.length * MISSED_SHARE[language]))
    }
  )

  test('recognises a question where both languages may be spoken', async () => {
    const [question = ''] = questions[language]
    expect(await transcriptOf(question, language, { heardIn: ['en', 'es'] })).toBe(question)
  })

  test('recognises no question without its first 400 ms', async () => {
    for (const question of sampleOf(language))
      expect(await transcriptOf(question, language, { clipMs: 400 })).toBeNull()
  })

  test('recognises no question in other sentences', async () => {
    for (const sentence of OTHER_SENTENCES[language])
      expect([sentence, await transcriptOf(sentence, language)]).toEqual([sentence, null])
  })

  test('recognises no question in speech of the other language', async () => {
    for (const question of sampleOf(OTHER[language], 40))
      expect(await transcriptOf(question, OTHER[language], { heardIn: [language] })).toBeNull()
  })

  test('recognises nothing in silence and noise', async () => {
    for (const amplitude of [0, 30, 3_000]) {
      const random = seededRandom(7)
      const noise = Int16Array.from({ length: INPUT_RATE_HZ * 2 }, () =>
        Math.round((random() * 2 - 1) * amplitude)
      )
      expect((await recogniser.recognise(noise, [language])).kind).toBe('unclear')
    }
  })

  test('recognises the beginning of most questions from their first half', async () => {
    const asked = sampleOf(language).slice(0, 8)
    let agreed = 0
    for (const question of asked) {
      const whole = await spoken(question, language)
      const half = padWithSilence(whole.slice(0, whole.length / 2), INPUT_RATE_HZ, {
        silenceAfterMs: 0
      })
      const partialTranscript = (await recogniser.recognisePartial(half, [language])) ?? ''
      // The last word is mostly cut in two: a live transcript omits it.
      const certain = partialTranscript.split(' ').slice(0, -1).join(' ')
      if (certain !== '' && question.startsWith(certain)) agreed += 1
    }
    expect(agreed / asked.length).toBeGreaterThan(0.7)
    const silence = new Int16Array(INPUT_RATE_HZ)
    expect(await recogniser.recognisePartial(silence, [language])).toBeNull()
  })
})
