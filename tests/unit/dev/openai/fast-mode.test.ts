// What makes the stand-in quick enough for thousands of turns: brief answers, ears without a recogniser, a voice
// that remembers, and the live transcript's agreement.
import { describe, expect, test } from 'vitest'
import { DEFAULT_PACE, pacedPieces, truncateAudio } from '../../../../dev/openai/answer-pace.ts'
import { openLoudnessRecogniser } from '../../../../dev/openai/loudness-recogniser.ts'
import { commonWordPrefix } from '../../../../dev/openai/partial-transcripts.ts'
import { questionGrammar, readPronunciations } from '../../../../dev/openai/question-grammar.ts'
import { withSpeechCache } from '../../../../dev/openai/speech-cache.ts'
import type { Voice } from '../../../../dev/openai/speech-synthesiser.ts'

const PIECES = [
  { text: 'Cook chicken to 165 °F for at least 15 seconds.', language: 'en' as const },
  { text: 'Check the thickest part.', language: 'en' as const }
]

describe('an answer', () => {
  test('is spoken whole at the usual pace', () => {
    expect(pacedPieces(PIECES, DEFAULT_PACE)).toEqual(
      PIECES.map((piece) => ({ ...piece, spoken: piece.text, longestMs: null }))
    )
  })

  test('when brief is spoken for its first words only, and its text is whole', () => {
    const [first, second] = pacedPieces(PIECES, { ...DEFAULT_PACE, brief: true })
    expect(first).toEqual({
      text: PIECES[0]?.text,
      language: 'en',
      spoken: 'Cook chicken to 165 °F for',
      longestMs: 600
    })
    expect(second).toMatchObject({ text: 'Check the thickest part.', spoken: null })
  })

  test('when cut lasts as long as it may, and no longer than it is', () => {
    const second = new Int16Array(48_000)
    expect(truncateAudio(second, 600)).toHaveLength(28_800)
    expect(truncateAudio(second, 2_000)).toHaveLength(48_000)
    expect(truncateAudio(second, null)).toHaveLength(48_000)
  })
})

describe('ears by loudness', () => {
  const loud = (ms: number): Int16Array => new Int16Array(ms * 24).fill(3_000)
  const open = () => openLoudnessRecogniser({ en: ['One?', 'Two or three?'], es: ['¿Uno?'] })

  test('hear their questions in order, each language its own, and then the first again', async () => {
    const ears = open()
    const heard = []
    for (const language of ['en', 'es', 'en', 'en'] as const)
      heard.push(await ears.recognise(loud(300), language))
    expect(heard.map((hearing) => (hearing.kind === 'recognised' ? hearing.text : ''))).toEqual([
      'One?',
      '¿Uno?',
      'Two or three?',
      'One?'
    ])
  })

  test('hear nothing in what is short or soft, and then the next question is still the next', async () => {
    const ears = open()
    expect(await ears.recognise(loud(150), 'en')).toEqual({ kind: 'unclear' })
    expect(await ears.recognise(new Int16Array(24_000).fill(50), 'en')).toEqual({ kind: 'unclear' })
    expect(await ears.recognise(loud(200), 'en')).toEqual({ kind: 'recognised', text: 'One?' })
  })

  test('without questions hear nothing', async () => {
    const ears = openLoudnessRecogniser({ en: [], es: [] })
    expect(await ears.recognise(loud(300), 'en')).toEqual({ kind: 'unclear' })
    expect(await ears.recognisePartial(loud(300), 'en')).toBeNull()
  })

  test('recognisePartial the question that they will hear, word by word', async () => {
    const ears = open()
    await ears.recognise(loud(300), 'en')
    expect(await ears.recognisePartial(loud(100), 'en')).toBeNull()
    expect(await ears.recognisePartial(loud(600), 'en')).toBe('Two or')
    expect(await ears.recognise(loud(900), 'en')).toEqual({
      kind: 'recognised',
      text: 'Two or three?'
    })
  })
})

describe('a voice that remembers', () => {
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

  test('says a sentence once per language and speed', async () => {
    const { asked, voice } = counting(sound)
    await Promise.all([voice.speak('Hola', 'es', 1), voice.speak('Hola', 'es', 1)])
    await voice.speak('Hola', 'es', 1)
    expect(asked).toHaveLength(1)
    await voice.speak('Hola', 'es', 1.5)
    await voice.speak('Hola', 'en', 1)
    expect(asked).toHaveLength(3)
  })

  test('forgets what was asked for longest ago', async () => {
    const { asked, voice } = counting(sound)
    for (let index = 0; index < 200; index += 1) {
      await voice.speak('kept', 'en', 1)
      await voice.speak(String(index), 'en', 1)
    }
    await voice.speak('0', 'en', 1)
    expect(asked.filter((sentence) => sentence === 'kept')).toHaveLength(1)
    expect(asked.filter((sentence) => sentence === '0')).toHaveLength(2)
  })

  test('tries again what failed', async () => {
    const { asked, voice } = counting(async () => ({ ok: false, message: 'out of breath' }))
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
  ])('of "%s" and then "%s" is sure of "%s"', (before, now, agreed) => {
    expect(commonWordPrefix(before, now)).toBe(agreed)
  })

  test('spells what was heard so far as the question does', () => {
    const { beginningOf } = questionGrammar(
      ['How hot is it?', "What's next?"],
      readPronunciations(
        "how HH AW\nhot HH AA T\nis IH Z\nit IH T\nwhat's W AH T S\nnext N EH K S T\n"
      )
    )
    expect(beginningOf(['how', 'hot'])).toBe('How hot')
    expect(beginningOf(["what's", 'next'])).toBe("What's next?")
    expect(beginningOf(['hot'])).toBeUndefined()
    expect(beginningOf([])).toBeUndefined()
  })
})
