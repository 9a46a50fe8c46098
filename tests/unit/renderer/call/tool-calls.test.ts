// Reads tool calls, broken ones included.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readToolCall } from '../../../../src/renderer/call/tool-calls.ts'
import {
  type AnswerReport,
  handbookQuestionSchema,
  QUERY_LENGTH_LIMIT,
  reportSchema
} from '../../../../src/shared/handbook.ts'

const read = (name: string, text: string) => readToolCall({ name, call_id: 'c1', arguments: text })
const asked = (fields: unknown) => {
  const call = read('search_handbook', JSON.stringify(fields))
  if (call.tool !== 'search') throw new Error(call.tool)
  return call.question
}
const reported = (text: string): AnswerReport | null => {
  const call = read('report_answer', text)
  if (call.tool !== 'report') throw new Error(call.tool)
  return call.report
}

const LONG = 'chicken '.repeat(1_250)
const CUT = LONG.slice(0, QUERY_LENGTH_LIMIT).trimEnd()
const QUESTION = { question: 'yo how hot is chicken', restated: 'How hot must chicken be?' }

describe('a search', () => {
  test('has all three arguments', () => {
    expect(asked({ ...QUESTION, sections: ['cooking', 'cooling-down'], more: 1 })).toEqual({
      ...QUESTION,
      sections: ['cooking', 'cooling-down']
    })
  })

  test.each<[string, unknown, string[]]>([
    ['missing', undefined, []],
    ['empty', [], []],
    ['null', null, []],
    ['a number', 7, []],
    ['an object', { cooking: true }, []],
    ['a text', 'cooking', ['cooking']],
    ['a text that is no id', 'Cooking temperatures', []],
    ['of other kinds', [7, null, ['cooking'], { id: 'cooking' }, 'cooking'], ['cooking']],
    [
      'no ids',
      [
        '',
        ' ',
        'Cooking Temperatures',
        'a--b',
        '-a',
        '../etc',
        'x'.repeat(300),
        'a_b',
        'ñ',
        'a\u0000'
      ],
      []
    ],
    ['the same id thirty times', Array(30).fill('cooking'), ['cooking']],
    ['thirty ids', Array.from({ length: 30 }, (_, at) => `s-${at}`), ['s-0', 's-1', 's-2']],
    ['10,000 characters long', ['x'.repeat(10_000), 'cooking'], ['cooking']]
  ])('ignores sections that are %s', (_what, sections, named) => {
    expect(asked({ ...QUESTION, sections })).toEqual({ ...QUESTION, sections: named })
  })

  test.each<[string, unknown]>([
    ['missing', undefined],
    ['empty', ''],
    ['blank', ' \n\t '],
    ['a number', 7],
    ['a list', ['chicken']],
    ['the question again', QUESTION.question]
  ])('ignores a restatement that is %s', (_what, restated) => {
    expect(asked({ question: QUESTION.question, restated, sections: [] })).toEqual({
      question: QUESTION.question,
      sections: []
    })
  })

  test.each<[string, unknown]>([
    ['missing', undefined],
    ['empty', ' '],
    ['of another kind', { text: 'chicken' }]
  ])('uses the restatement when the question is %s', (_what, question) => {
    expect(asked({ question, restated: QUESTION.restated, sections: ['cooking'] })).toEqual({
      question: QUESTION.restated,
      sections: ['cooking']
    })
  })

  test('cuts a text of 10,000 characters', () => {
    expect(asked({ question: LONG, restated: `Is it ${LONG}`, sections: [] })).toEqual({
      question: CUT,
      restated: `Is it ${LONG}`.slice(0, QUERY_LENGTH_LIMIT).trimEnd(),
      sections: []
    })
    // Never inside a surrogate pair.
    const chickens = asked({ question: `x${'🍗'.repeat(5_000)}` })?.question ?? ''
    expect(chickens).toMatch(/^x🍗+$/u)
    expect(chickens.length).toBeLessThanOrEqual(QUERY_LENGTH_LIMIT)
  })

  test('removes characters that Postgres rejects', () => {
    expect(asked({ question: 'how\u0000 hot\ud800 is it\n\n?' })?.question).toBe(
      'how  hot\ufffd is it ?'
    )
  })

  test.each([
    '{}',
    '{"sections":["cooking"]}',
    '{"question":"","restated":"  "}',
    '{"question":7,"restated":null}',
    '["chicken"]',
    '"chicken"',
    'null',
    '{"question":"chick',
    ''
  ])('is null for %s', (text) => {
    expect(read('search_handbook', text)).toEqual({ tool: 'search', callId: 'c1', question: null })
  })

  test('fits the contract for random arguments', () => {
    const value = fc.oneof(fc.anything(), fc.string({ maxLength: 3_000 }), fc.constant(LONG))
    const fields = fc.record(
      { question: value, restated: value, sections: fc.oneof(value, fc.array(value)) },
      { requiredKeys: [] }
    )
    fc.assert(
      fc.property(fc.oneof(fields, fc.anything()), (sent) => {
        const question = asked(JSON.parse(JSON.stringify(sent) ?? 'null'))
        if (question !== null) expect(handbookQuestionSchema.parse(question)).toEqual(question)
      })
    )
  })
})

const source = (section: string, quote = 'Cook it.') => ({ section, quote })

describe('a report', () => {
  test.each<[string, AnswerReport]>([
    [
      '{"found":true,"sources":[{"section":"a","quote":"Cook it."},{"section":"b","quote":""}]}',
      { found: true, sources: [source('a'), source('b', '')] }
    ],
    ['{"found":false,"sources":[],"why":"x"}', { found: false, sources: [] }],
    ['{"found":false}', { found: false, sources: [] }],
    ['{"found":true,"sources":[{"section":"a"}]}', { found: true, sources: [source('a', '')] }]
  ])('is read: %s', (text, report) => {
    expect(reported(text)).toEqual(report)
  })

  test('empties a quote of 5,000 characters, which then fails the check', () => {
    const sent = { found: true, sources: [source('a', 'Cook it. '.repeat(600)), source('b')] }
    expect(reported(JSON.stringify(sent))).toEqual({
      found: true,
      sources: [source('a', ''), source('b')]
    })
  })

  test.each([
    '{"sources":[]}',
    '{"found":"true","sources":[]}',
    '{"found":true,"sources":"a"}',
    '{"found":true,"sources":["a"]}',
    '{"found":true,"sources":[{"quote":"Cook it."}]}',
    '{"found":true,"sources":[{"section":"","quote":"Cook it."}]}',
    '{"found":true,"sources":[{"section":"a","quote":7}]}',
    JSON.stringify({ found: true, sources: Array(11).fill(source('a')) }),
    '{"found":tr',
    'null',
    ''
  ])('is null for %s', (text) => {
    expect(reported(text)).toBeNull()
  })

  test('fits the contract for random text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), (text) => {
        const report = reported(text)
        if (report !== null) expect(reportSchema.safeParse(report).success).toBe(true)
      })
    )
  })
})

test('reads the call of an unknown tool', () => {
  expect(read('open_door', '{}')).toEqual({ tool: 'unknown', callId: 'c1' })
})
