// Types the table that carries out operations, and the outcome of a database call.
import type { EmbedTexts } from '../_shared/embedding.ts'
import type { Outcome } from '../_shared/endpoint.ts'
import type { LogFields } from '../_shared/log.ts'
import type { Result } from '../_shared/refusals.ts'
import type { HandbookDatabase } from './database.ts'
import type { Operation, OperationOf } from './operations.ts'

export type HandbookPorts = {
  database: HandbookDatabase
  /** Undefined without an OpenAI key: new passages are found by their words only. */
  embedTexts: EmbedTexts
}

export type OperationTable<Name extends Operation['operation'] = Operation['operation']> = {
  [Each in Name]: (ports: HandbookPorts, operation: OperationOf<Each>) => Promise<Outcome>
}

export const NOT_A_MEMBER: Outcome = { ok: false, refusal: { code: 'not_a_member' } }

export const outcomeOf = <T>(
  result: Result<T>,
  bodyOf: (value: T) => object,
  logOf: (value: T) => LogFields = () => ({})
): Outcome =>
  result.ok ? { ok: true, body: bodyOf(result.value), log: logOf(result.value) } : result

export const done = (result: Result<unknown>): Outcome => outcomeOf(result, () => ({ done: true }))
