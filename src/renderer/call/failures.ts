// A failure as the screen knows it: main's codes and the renderer's own.
import type { Failure, FailureCode } from '../../shared/failure.ts'

export type KioskFailure = {
  code: FailureCode
  /** For the log, in English; never shown. */
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
