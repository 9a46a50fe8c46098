// Signs in with the account from the environment, and retries: after a power cut the kiosk is up before the network.
import type { Credentials } from '../../shared/account.ts'
import { backoffMs, REQUEST_BACKOFF_MS } from '../backoff.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { KioskAccount } from './account.ts'

/** Returns the function that stops it. A sign-in at the screen ends the retries. */
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
    const { code, message } = result.error
    log.warn('account.unattendedSignInFailed', { code, message })
    if (code !== 'backend_unreachable' && code !== 'backend_failed') return
    const pauseMs = backoffMs(failures, REQUEST_BACKOFF_MS)
    cancelTimer = clock.after(pauseMs, () => void attempt(failures + 1))
  }
  void attempt(0)

  return () => {
    stopped = true
    cancelTimer()
  }
}
