// Signs in as a cook and times the kiosk's own search.
import { z } from 'zod'
import { systemClock } from '../../src/main/clock.ts'
import { createEdgeFunctions } from '../../src/main/edge-function.ts'
import { type SearchRequest, searchHandbook } from '../../src/main/handbook/search.ts'
import type { Account } from '../../src/shared/account.ts'
import { failed, ok } from '../../src/shared/failure.ts'
import type { SearchAnswer } from '../../src/shared/handbook.ts'
import type { SearchServer } from './server.ts'

const tokenSchema = z.object({ access_token: z.string() })

const noLog = { info: () => {}, warn: () => {}, error: () => {} }

type KioskSearch = (request: SearchRequest) => Promise<{ answer: SearchAnswer; tookMs: number }>

/** @throws Error when the sign-in fails; the search throws, too */
export const signedInKiosk = async (
  server: SearchServer,
  { email, password, groupId }: { email: string; password: string; groupId: string }
): Promise<KioskSearch> => {
  const response = await fetch(`${server.url}/auth/v1/token?grant_type=password`, {
    method: 'POST',
    headers: { apikey: server.publishableKey, 'content-type': 'application/json' },
    body: JSON.stringify({ email, password })
  })
  const { access_token: token } = tokenSchema.parse(await response.json())
  const edge = createEdgeFunctions({
    supabaseUrl: server.url,
    publishableKey: server.publishableKey,
    account: {
      accessToken: async () => ok(token),
      renewedToken: async () => failed('not_signed_in', 'The bench signs in once.')
    },
    fetch,
    clock: systemClock,
    log: noLog
  })
  const group = { id: groupId, name: 'The bench', role: 'crew' }
  const account = {
    current: (): Account => ({
      status: 'signed_in',
      email,
      group,
      groups: [group],
      remembered: false
    })
  }
  return async (request) => {
    const startedMs = performance.now()
    const result = await searchHandbook({ account, edge, clock: systemClock, log: noLog }, request)
    const tookMs = performance.now() - startedMs
    if (!result.ok) throw new Error(`A search failed: ${result.error.message}`)
    return { answer: result.value, tookMs }
  }
}
