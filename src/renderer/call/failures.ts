// Failures of the renderer, with main's codes and its own.
import type { Failure, FailureCode } from '../../shared/failure.ts'

export type KioskFailure = {
  code: FailureCode
  /** For the log only, in English. */
  message: string
  retryAfterSeconds: number | null
}

export const kioskFailure = (code: FailureCode, message: string): KioskFailure => ({
  code,
  message,
  retryAfterSeconds: null
})

export const failureFromMain = (failure: Failure): KioskFailure => ({
  code: failure.code,
  message: failure.message,
  retryAfterSeconds: failure.retryAfterSeconds ?? null
})

export type Attempt<T> = { ok: true; value: T } | { ok: false; failure: KioskFailure }
