// Who asks, and for what, as Postgres is told before a request of the Data API: in one statement for each of the two.
// Lite itself takes eleven, one after the other, which on the embedded Postgres cost a third of a search.

/** The session, as much of it as is needed here. */
type Session = { query: (statement: string, parameters: unknown[]) => Promise<unknown> }

/** Of lite's variables of a request. */
type RequestVariables = {
  auth?: { role?: string; uid?: unknown; jwt?: unknown }
  storage?: { operation?: unknown }
}

type RpcRequest = { method: string; path: string; readOnly: boolean; requestHeaders?: object }

/** Lite's own methods, by the names that its pinned version has. */
const METHODS = ['applyJwtSessionContext', 'applyRpcRequestGucs'] as const

/** Of the transaction only: another request's settings are its own. */
const apply = (session: Session, settings: readonly (readonly [string, string])[]) =>
  session.query(
    'select set_config(s.name, s.value, true) from unnest($1::text[], $2::text[]) s (name, value)',
    [settings.map(([name]) => name), settings.map(([, value]) => value)]
  )

/**
 * Puts shorter ones in the place of a connection's methods; they set what lite's set, for whoever reads it. A version of
 * lite that has no such methods is left as it is, and is slower.
 * @param session the one that the connection's transaction is open on
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
