// The view and the report of an answer, as data.
import { describe, expect, test } from 'vitest'
import {
  type ConversationEffect,
  type ConversationEvent,
  initialConversationState,
  reduceConversation
} from '../../../../src/renderer/call/conversation-reducer.ts'
import { kioskFailure } from '../../../../src/renderer/call/failures.ts'
import type { TurnView } from '../../../../src/renderer/call/turn-view.ts'
import * as answerChecks from '../../../../src/shared/answer-check.ts'
import type { AnswerReport, SearchAnswer } from '../../../../src/shared/handbook.ts'
import {
  created,
  press,
  release,
  reported,
  spoken,
  timer,
  toolCall
} from '../turn/reduce-events.ts'
import { answerOf, COOKED, COOLED, cited, NEAR, STORED } from './passages.ts'

const play = (...events: ConversationEvent[]) => {
  let state = initialConversationState({ tailMs: 200, talkMode: 'hold', transcriptWaitMs: 300 })
  const effects: ConversationEffect[] = []
  const send = (...more: ConversationEvent[]) => {
    for (const event of more) {
      const step = reduceConversation(state, event)
      state = step.state
      effects.push(...step.effects)
    }
  }
  send(...events)
  return {
    send,
    state: () => state,
    view: () => state.answer.view,
    types: () => effects.map(({ type }) => type),
    reports: () =>
      effects.flatMap((effect) => (effect.type === 'report_answer' ? [effect.report] : []))
  }
}

const READY: ConversationEvent[] = [
  { type: 'checks_loaded', checks: answerChecks },
  { type: 'session_opened', replay: false, replayedItemIds: [] },
  { type: 'microphone', available: true }
]
const ASKED: ConversationEvent[] = [
  ...READY,
  press(0),
  release(1_000),
  timer('tail', 1),
  { type: 'item_committed', itemId: 'q1' }
]
const QUESTION_ID = '00000000-0000-4000-8000-000000000001'
const searched = (answer: SearchAnswer, callId = 'c1'): ConversationEvent => ({
  type: 'handbook_answered',
  turnId: 1,
  callId,
  questionId: QUESTION_ID,
  answer
})
const TWO_SECTIONS = answerOf(COOKED, COOLED)
/** Up to the audio of the answer. */
const answering = (answer = TWO_SECTIONS): ConversationEvent[] => [
  ...ASKED,
  created('r1', 'turn-1-1'),
  toolCall('r1', 'c1'),
  searched(answer),
  created('r2', 'turn-1-2'),
  { type: 'audio_started', responseId: 'r2' }
]
const say = (delta: string, responseId = 'r2'): ConversationEvent => ({
  type: 'answer_delta',
  responseId,
  itemId: `item-${responseId}`,
  delta
})
const STOPPED: ConversationEvent = { type: 'audio_stopped', responseId: 'r2' }
const PRESS_AGAIN = press(9_000)

const source = (section: string, quote: string) => ({ section, quote })
const COOLING_QUOTE = 'Cool soup to 70 °F within 2 hours.'
const COOLING_REPORT: AnswerReport = {
  found: true,
  sources: [source('cooling', COOLING_QUOTE)]
}
const NO_REPORT: AnswerReport = { found: false, sources: [] }
/** The words of an answer and its report; null: it has none. */
const answered = (words: string, report: AnswerReport | null, answer = TWO_SECTIONS) =>
  play(
    ...answering(answer),
    ...(words === '' ? [] : [say(words)]),
    report === null ? spoken('r2') : reported('r2', report)
  )
const marked = ({ answer, unverified }: TurnView) =>
  unverified.map(({ start, end }) => answer.slice(start, end))

describe('a reported answer', () => {
  test('cites the reported section and is sent to the backend while it plays, once', () => {
    expect(play(...answering()).view()).toMatchObject({ verdict: 'awaited', outcome: null })
    const turn = answered('To 70 °F in two hours.', {
      found: true,
      sources: [...COOLING_REPORT.sources, source('elsewhere', 'Chicken: 165.')]
    })
    expect(turn.view()).toMatchObject({
      found: true,
      verdict: 'reported',
      citations: [cited(COOLED, COOLING_QUOTE)],
      outcome: null
    })
    const report = {
      questionId: QUESTION_ID,
      outcome: 'answered',
      sections: ['cooling'],
      unverifiedQuotes: 0,
      unverifiedFigures: 0
    }
    expect(turn.reports()).toEqual([report])
    turn.send(STOPPED)
    expect(turn.view()).toMatchObject({
      outcome: 'answered',
      citations: [cited(COOLED, COOLING_QUOTE)]
    })
    expect(turn.reports()).toEqual([report])
  })

  test.each([
    ['no section', []],
    ['a section that was not given', [source('elsewhere', 'Chicken: 165.')]]
  ])('cites the best section when the report names %s', (_what, sources) => {
    const turn = answered('To 165.', { found: true, sources })
    expect(turn.view()).toMatchObject({ verdict: 'reported', citations: [cited(COOKED)] })
    expect(turn.reports()).toMatchObject([{ outcome: 'answered', sections: [] }])
  })

  test('shows the given sections as nearest when the report says not found', () => {
    const turn = answered('It does not say.', {
      found: false,
      sources: [source('cooking', 'Chicken: 165.')]
    })
    const nearest = [{ slug: 'cooking' }, { slug: 'cooling' }]
    expect(turn.view()).toMatchObject({ found: false, citations: [], nearest })
    expect(turn.reports()).toMatchObject([
      { outcome: 'not_found', sections: [], unverifiedQuotes: 0 }
    ])
    turn.send(STOPPED)
    expect(turn.view()).toMatchObject({ outcome: 'not_found', citations: [] })
  })

  test.each([
    ['missing', spoken('r2')],
    ['unreadable', reported('r2', null)]
  ])('cites the best section when the report is %s', (_what, done) => {
    const turn = play(...answering(), say('To 165, in 3 hours.'), done)
    const view = { found: true, verdict: 'searched', citations: [cited(COOKED)] }
    expect(turn.view()).toMatchObject(view)
    turn.send(STOPPED)
    expect(turn.reports()).toMatchObject([
      { outcome: 'missing', sections: [], unverifiedQuotes: 0, unverifiedFigures: 1 }
    ])
  })

  test('reports nothing missing without words, without passages, or when a press interrupts it', () => {
    expect(answered('', null).reports()).toEqual([])
    expect(answered('It does not say.', null, answerOf()).reports()).toEqual([])
    expect(play(...answering(), say('To 165'), PRESS_AGAIN).reports()).toEqual([])
  })

  test('waits with a silent report for the words that follow it', () => {
    const turn = play(...answering(), reported('r2', COOLING_REPORT, { hasAudio: false }))
    expect(turn.reports()).toEqual([])
    turn.send(created('r3', 'turn-1-3'), say('In nine hours.', 'r3'), spoken('r3'))
    expect(turn.reports()).toMatchObject([{ outcome: 'answered', unverifiedFigures: 1 }])
  })

  test('sends a silent report when a press comes before the words', () => {
    const silent = reported('r2', NO_REPORT, { hasAudio: false })
    const turn = play(...answering(), silent, PRESS_AGAIN)
    expect(turn.reports()).toMatchObject([{ outcome: 'not_found' }])
  })

  test('sends no report of an answer from the offline copy', () => {
    const turn = answered('In 2 hours.', COOLING_REPORT, { ...TWO_SECTIONS, method: 'offline' })
    expect(turn.view()).toMatchObject({
      offline: true,
      silent: false,
      questionId: null,
      citations: [cited(COOLED, COOLING_QUOTE)]
    })
    expect(turn.reports()).toEqual([])
  })

  test('cites the passages of every search for the question', () => {
    const turn = play(...ASKED)
    for (const [at, answer] of [
      answerOf(COOKED),
      answerOf(COOLED, COOKED),
      answerOf(STORED)
    ].entries()) {
      const id = `r${at + 1}`
      turn.send(created(id, `turn-1-${at + 1}`), toolCall(id, id), searched(answer, id))
    }
    const sources = [source('storage', STORED.text), source('cooking', COOKED.text)]
    turn.send(created('r4', 'turn-1-4'), reported('r4', { found: true, sources }))
    expect(turn.view().citations).toEqual([cited(STORED, STORED.text), cited(COOKED, COOKED.text)])
    expect(turn.view().nearest.map(({ slug }) => slug)).toEqual(['cooking', 'cooling', 'storage'])
  })
})

describe('a quote', () => {
  test('is cited with its own passage and anchor, which is not the best one of its section', () => {
    const stocks = { ...COOLED, anchor: 'stocks', text: 'Cool stock in an ice bath first.' }
    const turn = play(
      ...ASKED,
      created('r1', 'turn-1-1'),
      toolCall('r1', 'r1'),
      searched(answerOf(COOLED, stocks), 'r1')
    )
    const sources = [source('cooling', 'in an ice bath first')]
    turn.send(created('r2', 'turn-1-2'), reported('r2', { found: true, sources }))
    expect(turn.view().citations).toEqual([cited(stocks, 'in an ice bath first')])
  })

  test.each([
    ['stands nowhere', 'Serve the chicken rare.'],
    ['is of another restaurant', 'El trompo gira a 165 grados toda la noche.'],
    ['has 5,000 characters', 'Cool soup to 70 °F within 2 hours. '.repeat(143)],
    ['is empty', '']
  ])('marks its section and is counted when it %s', (_what, quote) => {
    const turn = answered('To 165, in 2 hours.', {
      found: true,
      sources: [source('cooking', 'Chicken: 165.'), source('cooling', quote)]
    })
    expect(turn.view()).toMatchObject({ found: true, verdict: 'reported' })
    expect(turn.view().citations).toEqual([
      cited(COOKED, COOKED.text),
      { ...cited(COOLED), hasUnverifiedQuote: true }
    ])
    expect(turn.reports()).toMatchObject([
      { outcome: 'answered', sections: ['cooking', 'cooling'], unverifiedQuotes: 1 }
    ])
  })

  test('marks its section beside a quote that checks, and counts once', () => {
    const turn = answered('In 2 hours.', {
      found: true,
      sources: [source('cooling', 'Within 2 hours.'), source('cooling', 'Within 3 hours.')]
    })
    expect(turn.view().citations).toEqual([
      { ...cited(COOLED, 'Within 2 hours.'), hasUnverifiedQuote: true }
    ])
    expect(turn.reports()).toMatchObject([{ sections: ['cooling'], unverifiedQuotes: 1 }])
  })
})

describe('a figure that stands in no passage', () => {
  test('is marked in its place, and counted', () => {
    const words = 'Cook it to 165, hold it at 150 °F and cool it within two hours or 4 days.'
    const turn = answered(words, COOLING_REPORT)
    expect(marked(turn.view())).toEqual(['150 °F', '4 days'])
    expect(turn.reports()).toMatchObject([{ unverifiedFigures: 2 }])
    turn.send(STOPPED)
    expect(marked(turn.view())).toEqual(['150 °F', '4 days'])
  })

  test('is marked although the question has it', () => {
    const text = 'Is chicken done at 300?'
    const turn = play(
      ...answering(),
      { type: 'transcript_completed', itemId: 'q1', text },
      say('At 300 it is done.'),
      spoken('r2')
    )
    expect(turn.view().transcript).toBe(text)
    expect(marked(turn.view())).toEqual(['300'])
  })

  test('is marked when nothing was found', () => {
    const turn = answered('It is 165 °F, I think.', NO_REPORT, answerOf())
    expect(marked(turn.view())).toEqual(['165 °F'])
  })

  test('is marked once it cannot grow any more', () => {
    const turn = play(...answering(), say('Cook it to 1'))
    expect(marked(turn.view())).toEqual([])
    turn.send(say('50 degrees. Then'))
    expect(marked(turn.view())).toEqual(['150 degrees'])
  })

  test('is not marked in words before the search', () => {
    const words = 'Give me 5 seconds. I look it up.'
    const turn = play(...ASKED, created('r1', 'turn-1-1'), say(words, 'r1'))
    expect(turn.view()).toMatchObject({ answer: words, unverified: [] })
  })

  test('goes with the next question, and so do the citations', () => {
    const turn = answered('150 °F.', COOLING_REPORT)
    turn.send(PRESS_AGAIN)
    expect(turn.view()).toMatchObject({ unverified: [], citations: [], nearest: [] })
    expect(turn.view()).toMatchObject({ questionId: null, timeToFirstAudioMs: null })
  })
})

describe('a search result', () => {
  test('names the nearest sections of a question that is not found', () => {
    const turn = answered('It does not say.', NO_REPORT, { ...answerOf(), nearest: [NEAR] })
    expect(turn.view()).toMatchObject({ found: false, citations: [], nearest: [NEAR] })
  })

  test.each([
    ['answered', answerOf(COOKED)],
    ['not_found', answerOf()]
  ] as const)('makes a question that was %s rateable under its id', (outcome, answer) => {
    const turn = play(...answering(answer), spoken('r2'), STOPPED)
    expect(turn.view()).toMatchObject({ outcome, questionId: QUESTION_ID })
  })

  test('that failed is the failure of the turn', () => {
    const failure = kioskFailure('limit_exceeded', 'no more today')
    const turn = play(
      ...ASKED,
      created('r1', 'turn-1-1'),
      toolCall('r1', 'c1'),
      { type: 'handbook_failed', turnId: 1, callId: 'c1', failure },
      created('r2', 'turn-1-2'),
      { ...spoken('r2'), hasAudio: false } as ConversationEvent
    )
    expect(turn.view()).toMatchObject({ outcome: 'failed', found: null, failure })
  })

  test('of a turn that has ended changes nothing', () => {
    const turn = play(...ASKED, created('r1', 'turn-1-1'), toolCall('r1', 'c1'), PRESS_AGAIN)
    const { length } = turn.types()
    turn.send(searched(TWO_SECTIONS))
    expect(turn.types()).toHaveLength(length)
    expect(turn.view()).toMatchObject({ id: 2, found: null, citations: [] })
  })

  test('of the offline copy is shown as such, and not spoken', () => {
    const turn = play(
      ...READY,
      { type: 'call_lost' },
      { type: 'ask', text: 'How hot?' },
      timer('call', 1),
      { type: 'copy_answered', turnId: 1, answer: { ...answerOf(COOKED), method: 'offline' } }
    )
    expect(turn.view()).toMatchObject({
      outcome: 'answered',
      offline: true,
      silent: true,
      transcript: 'How hot?',
      answer: 'Chicken: 165.',
      citations: [cited(COOKED)],
      unverified: []
    })
  })
})

test('keeps the words of a lost call on the screen, marked as cut off', () => {
  const turn = play(...answering(), say('To 165.'), { type: 'call_lost' })
  turn.send({ type: 'session_opened', replay: true, replayedItemIds: [] })
  expect(turn.view()).toMatchObject({
    answer: 'To 165.',
    outcome: 'failed',
    failure: { code: 'answer_cut_off' },
    citations: [cited(COOKED)]
  })
})

test('settles the input once every clear is confirmed', () => {
  const turn = play(...READY, { type: 'clear_sent' }, { type: 'clear_sent' })
  turn.send({ type: 'clear_confirmed' })
  expect(turn.state().turn.isInputSettled).toBe(false)
  turn.send({ type: 'clear_confirmed' })
  expect(turn.state().turn.isInputSettled).toBe(true)
})
