// Serves a data folder's Postgres on a loopback port for the Supabase CLI, in tests and in `npm run types`. All clients
// share one session, with its role and search path, and any password is accepted. Only for one command, and never on a
// folder that another process holds.
import { PGlite } from '@electric-sql/pglite'
import { pgcrypto } from '@electric-sql/pglite/contrib/pgcrypto'
import { unaccent } from '@electric-sql/pglite/contrib/unaccent'
import { vector } from '@electric-sql/pglite/vector'
import { PGLiteSocketServer } from '@electric-sql/pglite-socket'

const HOST = '127.0.0.1'
/** Some commands of the CLI open a second connection. */
const CONNECTIONS = 8

export type PostgresSocket = {
  /** For `--db-url`; without TLS. */
  url: string
  /** The same session, without the socket. */
  sql: PGlite
  close: () => Promise<void>
}

/** @throws PGlite's error for a folder that it cannot open */
export const servePostgres = async (dataDir: string): Promise<PostgresSocket> => {
  const sql = await PGlite.create(dataDir, { extensions: { vector, unaccent, pgcrypto } })
  const server = new PGLiteSocketServer({
    db: sql,
    host: HOST,
    port: 0,
    maxConnections: CONNECTIONS
  })
  try {
    await server.start()
  } catch (error) {
    await sql.close()
    throw error
  }
  return {
    url: `postgresql://postgres:any@${server.getServerConn()}/postgres?sslmode=disable`,
    sql,
    close: async () => {
      await server.stop()
      await sql.close()
    }
  }
}
