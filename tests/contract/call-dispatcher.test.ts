import fc from 'fast-check'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createCallDispatcher } from '../../src/main/call-dispatcher.ts'
import type { CallHandlers } from '../../src/shared/contract.ts'
import { CALL_NAMES } from '../../src/shared/contract-names.ts'
import { failed, failureSchema, ok } from '../../src/shared/failure.ts'
import { createRecordingLog } from '../unit/main/recording-log.ts'
import { startTestMainApp, type TestMainApp } from './test-main-app.ts'
import { validInputs } from './valid-inputs.ts'

const trusted = { trusted: true } as const
const untrusted = { trusted: false, reason: 'another frame' } as const

let test: TestMainApp
beforeEach(async () => {
  test = await startTestMainApp()
})
afterEach(() => test.remove())

const isResult = (answer: unknown): boolean => {
  if (typeof answer !== 'object' || answer === null || !('ok' in answer)) return false
  if (answer.ok === true) return 'value' in answer
  return 'error' in answer && failureSchema.safeParse(answer.error).success
}

it.each(CALL_NAMES)('answers %s with a result of the contract', async (name) => {
  const answer = await test.kiosk.answer(name, validInputs[name], trusted)
  expect(isResult(answer)).toBe(true)
  expect(test.log.events()).not.toContain('contract.handlerThrew')
  expect(test.log.events()).not.toContain('contract.outputInvalid')
  if (!answer.ok) expect(answer.error.code).not.toBe('internal')
})

it.each(CALL_NAMES)(
  'refuses %s from an untrusted sender or with an unknown field',
  async (name) => {
    const refusalOf = async (input: object, sender: typeof trusted | typeof untrusted) => {
      const answer = await test.kiosk.answer(name, input, sender)
      expect(test.log.lines.at(-1)).toMatchObject({
        event: 'contract.rejected',
        detail: { call: name, code: answer.ok ? null : answer.error.code }
      })
      return answer
    }
    expect(await refusalOf(validInputs[name], untrusted)).toMatchObject({
      error: { code: 'forbidden_sender' }
    })
    expect(await refusalOf({ ...validInputs[name], surprise: 1 }, trusted)).toMatchObject({
      error: { code: 'bad_request' }
    })
  }
)

it.each(['', 'nope', '__proto__', 'toString', 'kiosk.initialState ', 7, null, undefined, {}])(
  'refuses a call named %j',
  async (name) => {
    expect(await test.kiosk.answer(name, {}, trusted)).toMatchObject({
      ok: false,
      error: { code: 'bad_request' }
    })
  }
)

it('answers any input to any call with a result, and logs every rejection', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(fc.constantFrom(...CALL_NAMES), fc.string()),
      fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true }),
      async (name, input) => {
        const linesBefore = test.log.lines.length
        const answer = await test.kiosk.answer(name, input, trusted)
        expect(isResult(answer)).toBe(true)
        if (!answer.ok && answer.error.code === 'bad_request') {
          expect(test.log.lines.length).toBeGreaterThan(linesBefore)
        }
      }
    ),
    { numRuns: 300 }
  )
  expect(test.log.events()).not.toContain('contract.handlerThrew')
})

it('answers an input that throws when it is read with a failure', async () => {
  const boo = () => {
    throw new Error('boo')
  }
  const hostile = new Proxy({}, { get: boo, ownKeys: boo })
  const answer = await test.kiosk.answer('log.write', hostile, trusted)
  expect(isResult(answer)).toBe(true)
  expect(answer.ok).toBe(false)
})

it('names an invalid field and never its value', async () => {
  const detail = { ms: ['hunter2'] }
  const answer = await test.kiosk.answer(
    'log.write',
    { level: 'info', event: 'a.b', detail },
    trusted
  )
  expect(answer).toMatchObject({ error: { message: expect.stringContaining('detail.ms') } })
  expect(JSON.stringify([answer, test.log.lines])).not.toContain('hunter2')
})

it('bounds the length of a line that the page logs', async () => {
  const detail = Object.fromEntries(Array.from({ length: 25 }, (_, i) => [`f${i}`, 'x']))
  const input = { level: 'info', event: 'a.b', detail }
  expect(await test.kiosk.answer('log.write', input, trusted)).toMatchObject({
    error: { code: 'bad_request' }
  })
})

const dispatcherWith = (changes: Partial<CallHandlers>) => {
  const log = createRecordingLog()
  const refuse = async () => failed('internal', '')
  const handlers = Object.fromEntries(CALL_NAMES.map((name) => [name, refuse]))
  const all = { ...handlers, ...changes } as unknown as CallHandlers
  return { dispatcher: createCallDispatcher(all, log), log }
}

it('turns an exception of a handler into a failure, with the stack in the log only', async () => {
  const { dispatcher, log } = dispatcherWith({
    'calls.hangUp': async () => {
      throw new Error('a defect with sk-secretsecret in it')
    }
  })
  const answer = await dispatcher.answer('calls.hangUp', { callId: 'x' }, trusted)
  expect(answer).toMatchObject({ ok: false, error: { code: 'internal' } })
  expect(JSON.stringify(answer)).not.toContain('defect')
  expect(log.lines.at(-1)).toMatchObject({
    level: 'error',
    event: 'contract.handlerThrew',
    detail: { call: 'calls.hangUp', error: expect.any(Error) }
  })
})

it('turns an answer outside the contract into a failure', async () => {
  const { dispatcher, log } = dispatcherWith({
    'calls.open': async () => ok({ callId: '', answerSdp: 'v=0', model: 'm' })
  })
  const answer = await dispatcher.answer('calls.open', validInputs['calls.open'], trusted)
  expect(answer).toMatchObject({ ok: false, error: { code: 'internal' } })
  expect(log.events()).toEqual(['contract.outputInvalid'])
})

it('notifies the page of changed settings and of a forced release', async () => {
  const notifications: unknown[] = []
  const stop = test.kiosk.onNotification((notification) => notifications.push(notification))
  await test.kiosk.answer('settings.change', { volume: 0.25 }, trusted)
  test.kiosk.forceRelease('lock')
  stop()
  test.kiosk.forceRelease('suspend')
  expect(notifications).toMatchObject([
    { name: 'settings.changed', payload: { volume: 0.25 } },
    { name: 'turn.forceRelease', payload: { reason: 'lock' } }
  ])
})
