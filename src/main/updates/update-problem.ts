// A refusal as a value: the code is for the status, the message for the log and for IT.
import type { UpdateProblemCode } from '../../shared/updates.ts'

export type UpdateProblem = { code: UpdateProblemCode; message: string }
export type UpdateResult<T> = { ok: true; value: T } | { ok: false; problem: UpdateProblem }

export const updateOk = <T>(value: T): UpdateResult<T> => ({ ok: true, value })
export const refused = (
  code: UpdateProblemCode,
  message: string
): { ok: false; problem: UpdateProblem } => ({ ok: false, problem: { code, message } })

export const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error)
