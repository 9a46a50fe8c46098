import type {
  RealtimeClientEvent,
  RealtimeResponse,
  RealtimeServerEvent
} from 'openai/resources/realtime/realtime'
import { describe, expect, it } from 'vitest'
import { measureAnswer, summarise } from '../../../../bench/evaluation/answers/answer-measures.ts'
import {
  askQuestion,
  type Run,
  type RunPorts
} from '../../../../bench/evaluation/answers/ask-question.ts'
import {
  chooseQuestions,
  estimateRun
} from '../../../../bench/evaluation/answers/choose-questions.ts'
import {
  type RealtimeConnection,
  RealtimeConnectionError
} from '../../../../bench/evaluation/answers/realtime-connection.ts'
import { sessionSettings } from '../../../../bench/evaluation/answers/session-settings.ts'
import { costOf, NO_USAGE } from '../../../../bench/evaluation/answers/token-prices.ts'
import type { EvaluationQuestion } from '../../../../bench/evaluation/question-set.ts'
import type { Handbook } from '../../../../dev/supabase/handbook-files.ts'
import { failed, ok } from '../../../../src/shared/failure.ts'
import type { Passage } from '../../../../src/shared/handbook.ts'

const question = (patch: Partial<EvaluationQuestion> = {}): EvaluationQuestion => ({
  id: 'hr-en-0001',
  group: 'harbor-and-rye',
  language: 'en',
  kind: 'number',
  text: 'how hot for thighs?',
  sections: ['cooking-temperatures'],
  facts: [{ en: '165 °F (74 °C) for at least', es: '165 °F (74 °C) por lo menos' }],
  figures: ['165 °F'],
  ...patch
})
const passage = (slug: string, text: string): Passage => ({
  slug,
  title: slug,
  language: 'en',
  anchor: '',
  heading: '',
  text,
  needsManager: false
})
const POULTRY = passage(
  'cooking-temperatures',
  'Cook chicken to **165 °F** (74 °C) for\nat least one second.'
)
const WALK_IN = passage('walk-in', 'Raw chicken goes on the lowest shelf.')
const QUOTE = 'Cook chicken to 165 °F (74 °C) for at least one second.'
const run = (patch: Partial<Run> = {}): Run => ({
  question: question(),
  searchedFor: null,
  passages: [WALK_IN, POULTRY],
  answer: 'Cook thighs to 165 °F.',
  report: { found: true, sources: [{ section: 'cooking-temperatures', quote: QUOTE }] },
  usage: { input: 1_000, cached: 400, output: 100 },
  failure: null,
  ...patch
})
const NOT_FOUND = { found: false, sources: [] }
const UNANSWERABLE = question({ sections: [], facts: [], figures: [], kind: 'unanswerable' })

describe('measureAnswer, of an answerable question', () => {
  it('accepts an answer with the facts in the reported sections and the figures in the answer', () => {
    expect(measureAnswer(run())).toMatchObject({
      'acceptable-answer ratio': [1],
      'citation precision': [1],
      'citation recall': [1],
      'exact figures': [1],
      'quotes in a passage': [1],
      'missing reports': [0],
      'facts given to the model': [1],
      'unanswered ratio': []
    })
  })

  it.each<[string, Partial<Run>]>([
    ['the figure is another', { answer: 'Cook thighs to 156 °F.' }],
    ['it reports no answer', { report: NOT_FOUND }],
    ['it reports nothing', { report: null }],
    [
      'its facts stand in no section that it reports',
      { report: { found: true, sources: [{ section: 'walk-in', quote: WALK_IN.text }] } }
    ],
    ['its facts were not given', { passages: [WALK_IN] }]
  ])('does not accept an answer where %s', (_, patch) => {
    expect(measureAnswer(run(patch))['acceptable-answer ratio']).toEqual([0])
  })

  it('accepts a figure in another language', () => {
    const spanish = run({
      question: question({ figures: ['4 hours'], facts: [{ en: 'within 4 hours' }] }),
      passages: [passage('cooking-temperatures', 'Cool it within 4 hours.')],
      answer: 'Enfríalo en cuatro horas.'
    })
    expect(measureAnswer(spanish)['acceptable-answer ratio']).toEqual([1])
  })

  it('counts each reported section that does not answer once against the precision', () => {
    const sources = [
      { section: 'cooking-temperatures', quote: QUOTE },
      { section: 'walk-in', quote: 'Raw chicken may lie anywhere.' },
      { section: 'walk-in', quote: 'Raw chicken goes on the lowest shelf.' }
    ]
    expect(measureAnswer(run({ report: { found: true, sources } }))).toMatchObject({
      'citation precision': [0.5],
      'quotes in a passage': [1, 0, 1]
    })
  })

  it('reports a figure that is in no passage', () => {
    const answer = 'Cook thighs to 165 °F for 15 seconds.'
    expect(measureAnswer(run({ answer }))['exact figures']).toEqual([0])
  })
})

describe('measureAnswer, of an unanswerable question', () => {
  it.each([
    ['reported as not found', NOT_FOUND, 1],
    ['answered', run().report, 0],
    ['answered without a report', null, 0]
  ] as const)('counts an answer that is %s as %3$i', (_, report, value) => {
    const seen = measureAnswer(run({ question: UNANSWERABLE, report }))
    expect(seen['unanswered ratio']).toEqual([value])
    expect(seen['acceptable-answer ratio']).toEqual([])
  })
})

describe('summarise', () => {
  it('leaves failed runs out of the measures and counts them by their code', () => {
    const summary = summarise('gpt-realtime-2.1', [run(), run({ failure: 'search_timeout' })])
    expect(summary.failures).toEqual({ search_timeout: 1 })
    expect(summary.rows.find(({ part }) => part === 'all')).toMatchObject({ n: 1, value: 1 })
  })

  it('adds up the tokens and prices them, cached ones at their own price', () => {
    const { usage, cost } = summarise('gpt-realtime-2.1', [run(), run()])
    expect(usage).toEqual({ input: 2_000, cached: 800, output: 200 })
    expect(cost).toBeCloseTo((1_200 * 4 + 800 * 0.4 + 200 * 24) / 1e6, 10)
    expect(costOf('a model without a price', NO_USAGE)).toBeNull()
  })

  it('adds rows by language, kind and kind of unanswerable question', () => {
    const underspecified = question({ ...UNANSWERABLE, unanswerable_kind: 'underspecified' })
    const { rows } = summarise('gpt-realtime-2.1', [
      run(),
      run({ question: underspecified, report: NOT_FOUND })
    ])
    expect(new Set(rows.map(({ part }) => part))).toEqual(
      new Set(['all', 'en', 'number', 'unanswerable', 'underspecified'])
    )
  })
})

describe('chooseQuestions and estimateRun', () => {
  const questions = Array.from({ length: 10 }, (_, number) =>
    question({ id: `hr-en-000${number}`, language: number < 6 ? 'en' : 'es' })
  )

  it('spreads a limit over the chosen questions', () => {
    const chosen = chooseQuestions(questions, { half: null, language: null, limit: 5 })
    expect(chosen.map(({ id }) => id.at(-1))).toEqual(['0', '2', '4', '6', '8'])
    const all = chooseQuestions(questions, { half: null, language: 'es', limit: 99 })
    expect(all).toHaveLength(4)
  })

  it('estimates from the size of each session, cheaper where it is cached', () => {
    const settings = sessionSettings({})
    const handbookOf = (sections: number): Handbook => ({
      groups: [
        {
          slug: 'harbor-and-rye',
          name: 'Harbor and Rye',
          sections: Array.from({ length: sections }, (_, number) => ({
            slug: `section-${number}`,
            category: 'cooking',
            order: number,
            texts: { en: { title: 'A title of some words', content: 'Text.', questions: [] } }
          }))
        }
      ],
      unanswered: { en: [], es: [] },
      problems: []
    })
    const small = estimateRun(settings, handbookOf(1), questions)
    const large = estimateRun(settings, handbookOf(100), questions)
    expect(large.usage.cached).toBeGreaterThan(small.usage.cached)
    expect(large.most).toBeGreaterThan(small.most ?? Number.POSITIVE_INFINITY)
    expect(large.least).toBeLessThan(large.most ?? 0)
    const unlisted = sessionSettings({ OPENAI_REALTIME_MODEL: 'another' })
    expect(estimateRun(unlisted, handbookOf(1), questions).most).toBeNull()
  })
})

describe('askQuestion', () => {
  const call = (name: string, given: object): object => ({
    type: 'function_call',
    name,
    call_id: `call-${name}`,
    arguments: JSON.stringify(given)
  })
  const message = (text: string): object => ({
    type: 'message',
    role: 'assistant',
    content: [{ type: 'output_text', text }]
  })
  const response = (...output: object[]) =>
    ({
      status: 'completed',
      output,
      usage: { input_tokens: 100, output_tokens: 10, input_token_details: { cached_tokens: 40 } }
    }) as RealtimeResponse
  const ASKED = { question: 'how hot for thighs?', restated: 'How hot is chicken?', sections: [] }
  const REPORT = { found: true, sources: [{ section: 'cooking-temperatures', quote: QUOTE }] }

  /** Sends these responses one by one. */
  const lineOf = (
    responses: RealtimeResponse[]
  ): { line: RealtimeConnection; sent: RealtimeClientEvent[] } => {
    const sent: RealtimeClientEvent[] = []
    const next = async (type: RealtimeServerEvent['type']) => {
      if (type !== 'response.done') return { type }
      const response = responses.shift()
      if (response === undefined) throw new RealtimeConnectionError('late', 'No response.')
      return { type, response }
    }
    return {
      line: {
        send: (event) => sent.push(event),
        next: next as RealtimeConnection['next'],
        close: () => {}
      },
      sent
    }
  }
  const ask = (line: RealtimeConnection, search: RunPorts['search']) =>
    askQuestion(question(), { openRealtimeConnection: async () => line, session: {}, search })
  const found = async () =>
    ok({ found: true, passages: [POULTRY], nearest: [], named: 1, method: 'hybrid' as const })

  it('makes the model search first, and returns the answer, its report and its tokens', async () => {
    const { line, sent } = lineOf([
      response(call('search_handbook', ASKED)),
      response(message('165 °F.'), call('report_answer', REPORT))
    ])
    expect(await ask(line, found)).toMatchObject({
      searchedFor: ASKED,
      passages: [POULTRY],
      answer: '165 °F.',
      report: REPORT,
      usage: { input: 200, cached: 80, output: 20 },
      failure: null
    })
    expect(sent.find(({ type }) => type === 'response.create')).toMatchObject({
      response: { tool_choice: { type: 'function', name: 'search_handbook' } }
    })
  })

  it('returns the code of a failure', async () => {
    const late = lineOf([response(call('search_handbook', ASKED))])
    expect((await ask(late.line, found)).failure).toBe('late')
    const lost = lineOf([response(call('search_handbook', ASKED)), response(message('Sorry.'))])
    const search = async () => failed('search_timeout', 'Too late.')
    expect((await ask(lost.line, search)).failure).toBe('search_timeout')
  })
})
