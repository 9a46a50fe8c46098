// Sets the caller and the request of the Data API in two statements. Lite takes eleven, a third of a search's time on
// the embedded Postgres.

type Session = { query: (statement: string, parameters: unknown[]) => Promise<unknown> }

/** Lite's variables of a request. */
type RequestVariables = {
  auth?: { role?: string; uid?: unknown; jwt?: unknown }
  storage?: { operation?: unknown }
}

type RpcRequest = { method: string; path: string; readOnly: boolean; requestHeaders?: object }

/** Lite's own methods in its pinned version. */
const METHODS = ['applyJwtSessionContext', 'applyRpcRequestGucs'] as const

/** For the transaction only. */
const apply = (session: Session, settings: readonly (readonly [string, string])[]) =>
  session.query(
    'select set_config(s.name, s.value, true) from unnest($1::text[], $2::text[]) s (name, value)',
    [settings.map(([name]) => name), settings.map(([, value]) => value)]
  )

/**
 * Replaces a connection's methods by faster ones with the same settings. A version of lite without these methods stays
 * as it is, and slower.
 * @param session the session of the connection's transaction
 */
export const setRequestSettings = (connection: object, session: Session): void => {
  if (METHODS.some((name) => typeof Reflect.get(connection, name) !== 'function')) return
  Object.assign(connection, {
    applyJwtSessionContext: async (_executor: unknown, { auth, storage }: RequestVariables) => {
      const role = auth?.role ?? 'anon'
      const claims = auth?.jwt
      await apply(session, [
        ['role', role],
        ['request.jwt.claim.sub', String(auth?.uid ?? '')],
        ['request.jwt.claim.role', role],
        ['storage.operation', String(storage?.operation ?? '')],
        ...(typeof claims === 'object' && claims !== null
          ? ([['request.jwt.claims', JSON.stringify(claims)]] as const)
          : [])
      ])
    },
    applyRpcRequestGucs: async (_executor: unknown, request: RpcRequest) => {
      await apply(session, [
        ['response.status', ''],
        ['response.headers', ''],
        ['request.method', request.method],
        ['request.path', request.path],
        ['request.headers', JSON.stringify(request.requestHeaders ?? {})]
      ])
    }
  })
}
