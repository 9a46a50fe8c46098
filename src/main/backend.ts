// The backend's address, and requests to it with the account's token.
import { ok, type Result } from '../shared/failure.ts'
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

/** Sends with the account's token, and once more with a renewed token after a 401. */
export const sendWithToken = async <A extends { status: number }>(
  account: BackendPorts['account'],
  send: (token: string) => PromiseLike<A>
): Promise<Result<A>> => {
  const token = await account.accessToken()
  if (!token.ok) return token
  const answer = await send(token.value)
  if (answer.status !== 401) return ok(answer)
  // A wrong clock on this machine makes an expired token look valid.
  const renewed = await account.renewedToken()
  return renewed.ok ? ok(await send(renewed.value)) : renewed
}
