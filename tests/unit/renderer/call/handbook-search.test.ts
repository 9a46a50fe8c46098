// Searches at the backend, and in the offline copy.
import { expect, test } from 'vitest'
import { searchHandbook } from '../../../../src/renderer/call/handbook-search.ts'
import type { Bridge } from '../../../../src/shared/contract.ts'
import { failed, ok } from '../../../../src/shared/failure.ts'
import { answerOf, COOKED } from './passages.ts'

const COPY = { ...answerOf(COOKED), method: 'offline' } as const
const QUESTION = { question: 'yo how hot', restated: 'How hot?', sections: ['cooking'] }

/** @param answers of the backend, and of the copy in order */
const search = async (...answers: unknown[]) => {
  const calls: [string, unknown][] = []
  const call = async (name: string, input: unknown) => {
    calls.push([name, input])
    return answers.shift()
  }
  const bridge = { call, on: () => () => {} } as unknown as Bridge
  return { result: await searchHandbook(bridge, 'id', QUESTION, 'en'), calls: calls.slice(1) }
}

test.each(['search_timeout', 'backend_unreachable', 'backend_failed'] as const)(
  'asks the copy with the question, then with the restatement, after %s',
  async (code) => {
    const { result, calls } = await search(failed(code, ''), ok(answerOf()), ok(COPY))
    expect(result).toEqual(ok(COPY))
    expect(calls).toEqual([
      ['handbook.searchOffline', { question: QUESTION.question, language: 'en' }],
      ['handbook.searchOffline', { question: QUESTION.restated, language: 'en' }]
    ])
  }
)

test('keeps the failure when the copy finds nothing', async () => {
  const late = failed('search_timeout', 'late')
  expect((await search(late, ok(answerOf()), ok(answerOf()))).result).toEqual(late)
})

test('does not ask the copy after a refusal', async () => {
  const refusal = failed('limit_exceeded', 'no more today')
  expect(await search(refusal)).toEqual({ result: refusal, calls: [] })
})
