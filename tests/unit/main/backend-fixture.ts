// A signed-in account, and the ports of a backend at an address.
import { type Clock, systemClock } from '../../../src/main/clock.ts'
import type { Account } from '../../../src/shared/account.ts'
import { ok, type Result } from '../../../src/shared/failure.ts'
import { createRecordingLog } from './recording-log.ts'

export const GROUP = { id: '3f0c1f7e-5a55-4c61-9c3e-2f6b7a0d1e11', name: 'Harbor', role: 'kiosk' }
export const SIGNED_IN = {
  status: 'signed_in',
  email: 'k@example.com',
  groups: [GROUP],
  group: GROUP,
  remembered: false
} as const satisfies Account
export const WITHOUT_GROUP: Account = { ...SIGNED_IN, groups: [], group: null }

export type BackendOptions = {
  account?: Account
  /** The account's token; `token-1` unless given. The renewed one is `token-2`. */
  token?: Result<string> | Promise<Result<string>>
  clock?: Clock
}

export const backendPorts = (url: string, options: BackendOptions = {}) => ({
  supabaseUrl: url,
  publishableKey: 'sb_publishable_k',
  account: {
    current: () => options.account ?? SIGNED_IN,
    accessToken: async () => options.token ?? ok('token-1'),
    renewedToken: async () => ok('token-2')
  },
  fetch: globalThis.fetch,
  clock: options.clock ?? systemClock,
  log: createRecordingLog()
})
