// The embedded Postgres of a data folder behind a TCP port, for the one program that speaks nothing else: the Supabase
// CLI, in tests and in `npm run types`. All clients of such a port share one session, so that one's role and search path
// are the next one's, and any password is taken. It is therefore on loopback, for as long as a command runs, and never
// on a folder that somebody else has open.
import { PGlite } from '@electric-sql/pglite'
import { pgcrypto } from '@electric-sql/pglite/contrib/pgcrypto'
import { unaccent } from '@electric-sql/pglite/contrib/unaccent'
import { vector } from '@electric-sql/pglite/vector'
import { PGLiteSocketServer } from '@electric-sql/pglite-socket'

const HOST = '127.0.0.1'
/** The CLI opens a second connection for some of its commands; whoever is one too many is turned away. */
const CONNECTIONS = 8

export type PostgresSocket = {
  /** For `--db-url`. There is no TLS, and no answer to a client that asks for it first. */
  url: string
  /** The same session, without the socket. */
  sql: PGlite
  close: () => Promise<void>
}

/** @throws PGlite's error when the folder holds no database that it can open */
export const servePostgres = async (dataDir: string): Promise<PostgresSocket> => {
  const sql = await PGlite.create(dataDir, { extensions: { vector, unaccent, pgcrypto } })
  // Port 0: any free one; the server says which it became.
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
