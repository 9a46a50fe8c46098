// Tests the grammar, the matching and the audio preparation around pocketsphinx.
import { describe, expect, test } from 'vitest'
import {
  englishVocabulary,
  questionGrammar,
  SPANISH_VOCABULARY
} from '../../../../dev/openai/question-grammar.ts'
import { resample } from '../../../../dev/openai/resample.ts'
import {
  matchQuestion,
  readSegments,
  trimSilence
} from '../../../../dev/openai/speech-recogniser.ts'
import { readWav, writeWav } from '../../../../dev/wav.ts'

const ENGLISH = englishVocabulary(
  'how HH AW\nhot HH AA T\nis IH Z\nis(2) AH Z\nit IH T\nsoup S UW P\n'
)
const grammar = questionGrammar(['How hot is it?', 'How hot is soup?', 'Wo ist es?'], ENGLISH)

describe('questionGrammar', () => {
  test('shares the beginnings of questions, and lets their endings compete with the whole', () => {
    expect(grammar.fsg.match(/ how$/gm)).toHaveLength(1)
    expect(grammar.fsg.match(/ hot$/gm)).toHaveLength(1)
    expect(grammar.fsg).toMatch(/TRANSITION 0 1 0\.003/)
  })

  test('has all pronunciations of its words, and lists questions that it cannot pronounce', () => {
    expect(grammar.dictionary).toContain('is IH Z\nis(2) AH Z\n')
    expect(grammar.unpronounceable).toEqual(['Wo ist es?'])
  })

  test.each([
    [ENGLISH, "What's a walk-in?", ["what's", 'a', 'walk', 'in']],
    [ENGLISH, 'Who’s on “B”?', ["who's", 'on', 'b']],
    [ENGLISH, 'How hot is the consomé?', ['how', 'hot', 'is', 'the', 'consome']],
    [SPANISH_VOCABULARY, '¿Cuántos días, señor?', ['cuántos', 'días', 'señor']]
  ])('reads words of each language: %o %s', ({ wordsOf }, question, words) => {
    expect(wordsOf(question)).toEqual(words)
  })

  test.each([
    ['guantes', 'G W AA N T EH S'],
    ['guiso', 'G IY S OW'],
    ['agua', 'AA G W AA'],
    ['cigüeña', 'S IY G W EH N Y AA'],
    ['hielo', 'Y EH L OW'],
    ['huevo', 'W EH B OW'],
    ['llave', 'Y AA B EH'],
    ['perro', 'P EH R OW'],
    ['hay', 'AY'],
    ['mayonesa', 'M AA Y OW N EH S AA'],
    ['día', 'D IY AA'],
    ['manguera', 'M AA NG G EH R AA'],
    ['xylófago', 'K S IY L OW F AA G OW'],
    ['queso', 'K EH S OW'],
    ['mes3', undefined]
  ])('pronounces %s by the rules of Spanish spelling', (word, phones) => {
    expect(SPANISH_VOCABULARY.pronunciationsOf(word)[0]).toBe(phones)
  })

  test('hears other speech after the first words of a question', () => {
    expect(grammar.questionOf(['how', 'hot', '@AA'])).toBeUndefined()
    expect(grammar.fsg).toMatch(/TRANSITION 1 (\d+) 0\.01\n/)
  })
})

describe('matchQuestion', () => {
  const line = (words: readonly string[], score: number, silence = 20): string => {
    let frame = silence
    const parts = words.flatMap((word) => {
      const start = frame
      frame += 20
      return [start, score * 20, 0, word]
    })
    return `speech S 0 T -1 A -1 L -1 0 -100 -300 <sil> ${parts.join(' ')} ${frame} -100 -300 <sil> ${frame + silence}`
  }
  const recognise = (words: readonly string[], score: number, silence?: number) =>
    matchQuestion(readSegments(line(words, score, silence)), grammar)

  test('returns the question as its file spells it', () => {
    expect(recognise(['how', 'hot', 'is(2)', 'it'], -30)).toEqual({
      text: 'How hot is it?',
      meanScore: -30
    })
  })

  test.each([
    ['its beginning is missing', ['hot', 'is', 'it'], -30, 20],
    ['it sounds unlike the words', ['how', 'hot', 'is', 'it'], -80, 20],
    ['other speech counts as silence around it', ['how', 'hot', 'is', 'it'], -30, 60]
  ])('is nothing when %s', (_, words, score, silence) => {
    expect(recognise(words, score, silence)).toBeNull()
  })

  test('is nothing when the recogniser wrote nothing', () => {
    expect(matchQuestion(readSegments(''), grammar)).toBeNull()
  })
})

describe('audio', () => {
  const tone = (hz: number, rateHz: number, seconds: number): Int16Array =>
    Int16Array.from({ length: rateHz * seconds }, (_, at) =>
      Math.round(10_000 * Math.sin((2 * Math.PI * hz * at) / rateHz))
    )
  const rms = (samples: Int16Array): number =>
    Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length)

  test('keeps tones of both rates', () => {
    const converted = resample(tone(1_000, 24_000, 1), 24_000, 16_000)
    expect(converted).toHaveLength(16_000)
    expect(rms(converted.slice(100, -100)) / rms(tone(1_000, 16_000, 1))).toBeCloseTo(1, 2)
  })

  test('has no alias of a tone above the lower rate', () => {
    expect(rms(resample(tone(10_000, 24_000, 1), 24_000, 16_000).slice(100, -100))).toBeLessThan(10)
  })

  test('is trimmed to a quarter of a second around the speech, in any room', () => {
    const room = Int16Array.from({ length: 72_000 }, (_, at) => (at % 2 === 0 ? 150 : -150))
    room.set(tone(500, 24_000, 1), 24_000)
    const speech = trimSilence(room, 24_000)
    expect(speech?.length).toBeGreaterThan(24_000 * 1.45)
    expect(speech?.length).toBeLessThan(24_000 * 1.55)
  })

  test('is nothing when it is silent', () => {
    expect(trimSilence(new Int16Array(24_000), 24_000)).toBeNull()
  })

  test('is read from a WAV without a length', () => {
    const bytes = writeWav({ samples: Int16Array.from([1, -2, 3]), rateHz: 22_050 })
    bytes.writeUInt32LE(0xffffffff, 40)
    expect(readWav(bytes)).toEqual({
      ok: true,
      sound: { samples: Int16Array.from([1, -2, 3]), rateHz: 22_050 }
    })
  })
})
