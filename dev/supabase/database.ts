// Opens the local backend's database: a real Postgres (PGlite) with @supabase/lite's Data and Auth APIs, prepared as a
// hosted project and brought up to our migrations.
import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { type PGlite, type Transaction, types } from '@electric-sql/pglite'
import { auto_explain } from '@electric-sql/pglite/contrib/auto_explain'
import { unaccent } from '@electric-sql/pglite/contrib/unaccent'
import { vector } from '@electric-sql/pglite/vector'
import { App } from '@supabase/lite'
import { createPgliteConnection } from '@supabase/lite/pglite'
import { type Accounts, createAccounts } from './accounts.ts'
import { sendVectorsInBinary } from './binary-vector-parameters.ts'
import { appliedVersions, applyMigrations } from './migrations.ts'
import { createMutex } from './mutex.ts'
import { PLATFORM_SQL, SEARCH_PATH_SQL } from './platform-sql.ts'
import {
  type PostgresError,
  postgresErrorIn,
  postgresErrorToThrow,
  withPostgresError
} from './postgres-errors.ts'
import { generateKeys, type Keys } from './project-keys.ts'
import { removeRowArrayParsers } from './remove-row-array-parsers.ts'
import { setRequestSettings } from './request-settings.ts'
import { skipSessionLookup } from './skip-session-lookup.ts'
import { actAs, type Viewer } from './viewer.ts'

export type { Viewer } from './viewer.ts'

export const MIGRATIONS_FOLDER = fileURLToPath(
  new URL('../../supabase/migrations', import.meta.url)
)

/** Shortest password of a local account. */
const MINIMUM_PASSWORD_LENGTH = 12
/** Lifetime of an access token; a hosted project's default. */
const TOKEN_LIFE_SECONDS = 3_600

/** The API keys, and the HS256 secret between the gateway and lite, which the gateway never accepts from outside. */
type DatabaseKeys = Omit<Keys, 'signingKey'>

/** In memory for tests, or in the absolute folder `dataDir`, created when missing. */
type DatabaseOptions = ({ memory: true } | { dataDir: string }) & {
  /** Random by default. */
  keys?: DatabaseKeys
  migrationsFolder?: string
  /** Includes auto_explain, to be loaded by a session that measures statements. */
  explains?: boolean
}

export type Database = Accounts & {
  readonly keys: DatabaseKeys
  /** Migration versions in the folder before this start. */
  readonly migrationsFound: readonly string[]
  /** Files that this start applied. */
  readonly migrationsApplied: readonly string[]
  /** Lite's Data and Auth APIs (`/rest/v1`, `/auth/v1`), one request at a time, with HS256 tokens. */
  fetch: (request: Request) => Promise<Response>
  /** One statement as the superuser; rows as PGlite parses them. */
  query: <Row>(statement: string, parameters?: unknown[]) => Promise<Row[]>
  /** Several statements without parameters, as the superuser, for the session. */
  execute: (statements: string) => Promise<void>
  /** Excludes all requests; acts as `viewer`, or as the superuser without one. */
  transaction: <T>(work: (sql: Transaction) => Promise<T>, viewer?: Viewer) => Promise<T>
  close: () => Promise<void>
}

/** `2026-11-20 09:52:03.78+00` as PostgREST writes it: `2026-11-20T09:52:03.78+00:00`. */
const isoTime = (text: string): string =>
  text
    .replace(/^(\d{4,}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?)/, '$1T$2')
    .replace(/([+-]\d\d)$/, '$1:00')

const openConnection = async (options: DatabaseOptions) => {
  if ('dataDir' in options) await mkdir(options.dataDir, { recursive: true, mode: 0o700 })
  const connection = await createPgliteConnection({
    url: 'dataDir' in options ? options.dataDir : 'memory://',
    pgliteOptions: {
      extensions: {
        vector,
        unaccent,
        ...(options.explains === true ? { auto_explain } : {})
      },
      parsers: { [types.TIMESTAMP]: isoTime, [types.TIMESTAMPTZ]: isoTime }
    }
  })
  // Lite's first request would grant every table to anon, over the REVOKEs of our migrations; hosted Supabase does not.
  // This is lite's state after that request.
  Object.assign(connection, { rlsState: 'active' })
  setRequestSettings(connection, connection.driver)
  return connection
}
type Connection = Awaited<ReturnType<typeof openConnection>>

const createApp = (connection: Connection, keys: DatabaseKeys) =>
  new App({
    connection,
    options: { server: { middlewares: [skipSessionLookup] } },
    auth: {
      enabled: true,
      jwt_secret: keys.jwtSecret,
      publishable_key: keys.publishableKey,
      secret_key: keys.secretKey,
      jwt_expiry: TOKEN_LIFE_SECONDS,
      minimum_password_length: MINIMUM_PASSWORD_LENGTH,
      // Only for this process: the gateway refuses sign-up from outside.
      enable_signup: true
    }
  })

/** Brings an open database up to the migrations. @throws MigrationFailed, MigrationChanged */
const prepare = async (
  sql: PGlite,
  app: App,
  folder: string
): Promise<{ migrationsFound: string[]; migrationsApplied: string[] }> => {
  await sql.waitReady
  const migrationsFound = await appliedVersions(sql)
  await app.init()
  await app.ensureSystemSchema()
  await sql.exec(PLATFORM_SQL)
  await sql.exec(SEARCH_PATH_SQL)
  const migrationsApplied = existsSync(folder) ? await applyMigrations(sql, folder) : []
  // A migration may change the search path of the single session.
  await sql.exec(SEARCH_PATH_SQL)
  await removeRowArrayParsers(sql)
  await sendVectorsInBinary(sql)
  return { migrationsFound, migrationsApplied }
}

/**
 * Opens the database, and creates it in a new folder.
 * @throws MigrationFailed, MigrationChanged; the database is closed again then
 */
export const openDatabase = async (options: DatabaseOptions): Promise<Database> => {
  const keys = options.keys ?? (await generateKeys())
  const connection = await openConnection(options)
  const sql = connection.driver
  const app = createApp(connection, keys)
  const inTurn = createMutex()
  const close = (): Promise<void> => inTurn(() => connection.close())

  try {
    const migrations = await prepare(sql, app, options.migrationsFolder ?? MIGRATIONS_FOLDER)
    await connection.clearSchemaCache()

    // Lite's hook for a driver's exceptions. Requests run one at a time, so this is the current request's.
    let thrown: PostgresError | null = null
    connection.normalizeDbError = (error) => {
      thrown = postgresErrorIn(error)
      return thrown === null ? error : postgresErrorToThrow(thrown)
    }
    const fetch = (request: Request): Promise<Response> =>
      inTurn(async () => {
        thrown = null
        return withPostgresError(await app.fetch(request, { peerAddress: null }), thrown)
      })
    const query = async <Row>(statement: string, parameters?: unknown[]): Promise<Row[]> =>
      inTurn(async () => (await sql.query<Row>(statement, parameters)).rows)

    return {
      ...migrations,
      ...createAccounts({ fetch, query, publishableKey: keys.publishableKey }),
      keys,
      fetch,
      query,
      execute: (statements) =>
        inTurn(async () => {
          await sql.exec(statements)
        }),
      transaction: (work, viewer) =>
        inTurn(() =>
          sql.transaction(async (inner) => {
            if (viewer !== undefined) await actAs(inner, viewer)
            return work(inner)
          })
        ),
      close
    }
  } catch (error) {
    await close()
    throw error
  }
}
