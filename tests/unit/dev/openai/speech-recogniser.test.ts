// Tests the grammar, the matching and the audio preparation around pocketsphinx.
import { describe, expect, test } from 'vitest'
import {
  questionGrammar,
  readPronunciations,
  spokenWords
} from '../../../../dev/openai/question-grammar.ts'
import { resample } from '../../../../dev/openai/resample.ts'
import {
  matchQuestion,
  readSegments,
  trimSilence
} from '../../../../dev/openai/speech-recogniser.ts'
import { readWav, writeWav } from '../../../../dev/wav.ts'

const PRONUNCIATIONS = readPronunciations(
  'how HH AW\nhot HH AA T\nis IH Z\nis(2) AH Z\nit IH T\nsoup S UW P\n'
)
const grammar = questionGrammar(
  ['How hot is it?', 'How hot is soup?', 'Wo ist es?'],
  PRONUNCIATIONS
)

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
    ["What's a walk-in?", ["what's", 'a', 'walk', 'in']],
    ['Who’s on “B”?', ["who's", 'on', 'b']],
    ['How hot is the consomé?', ['how', 'hot', 'is', 'the', 'consome']]
  ])('reads %s as words', (question, words) => {
    expect(spokenWords(question)).toEqual(words)
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
      kind: 'recognised',
      text: 'How hot is it?'
    })
  })

  test.each([
    ['its beginning is missing', ['hot', 'is', 'it'], -30, 20],
    ['it sounds unlike the words', ['how', 'hot', 'is', 'it'], -70, 20],
    ['other speech counts as silence around it', ['how', 'hot', 'is', 'it'], -30, 60]
  ])('is unclear when %s', (_, words, score, silence) => {
    expect(recognise(words, score, silence)).toEqual({ kind: 'unclear' })
  })

  test('is unclear when the recogniser wrote nothing', () => {
    expect(matchQuestion(readSegments(''), grammar)).toEqual({ kind: 'unclear' })
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
