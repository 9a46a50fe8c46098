// The search while a question is spoken, rule by rule. The property tests play every order of its events.
import { describe, expect, test } from 'vitest'
import type { TurnEvent } from '../../../../src/renderer/turn/turn-events.ts'
import type { SearchAnswer } from '../../../../src/shared/handbook.ts'
import {
  created,
  fieldsOf,
  ofType,
  play,
  press,
  READY,
  release,
  searched,
  spoken,
  timer,
  toolCall,
  types
} from './reduce-events.ts'

const FOUND: SearchAnswer = { found: true, passages: [], nearest: [], named: 0, method: 'hybrid' }
const NOTHING: SearchAnswer = { ...FOUND, found: false }

const heard = (words: string, isWhole = false): TurnEvent => ({
  type: 'words_heard',
  turnId: 1,
  words,
  isWhole
})
const result = (
  words: string,
  answer: SearchAnswer | null = FOUND,
  isCounted = false
): TurnEvent => ({
  type: 'early_searched',
  turnId: 1,
  words,
  isCounted,
  questionId: 'q1',
  answer
})
const COMMITTED: TurnEvent[] = [timer('tail', 1), { type: 'committed', itemId: 'item-1' }]
const audio = (responseId: string): TurnEvent => ({ type: 'audio_started', responseId })

/** Released, with the words of the partial transcript. */
const RELEASED: TurnEvent[] = [...READY, press(0), heard('how hot is'), release(2_000)]
/** The passages were given for words that are not certain yet. */
const GIVEN: TurnEvent[] = [...RELEASED, result('how hot is'), ...COMMITTED]

const kinds = (turn: ReturnType<typeof play>) =>
  ofType(turn.all(), 'create_response').map(({ kind }) => kind)
const earlySearches = (turn: ReturnType<typeof play>) =>
  ofType(turn.all(), 'search_early').map(({ words, isCounted }) => [words, isCounted])

describe('a call that transcribes during the hold', () => {
  test('searches in a pause and at the release, each words once, and leaves a search for the rest', () => {
    const turn = play(...READY, press(0))
    for (const words of ['how hot', 'how hot does', 'how hot does chicken']) {
      turn.send(heard(words), timer('words_stable', 1), result(words))
    }
    expect(earlySearches(turn)).toEqual([
      ['how hot', false],
      ['how hot does', false]
    ])
    turn.send(heard('How hot does chicken have'), release(2_000))
    expect(earlySearches(turn).at(-1)).toEqual(['How hot does chicken have', false])
    turn.send(result('How hot does chicken have'), heard('how hot does chicken have?'))
    expect(earlySearches(turn)).toHaveLength(3)
  })

  test('gives the passages at the commit, asks once with tools left open, and counts the whole words', () => {
    const turn = play(...RELEASED, result('how hot is'))
    expect(types(turn.send(...COMMITTED))).toEqual(
      expect.arrayContaining(['give_passages', 'create_response'])
    )
    expect(kinds(turn)).toEqual(['auto'])
    expect(earlySearches(turn)).toEqual([['how hot is', false]])
    turn.send(created('r1', 'turn-1-1'), heard('How hot is?', true))
    expect(earlySearches(turn).at(-1)).toEqual(['How hot is?', true])
    turn.send(audio('r1'), spoken('r1'), { type: 'audio_stopped', responseId: 'r1' })
    expect(fieldsOf(turn.last(), 'turn_ended')).toMatchObject([{ outcome: 'answered', passes: 1 }])
  })

  test('takes the passages back before anything is heard when the whole words differ', () => {
    const turn = play(...GIVEN, created('r1', 'turn-1-1'))
    const effects = turn.send(heard('how hot is pork', true))
    expect(types(effects)).toEqual(
      expect.arrayContaining(['cut_speaker', 'cancel_response', 'withdraw_passages'])
    )
    expect(earlySearches(turn).at(-1)).toEqual(['how hot is pork', true])
    // The sound of the old response is on its way.
    expect(types(turn.send(audio('r1')))).not.toContain('restore_speaker')
    turn.send(result('how hot is pork', FOUND, true))
    expect(kinds(turn)).toEqual(['auto', 'auto'])
    expect(ofType(turn.all(), 'search_early').filter(({ isCounted }) => isCounted)).toHaveLength(1)
  })

  test('lets the model search where sound begins before the words are certain', () => {
    const turn = play(...GIVEN, created('r1', 'turn-1-1'))
    expect(types(turn.send(audio('r1')))).toContain('withdraw_passages')
    expect(kinds(turn)).toEqual(['auto', 'search'])
  })

  test.each<[string, TurnEvent[]]>([
    ['no whole transcript comes in time', [timer('words', 1)]],
    ['the transcription fails', [heard('', true)]],
    ['its search fails', [heard('how hot is pork', true), result('how hot is pork', null, true)]],
    ['it finds nothing', [heard('how hot is pork', true), result('how hot is pork', NOTHING, true)]]
  ])('lets the model search where %s', (_case, events) => {
    const turn = play(...RELEASED, heard('how hot is pork'), ...COMMITTED)
    expect(kinds(turn)).toEqual([])
    turn.send(...events)
    expect(kinds(turn)).toEqual(['search'])
  })

  test('goes on with a search of the model when the whole words differ', () => {
    const turn = play(...GIVEN, created('r1', 'turn-1-1'), toolCall('r1', 'c1'))
    turn.send(heard('how hot is pork', true))
    expect(types(turn.all())).not.toContain('withdraw_passages')
    turn.send(searched(1, 'c1', true))
    expect(kinds(turn)).toEqual(['auto', 'auto'])
  })

  test('neither counts nor keeps anything of a dropped hold', () => {
    const turn = play(...READY, press(0), heard('how hot'), timer('words_stable', 1))
    turn.send({ type: 'force_release', reason: 'lock' }, result('how hot'))
    expect(ofType(turn.all(), 'search_early').some(({ isCounted }) => isCounted)).toBe(false)
    expect(turn.state().early).toBeNull()
  })

  test('forgets what it heard of a hold whose packets were lost', () => {
    const turn = play(...RELEASED, result('how hot is'), { type: 'audio_lost', turnId: 1 })
    turn.send(...COMMITTED)
    expect(types(turn.all())).not.toContain('give_passages')
  })
})

test('lets the model search at once on a call that transcribes after the commit only', () => {
  const turn = play(...READY, press(0), release(2_000), ...COMMITTED)
  expect(kinds(turn)).toEqual(['search'])
})

test('lets the model search at once after two late transcripts in a row, and tries again on another call', () => {
  const turn = play(...READY)
  const ask = (id: number) => {
    turn.send(press(id * 10_000), { ...heard('how hot is'), turnId: id } as TurnEvent)
    turn.send(release(id * 10_000 + 2_000), timer('tail', id))
    turn.send({ type: 'committed', itemId: `item-${id}` }, timer('words', id))
    return ofType(turn.all(), 'search_early').length
  }
  expect([ask(1), ask(2), ask(3)]).toEqual([1, 2, 2])
  expect(kinds(turn)).toEqual(['search', 'search', 'search'])
  turn.send({ type: 'abandon' }, { type: 'call_lost' }, { type: 'call_opened' })
  expect(ask(4)).toBe(3)
})

test('waits for the words of a hold without any once a call has transcribed one', () => {
  const turn = play(...GIVEN, heard('how hot is', true), created('r1', 'turn-1-1'))
  turn.send(press(5_000), release(7_000), timer('tail', 2), { type: 'committed', itemId: 'i2' })
  expect(kinds(turn)).toEqual(['auto'])
  expect(ofType(turn.last(), 'start_timer').map(({ timer: name }) => name)).toContain('words')
})
