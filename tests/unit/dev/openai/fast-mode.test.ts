// Tests brief answers, the times of the model, the loudness recogniser, the speech cache and live transcripts.
import { describe, expect, test } from 'vitest'
import { DEFAULT_PACE, pacedPieces, truncateAudio } from '../../../../dev/openai/answer-pace.ts'
import type { RecognisedSpeech } from '../../../../dev/openai/conversation/state.ts'
import { openLoudnessRecogniser } from '../../../../dev/openai/loudness-recogniser.ts'
import { OWN_TIMES, readModelTimes, SERVICE_TIMES } from '../../../../dev/openai/model-times.ts'
import { commonWordPrefix } from '../../../../dev/openai/partial-transcripts.ts'
import { englishVocabulary, questionGrammar } from '../../../../dev/openai/question-grammar.ts'
import { withSpeechCache } from '../../../../dev/openai/speech-cache.ts'
import type { Voice } from '../../../../dev/openai/speech-synthesiser.ts'

const PIECES = [
  { text: 'Cook chicken to 165 °F for at least 15 seconds.', language: 'en' as const },
  { text: 'Check the thickest part.', language: 'en' as const }
]

describe('pacedPieces', () => {
  test('speaks the whole answer at the default pace', () => {
    expect(pacedPieces(PIECES, DEFAULT_PACE)).toEqual(
      PIECES.map((piece) => ({ ...piece, spoken: piece.text, longestMs: null }))
    )
  })

  test('speaks the first words of a brief answer and keeps its text', () => {
    const [first, second] = pacedPieces(PIECES, { ...DEFAULT_PACE, brief: true })
    expect(first).toEqual({
      text: PIECES[0]?.text,
      language: 'en',
      spoken: 'Cook chicken to 165 °F for',
      longestMs: 600
    })
    expect(second).toMatchObject({ text: 'Check the thickest part.', spoken: null })
  })

  test('cuts audio to the limit and no further', () => {
    const second = new Int16Array(48_000)
    expect(truncateAudio(second, 600)).toHaveLength(28_800)
    expect(truncateAudio(second, 2_000)).toHaveLength(48_000)
    expect(truncateAudio(second, null)).toHaveLength(48_000)
  })
})

test.each([
  ['service', SERVICE_TIMES],
  ['150', { toolPassMs: 150, firstAudioMs: 150, transcriptMs: 0 }],
  ['0', OWN_TIMES],
  ['', null],
  ['soon', null],
  ['60001', null]
])('reads the times of the model from "%s"', (text, times) => {
  expect(readModelTimes(text)).toEqual(times)
})

describe('the loudness recogniser', () => {
  const loud = (ms: number): Int16Array => new Int16Array(ms * 24).fill(3_000)
  const textOf = (speech: RecognisedSpeech) => ('text' in speech ? speech.text : '')
  const open = () => openLoudnessRecogniser({ en: ['One?', 'Two or three?'], es: ['¿Uno?'] })

  test('recognises the questions of each language in order, again and again', async () => {
    const recogniser = open()
    const texts = []
    for (const language of ['en', 'es', 'en', 'en'] as const)
      texts.push(textOf(await recogniser.recognise(loud(300), [language])))
    expect(texts).toEqual(['One?', '¿Uno?', 'Two or three?', 'One?'])
  })

  test('recognises nothing in short or soft sound and keeps its place in the list', async () => {
    const recogniser = open()
    for (const sound of [loud(150), new Int16Array(24_000).fill(50)])
      expect(await recogniser.recognise(sound, ['en'])).toEqual({ kind: 'unclear' })
    expect(textOf(await recogniser.recognise(loud(200), ['en']))).toBe('One?')
  })

  test('recognises nothing without questions', async () => {
    const recogniser = openLoudnessRecogniser({ en: [], es: [] })
    expect(await recogniser.recognise(loud(300), ['en'])).toEqual({ kind: 'unclear' })
    expect(await recogniser.recognisePartial(loud(300), ['en'])).toBeNull()
  })

  test('recognises the next question word by word', async () => {
    const recogniser = open()
    await recogniser.recognise(loud(300), ['en'])
    expect(await recogniser.recognisePartial(loud(100), ['en'])).toBeNull()
    expect(await recogniser.recognisePartial(loud(240), ['en'])).toBe('Two or')
    expect(textOf(await recogniser.recognise(loud(900), ['en']))).toBe('Two or three?')
  })
})

describe('the speech cache', () => {
  const counting = (speak: Voice['speak']) => {
    const asked: string[] = []
    const voice = withSpeechCache({
      kind: 'espeak-ng',
      speak: (sentence, language, speed) => {
        asked.push(sentence)
        return speak(sentence, language, speed)
      }
    })
    return { asked, voice }
  }
  const sound: Voice['speak'] = async () => ({ ok: true, samples: new Int16Array(4) })

  test('speaks a sentence once per language and speed', async () => {
    const { asked, voice } = counting(sound)
    await Promise.all([voice.speak('Hola', 'es', 1), voice.speak('Hola', 'es', 1)])
    await voice.speak('Hola', 'es', 1)
    expect(asked).toHaveLength(1)
    await voice.speak('Hola', 'es', 1.5)
    await voice.speak('Hola', 'en', 1)
    expect(asked).toHaveLength(3)
  })

  test('drops the least recently used sentence', async () => {
    const { asked, voice } = counting(sound)
    for (let index = 0; index < 200; index += 1) {
      await voice.speak('kept', 'en', 1)
      await voice.speak(String(index), 'en', 1)
    }
    await voice.speak('0', 'en', 1)
    expect(asked.filter((sentence) => sentence === 'kept')).toHaveLength(1)
    expect(asked.filter((sentence) => sentence === '0')).toHaveLength(2)
  })

  test('repeats a failed sentence', async () => {
    const { asked, voice } = counting(async () => ({ ok: false, message: 'failed' }))
    await voice.speak('Hola', 'es', 1)
    await voice.speak('Hola', 'es', 1)
    expect(asked).toHaveLength(2)
  })
})

describe('a live transcript', () => {
  test.each([
    ['', 'How hot', ''],
    ['How', 'How hot', 'How'],
    ['How long', 'How hot is', 'How'],
    ['How hot is', 'How hot', 'How hot'],
    ['How hot', '', '']
  ])('agrees after "%s" and "%s" on "%s"', (before, now, agreed) => {
    expect(commonWordPrefix(before, now)).toBe(agreed)
  })

  test('spells the beginning as the question does', () => {
    const { beginningOf } = questionGrammar(
      ['How hot is it?', "What's next?"],
      englishVocabulary(
        "how HH AW\nhot HH AA T\nis IH Z\nit IH T\nwhat's W AH T S\nnext N EH K S T\n"
      )
    )
    expect(beginningOf(['how', 'hot'])).toBe('How hot')
    expect(beginningOf(["what's", 'next'])).toBe("What's next?")
    expect(beginningOf(['hot'])).toBeUndefined()
    expect(beginningOf([])).toBeUndefined()
  })
})
