// Dispatches the calls of the contract: checks sender, name, input and output.
import { z } from 'zod'
import { type CallHandlers, type CallName, type CallRequest, contract } from '../shared/contract.ts'
import { failed, failureSchema, type MainFailureCode, type Result } from '../shared/failure.ts'
import type { Log } from './log.ts'

/** Decided by the shell, which sees frames and origins. */
export type Sender = { trusted: true } | { trusted: false; reason: string }

export type CallDispatcher = {
  /** Answers a call from outside. Never throws and never rejects. */
  answer(name: unknown, rawInput: unknown, sender: Sender): Promise<Result<unknown>>
  /** Number of calls that were rejected before their handler, by code. */
  rejections(): Partial<Record<MainFailureCode, number>>
}

/** Bounds names and paths in the log. */
const LOGGED_LENGTH = 200

const envelopeSchema = z.discriminatedUnion('ok', [
  z.strictObject({ ok: z.literal(true), value: z.unknown() }),
  z.strictObject({ ok: z.literal(false), error: failureSchema })
])

export const createCallDispatcher = (handlers: CallHandlers, log: Log): CallDispatcher => {
  const counts: Partial<Record<MainFailureCode, number>> = {}

  const reject = (call: string, code: MainFailureCode, message: string): Result<never> => {
    counts[code] = (counts[code] ?? 0) + 1
    log.warn('contract.rejected', {
      call: call.slice(0, LOGGED_LENGTH),
      code,
      message: message.slice(0, LOGGED_LENGTH)
    })
    return failed(code, message)
  }

  const run = async <N extends CallName>(name: N, rawInput: unknown): Promise<Result<unknown>> => {
    const { input, output } = contract.calls[name]
    const request = input.safeParse(rawInput)
    if (!request.success) return reject(name, 'bad_request', `${name}: ${readable(request.error)}`)
    // The type checker does not relate a call's schema to its request.
    const answer = envelopeSchema.parse(await handlers[name](request.data as CallRequest<N>))
    if (!answer.ok) return answer as Result<never>
    const value = output.safeParse(answer.value)
    if (value.success) return { ok: true, value: value.data }
    log.error('contract.outputInvalid', { call: name, message: readable(value.error) })
    return failed('internal', `${name} answered in an unknown shape.`)
  }

  return {
    rejections: () => ({ ...counts }),
    answer: async (name, rawInput, sender) => {
      const call = typeof name === 'string' ? name : typeof name
      try {
        if (!sender.trusted) return reject(call, 'forbidden_sender', sender.reason)
        if (!isCallName(name)) return reject(call, 'bad_request', 'There is no such call.')
        return await run(name, rawInput)
      } catch (error) {
        log.error('contract.handlerThrew', { call: call.slice(0, LOGGED_LENGTH), error })
        return failed('internal', 'Something went wrong inside the kiosk.')
      }
    }
  }
}

const isCallName = (name: unknown): name is CallName =>
  typeof name === 'string' && Object.hasOwn(contract.calls, name)

/** The first problem and its path: `detail.ms: Invalid input`. Never the value. */
const readable = (error: z.ZodError): string => {
  const issue = error.issues[0]
  if (issue === undefined) return 'unreadable'
  const where = issue.path.map(String).join('.').slice(0, LOGGED_LENGTH)
  return `${where === '' ? 'input' : where}: ${issue.message.slice(0, LOGGED_LENGTH)}`
}
