// How main reaches the backend: where it is, as whom it is asked, and by what clock answers are late.
import type { KioskAccount } from './account/account.ts'
import type { Clock } from './clock.ts'

export type BackendPorts = {
  supabaseUrl: string
  publishableKey: string
  account: Pick<KioskAccount, 'accessToken' | 'renewedToken'>
  fetch: typeof fetch
  clock: Clock
}

/** SQLSTATE of "not a member", from our migrations. */
export const NOT_A_MEMBER = 'HR001'
