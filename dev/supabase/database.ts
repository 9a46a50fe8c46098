// The database of the local backend: a real Postgres (PGlite) behind the Data and Auth APIs of
// @supabase/lite, prepared as a hosted project is and brought up to our migrations.
import { randomBytes } from 'node:crypto'
import { access, mkdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { type PGlite, type Transaction, types } from '@electric-sql/pglite'
import { auto_explain } from '@electric-sql/pglite/contrib/auto_explain'
import { unaccent } from '@electric-sql/pglite/contrib/unaccent'
import { vector } from '@electric-sql/pglite/vector'
import { App } from '@supabase/lite'
import { createPgliteConnection } from '@supabase/lite/pglite'
import { z } from 'zod'
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
import { removeRowArrayParsers } from './remove-row-array-parsers.ts'
import { setRequestSettings } from './request-settings.ts'
import { skipSessionLookup } from './skip-session-lookup.ts'

export const MIGRATIONS_FOLDER = fileURLToPath(
  new URL('../../supabase/migrations', import.meta.url)
)

/** Shortest password an account of the local backend may have. */
const MINIMUM_PASSWORD_LENGTH = 12
/** Life of an access token in seconds; a hosted project's default. */
const TOKEN_LIFE_SECONDS = 3_600
/** Requests that never leave this process still need a whole URL. */
const INNER_ORIGIN = 'http://database.internal'

export type DatabaseKeys = {
  /** HS256 secret between the gateway and lite; a token signed with it is never accepted from outside. */
  jwtSecret: string
  publishableKey: string
  secretKey: string
}

/** In memory for tests, or in the absolute folder `dataDir`, which is created when it is missing. */
export type DatabaseOptions = ({ memory: true } | { dataDir: string }) & {
  /** Random ones when left out, good for one opening. */
  keys?: DatabaseKeys
  migrationsFolder?: string
  /** With the module that tells how statements were executed, to be loaded by whoever wants to know. */
  explains?: boolean
}

/** Whose eyes a transaction looks through, as PostgREST sets it for a request. */
export type Viewer =
  | { role: 'anon' }
  | { role: 'service_role' }
  | { role: 'authenticated'; userId: string }

export type CreatedAccount =
  | { ok: true; userId: string }
  | { ok: false; status: 400 | 422; code: string; message: string }

export type Database = {
  readonly keys: DatabaseKeys
  /** Migration versions that the folder already held when it was opened. */
  readonly migrationsFound: readonly string[]
  /** Files applied by this start. */
  readonly migrationsApplied: readonly string[]
  /** Lite's Data and Auth APIs (`/rest/v1`, `/auth/v1`), one request at a time, HS256 tokens. */
  fetch: (request: Request) => Promise<Response>
  /** One statement as the superuser; rows as PGlite parses them. */
  query: <Row>(statement: string, parameters?: unknown[]) => Promise<Row[]>
  /** Several statements without parameters, as the superuser, for the session. */
  execute: (statements: string) => Promise<void>
  /** A transaction that no request can slip into, as `viewer` or, without one, as the superuser. */
  transaction: <T>(work: (sql: Transaction) => Promise<T>, viewer?: Viewer) => Promise<T>
  /** Id of the account with this e-mail. */
  accountId: (email: string) => Promise<string | undefined>
  /** Creates an account, its e-mail confirmed; refused as GoTrue refuses it. */
  createAccount: (email: string, password: string) => Promise<CreatedAccount>
  setPassword: (userId: string, password: string) => Promise<void>
  close: () => Promise<void>
}

/** GoTrue's way of saying no. */
const refusalSchema = z.object({ error_code: z.string(), msg: z.string() })

const generateKeys = (): DatabaseKeys => ({
  jwtSecret: randomBytes(32).toString('base64url'),
  publishableKey: `sb_publishable_${randomBytes(18).toString('base64url')}`,
  secretKey: `sb_secret_${randomBytes(18).toString('base64url')}`
})

/** `2026-11-20 09:52:03.78+00` as PostgREST writes it: `2026-11-20T09:52:03.78+00:00`. */
const isoTime = (text: string): string =>
  text
    .replace(/^(\d{4,}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?)/, '$1T$2')
    .replace(/([+-]\d\d)$/, '$1:00')

const pathExists = async (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false
  )

/** The SQL that makes the rest of a transaction `viewer`'s, with the claims auth.uid() reads. */
const viewerSql = (viewer: Viewer): { role: string; claims: string; sub: string } => {
  const sub = viewer.role === 'authenticated' ? viewer.userId : ''
  const claims = sub === '' ? { role: viewer.role } : { role: viewer.role, sub, aud: viewer.role }
  return { role: viewer.role, claims: JSON.stringify(claims), sub }
}

/**
 * Opens the database, creating it when the folder is new.
 * @throws MigrationFailed when a migration does not apply; the database is closed again then.
 */
export const openDatabase = async (options: DatabaseOptions): Promise<Database> => {
  const keys = options.keys ?? generateKeys()
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
  const sql = connection.driver
  const inTurn = createMutex()

  const app = new App({
    connection,
    options: { server: { middlewares: [skipSessionLookup] } },
    auth: {
      enabled: true,
      jwt_secret: keys.jwtSecret,
      publishable_key: keys.publishableKey,
      secret_key: keys.secretKey,
      jwt_expiry: TOKEN_LIFE_SECONDS,
      minimum_password_length: MINIMUM_PASSWORD_LENGTH,
      // Open only inside this process: the gateway refuses sign-up from outside.
      enable_signup: true
    }
  })

  // Lite would grant every table to anon at its first request, over the REVOKEs of our migrations;
  // hosted Supabase does not. This is the state it keeps once it has done so.
  Object.assign(connection, { rlsState: 'active' })
  setRequestSettings(connection, sql)

  const close = async (): Promise<void> => inTurn(() => connection.close())

  try {
    await sql.waitReady
    const migrationsFound = (await hasHistory(sql)) ? await appliedVersions(sql) : []
    await app.init()
    await app.ensureSystemSchema()
    await sql.exec(PLATFORM_SQL)
    await sql.exec(SEARCH_PATH_SQL)
    const folder = options.migrationsFolder ?? MIGRATIONS_FOLDER
    const migrationsApplied = (await pathExists(folder)) ? await applyMigrations(sql, folder) : []
    // A migration may have set a path of its own for the one session there is.
    await sql.exec(SEARCH_PATH_SQL)
    await removeRowArrayParsers(sql)
    await sendVectorsInBinary(sql)
    await connection.clearSchemaCache()

    // Lite's own hook for what a driver throws. One request at a time, so this is the request's.
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

    const execute = (statements: string): Promise<void> =>
      inTurn(async () => {
        await sql.exec(statements)
      })

    const accountId = async (email: string): Promise<string | undefined> => {
      const found = await query<{ id: string }>('select id from auth.users where email = $1', [
        email.toLowerCase()
      ])
      return found[0]?.id
    }

    const createAccount = async (email: string, password: string): Promise<CreatedAccount> => {
      if ((await accountId(email)) !== undefined) {
        const message = 'A user with this email address has already been registered'
        return { ok: false, status: 422, code: 'email_exists', message }
      }
      const response = await fetch(
        new Request(`${INNER_ORIGIN}/auth/v1/signup`, {
          method: 'POST',
          headers: { apikey: keys.publishableKey, 'content-type': 'application/json' },
          body: JSON.stringify({ email, password })
        })
      )
      const userId = response.ok ? await accountId(email) : undefined
      if (userId !== undefined) return { ok: true, userId }
      const read = refusalSchema.safeParse(await response.json().catch(() => null))
      const { error_code: code, msg: message } = read.success
        ? read.data
        : { error_code: 'unexpected_failure', msg: `sign-up answered ${response.status}` }
      return { ok: false, status: response.status === 422 ? 422 : 400, code, message }
    }

    // GoTrue keeps bcrypt hashes, and pgcrypto makes them.
    const setPassword = async (userId: string, password: string): Promise<void> => {
      await query('create extension if not exists pgcrypto with schema extensions')
      await query(
        `update auth.users
          set encrypted_password = extensions.crypt($2, extensions.gen_salt('bf', 10))
          where id = $1`,
        [userId, password]
      )
    }

    const transaction = <T>(work: (sql: Transaction) => Promise<T>, viewer?: Viewer): Promise<T> =>
      inTurn(() =>
        sql.transaction(async (inner) => {
          if (viewer !== undefined) {
            const { role, claims, sub } = viewerSql(viewer)
            await inner.query(
              `select set_config('request.jwt.claims', $1, true),
                      set_config('request.jwt.claim.sub', $2, true),
                      set_config('request.jwt.claim.role', $3, true),
                      set_config('role', $3, true)`,
              [claims, sub, role]
            )
          }
          return work(inner)
        })
      )

    return {
      keys,
      migrationsFound,
      migrationsApplied,
      fetch,
      query,
      execute,
      transaction,
      accountId,
      createAccount,
      setPassword,
      close
    }
  } catch (error) {
    await close()
    throw error
  }
}

const hasHistory = async (sql: PGlite): Promise<boolean> => {
  const { rows } = await sql.query<{ there: boolean }>(
    `select to_regclass('supabase_migrations.schema_migrations') is not null as there`
  )
  return rows[0]?.there === true
}
