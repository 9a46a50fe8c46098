// Main's side of the contract against callers that keep to nothing.
import fc from 'fast-check'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createCallDispatcher } from '../../src/main/call-dispatcher.ts'
import type { CallHandlers } from '../../src/shared/contract.ts'
import { CALL_NAMES } from '../../src/shared/contract-names.ts'
import { failureSchema, ok } from '../../src/shared/failure.ts'
import { createRecordingLog } from '../unit/main/recording-log.ts'
import { startTestMainApp, type TestMainApp } from './test-main-app.ts'
import { validInputs } from './valid-inputs.ts'

const trusted = { trusted: true } as const

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

it.each(CALL_NAMES)('answers %s with a result that the contract knows', async (name) => {
  const answer = await test.kiosk.answer(name, validInputs[name], trusted)
  expect(isResult(answer)).toBe(true)
  expect(test.log.events()).not.toContain('contract.handlerThrew')
  expect(test.log.events()).not.toContain('contract.outputInvalid')
  if (!answer.ok) expect(answer.error.code).not.toBe('internal')
})

it.each(CALL_NAMES)('refuses %s from a sender that the shell does not trust', async (name) => {
  const sender = { trusted: false, reason: 'another frame' } as const
  const answer = await test.kiosk.answer(name, validInputs[name], sender)
  expect(answer).toMatchObject({ ok: false, error: { code: 'forbidden_sender' } })
  expect(test.log.lines.at(-1)).toMatchObject({
    event: 'contract.rejected',
    detail: { call: name, code: 'forbidden_sender' }
  })
})

it.each(CALL_NAMES)('refuses %s with a field that it does not have', async (name) => {
  const input = { ...validInputs[name], surprise: 1 }
  const answer = await test.kiosk.answer(name, input, trusted)
  expect(answer).toMatchObject({ ok: false, error: { code: 'bad_request' } })
})

it.each([
  '',
  'nope',
  '__proto__',
  'constructor',
  'toString',
  'kiosk.initialState ',
  7,
  null,
  undefined,
  {}
])('knows no call named %j', async (name) => {
  expect(await test.kiosk.answer(name, {}, trusted)).toMatchObject({
    ok: false,
    error: { code: 'bad_request' }
  })
})

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

it('survives an input that throws when it is looked at', async () => {
  const hostile = new Proxy(
    {},
    {
      get: () => {
        throw new Error('boo')
      },
      ownKeys: () => {
        throw new Error('boo')
      }
    }
  )
  const answer = await test.kiosk.answer('log.write', hostile, trusted)
  expect(isResult(answer)).toBe(true)
  expect(answer.ok).toBe(false)
})

it('names the field that does not fit and never its value', async () => {
  const answer = await test.kiosk.answer(
    'log.write',
    { level: 'info', event: 'a.b', detail: { ms: ['hunter2'] } },
    trusted
  )
  expect(answer).toMatchObject({
    error: { message: expect.stringContaining('detail.ms') }
  })
  expect(JSON.stringify([answer, test.log.lines])).not.toContain('hunter2')
})

const registrarWith = (changes: Partial<CallHandlers>) => {
  const log = createRecordingLog()
  const refuse = async () => ({
    ok: false as const,
    error: { code: 'internal' as const, message: '' }
  })
  const handlers: CallHandlers = {
    'kiosk.initialState': refuse,
    'kiosk.setInUse': refuse,
    'updates.status': refuse,
    'account.signIn': refuse,
    'account.signOut': refuse,
    'calls.open': refuse,
    'calls.hangUp': refuse,
    'calls.openWebSocket': refuse,
    'handbook.search': refuse,
    'handbook.searchOffline': refuse,
    'handbook.readSection': refuse,
    'handbook.rate': refuse,
    'handbook.reportAnswer': refuse,
    'turns.record': refuse,
    'turns.recent': refuse,
    'settings.change': refuse,
    'maintenance.unlock': refuse,
    'maintenance.lock': refuse,
    'maintenance.setPin': refuse,
    'maintenance.exit': refuse,
    'log.write': refuse,
    ...changes
  }
  return { registrar: createCallDispatcher(handlers, log), log }
}

it('turns a handler that throws into a failure, with the stack in the log and not in the answer', async () => {
  const { registrar, log } = registrarWith({
    'calls.hangUp': async () => {
      throw new Error('a defect with sk-secretsecret in it')
    }
  })
  const answer = await registrar.answer('calls.hangUp', { callId: 'x' }, trusted)
  expect(answer).toMatchObject({ ok: false, error: { code: 'internal' } })
  expect(JSON.stringify(answer)).not.toContain('defect')
  expect(log.lines.at(-1)).toMatchObject({
    level: 'error',
    event: 'contract.handlerThrew',
    detail: { call: 'calls.hangUp', error: expect.any(Error) }
  })
})

it('turns an answer that the contract does not know into a failure', async () => {
  const { registrar, log } = registrarWith({
    'calls.open': async () => ok({ callId: '', answerSdp: 'v=0', model: 'm' })
  })
  const answer = await registrar.answer('calls.open', validInputs['calls.open'], trusted)
  expect(answer).toMatchObject({ ok: false, error: { code: 'internal' } })
  expect(log.events()).toEqual(['contract.outputInvalid'])
})

it('counts rejections by code', async () => {
  const { registrar } = registrarWith({})
  await registrar.answer('nope', {}, trusted)
  await registrar.answer('calls.open', {}, trusted)
  await registrar.answer('calls.open', {}, { trusted: false, reason: 'frame' })
  expect(registrar.rejections()).toEqual({ bad_request: 2, forbidden_sender: 1 })
})

it('tells the screen about a change of settings and a forced release', async () => {
  const heard: unknown[] = []
  const stop = test.kiosk.onNotification((notification) => heard.push(notification))
  await test.kiosk.answer('settings.change', { volume: 0.25 }, trusted)
  test.kiosk.forceRelease('lock')
  stop()
  test.kiosk.forceRelease('suspend')
  expect(heard).toMatchObject([
    { name: 'settings.changed', payload: { volume: 0.25 } },
    { name: 'turn.forceRelease', payload: { reason: 'lock' } }
  ])
})
