// Signs in with the account from the environment, again and again while the backend cannot be reached: a
// kiosk after a power cut is up before the network is.
import type { Credentials } from '../../shared/account.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { KioskAccount } from './account.ts'

const RETRY_MS = { first: 2_000, longest: 60_000 } as const

/** Starts trying; returns the function that stops. A person who signs in meanwhile wins. */
export const signInUnattended = (
  account: KioskAccount,
  credentials: Credentials,
  clock: Clock,
  log: Log
): (() => void) => {
  let stopped = false
  let cancelTimer = () => {}

  const attempt = async (failures: number) => {
    if (stopped || account.current().status === 'signed_in') return
    const result = await account.signIn(credentials)
    if (result.ok || stopped) return
    const { code } = result.error
    log.warn('account.unattendedSignInFailed', { code, message: result.error.message })
    if (code !== 'backend_unreachable' && code !== 'backend_failed') return
    const pauseMs = Math.min(RETRY_MS.first * 2 ** failures, RETRY_MS.longest)
    cancelTimer = clock.after(pauseMs, () => void attempt(failures + 1))
  }
  void attempt(0)

  return () => {
    stopped = true
    cancelTimer()
  }
}
