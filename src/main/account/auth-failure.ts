// Maps the auth errors of supabase-js to failure codes.
import { isAuthRetryableFetchError } from '@supabase/supabase-js'
import { failed } from '../../shared/failure.ts'

type AuthProblem = { status?: number | undefined; message: string }
type Failed = ReturnType<typeof failed>

/** True when no server answered or a server failed: the session is still good. */
export const isTransient = (error: unknown): boolean => isAuthRetryableFetchError(error)

export const signInFailure = (error: AuthProblem): Failed => {
  if (isTransient(error)) return transientFailure(error)
  switch (error.status) {
    case 400:
    case 403:
    case 422:
      return failed('wrong_credentials', 'The e-mail or the password was refused.')
    case 429:
      return failed('backend_failed', 'Too many sign-ins: the backend asks to wait.', 60)
    default:
      return failed('backend_failed', `Sign-in was answered with ${error.status ?? 'no status'}.`)
  }
}

export const tokenFailure = (error: AuthProblem | null): Failed =>
  error !== null && isTransient(error)
    ? transientFailure(error)
    : failed('not_signed_in', 'The session has ended.')

const transientFailure = (error: AuthProblem): Failed =>
  error.status === undefined || error.status === 0
    ? failed('backend_unreachable', 'The backend could not be reached.')
    : failed('backend_failed', `The backend answered with ${error.status}.`)
