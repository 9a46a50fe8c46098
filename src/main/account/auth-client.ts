// One supabase-js client for one session, which it stores in the persisted session.
import { createClient, type SupabaseClient } from '@supabase/supabase-js'
import type { Database } from '../../../supabase/functions/_shared/database.types.ts'
import { unusedSocket } from '../unused-socket.ts'
import type { PersistedSession } from './persisted-session.ts'

const STORAGE_KEY = 'heard-session'

export type AuthClientPorts = {
  supabaseUrl: string
  publishableKey: string
  fetch: typeof fetch
  persisted: Pick<PersistedSession, 'session' | 'keepSession'>
  /** supabase-js ended the session: by a sign-out or a refused refresh. */
  onSignedOut: () => void
}

/** Never used again after a sign-out. */
export type AuthClient = {
  client: SupabaseClient<Database>
  /** False after `retire`. */
  isLive(): boolean
  /** Requests that are still in flight no longer touch the persisted session. */
  retire(): void
}

export const createAuthClient = (ports: AuthClientPorts): AuthClient => {
  const { persisted } = ports
  let live = true
  const client = createClient<Database>(ports.supabaseUrl, ports.publishableKey, {
    auth: {
      storageKey: STORAGE_KEY,
      persistSession: true,
      autoRefreshToken: true,
      detectSessionInUrl: false,
      storage: {
        getItem: async (key) => (live && key === STORAGE_KEY ? persisted.session() : null),
        setItem: async (key, value) => {
          if (live && key === STORAGE_KEY) persisted.keepSession(value)
        },
        // The event below decides whether the session has ended.
        removeItem: async () => {}
      }
    },
    realtime: { transport: unusedSocket },
    global: { fetch: tolerateRefreshFailures(ports.fetch) }
  })
  const { data } = client.auth.onAuthStateChange((event) => {
    if (event === 'SIGNED_OUT' && live) ports.onSignedOut()
  })
  return {
    client,
    isLive: () => live,
    retire: () => {
      live = false
      data.subscription.unsubscribe()
      void client.auth.stopAutoRefresh()
    }
  }
}

/**
 * supabase-js ends a session when its refresh is answered with any 4xx. A rate limit and the page of a captive portal
 * do not refuse the session: they become the 503 that supabase-js retries.
 */
const tolerateRefreshFailures =
  (base: typeof fetch): typeof fetch =>
  async (input, init) => {
    const response = await base(input, init)
    const url = input instanceof Request ? input.url : String(input)
    if (response.ok || !url.includes('grant_type=refresh_token')) return response
    const isAuthServer = response.headers.get('content-type')?.includes('json') ?? false
    if (isAuthServer && response.status !== 429) return response
    await response.body?.cancel()
    return Response.json({ message: 'The refresh could not be decided.' }, { status: 503 })
  }
