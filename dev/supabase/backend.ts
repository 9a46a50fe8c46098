// Starts the local Supabase in one process: folder lock, database, gateway, edge functions and sample handbook, in that
// order.
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createAdaptorServer } from '@hono/node-server'
import type { Hono } from 'hono'
import { type Database, openDatabase } from './database.ts'
import { type EdgeFunctions, startFunctions } from './edge-functions.ts'
import { lockFolder } from './folder-lock.ts'
import { createGateway } from './gateway.ts'
import type { GatewayEnv } from './gateway-request.ts'
import { HANDBOOK_FOLDER } from './handbook-files.ts'
import { writePrivateFile } from './private-file.ts'
import { type Keys, loadOrCreateKeys } from './project-keys.ts'
import { type BackendAccount, seedSample } from './seed-sample.ts'
import { createTokens } from './tokens.ts'
import { warmUp } from './warm-up.ts'

export type { BackendAccount }

const FUNCTIONS_FOLDER = fileURLToPath(new URL('../../supabase/functions', import.meta.url))

/** Loopback only: a folder's keys open the port to every client that reaches it. */
const HOST = '127.0.0.1'
/** A Deno starts in 0.2 s; the log lines of a late one name its defect. */
const FUNCTIONS_READY_MS = 10_000

/** Settings of the functions that the backend takes from its own environment. */
const PASSED_ON = [
  'OPENAI_REALTIME_MODEL',
  'OPENAI_REALTIME_VOICE',
  'OPENAI_REALTIME_MAX_OUTPUT_TOKENS',
  'OPENAI_REALTIME_HISTORY_TOKENS',
  'OPENAI_REALTIME_REASONING_EFFORT',
  'OPENAI_REALTIME_KEY_SECONDS',
  'HEARD_ALLOWED_ORIGINS',
  'HEARD_REQUESTS_PER_MINUTE'
]

export type BackendOptions = {
  dataDir: string
  /** 0: any free port. */
  port: number
  /** The model's base URL with its version, for the functions and the embeddings. */
  openaiUrl: string
  openaiKey: string
  /** The sample handbook by default; null loads none. */
  handbookFolder?: string | null
  migrationsFolder?: string
  functionsFolder?: string
  log: (line: string) => void
  /** Aborts the start at its next step; has no effect afterwards. */
  signal?: AbortSignal
}

/** The content of the data folder before this start. */
export type Found = {
  isNew: boolean
  /** Null for a new folder. */
  closedCleanly: boolean | null
  migrations: number
  accounts: number
  sections: number
}

export type Backend = {
  url: string
  publishableKey: string
  secretKey: string
  /** The groups' kiosks in the order of the handbook's folders, then the first group's manager. */
  accounts: BackendAccount[]
  found: Found
  /** For tests that bypass the API. */
  database: Database
  close: () => Promise<void>
}

type Closer = () => Promise<void> | void

/** Runs closers in reverse order, each one even if another fails. */
const createClosers = (): { add: (closer: Closer) => void; close: () => Promise<void> } => {
  const closers: Closer[] = []
  let closing: Promise<void> | null = null
  const closeAll = async (): Promise<void> => {
    const failures: unknown[] = []
    for (const closer of closers.reverse()) {
      await Promise.resolve()
        .then(closer)
        .catch((error: unknown) => failures.push(error))
    }
    if (failures.length > 0) throw failures[0]
  }
  return {
    add: (closer) => closers.push(closer),
    close: () => {
      closing ??= closeAll()
      return closing
    }
  }
}

const countOf = async (database: Database, table: string): Promise<number> => {
  const [there] = await database.query<{ there: boolean }>(
    'select to_regclass($1) is not null as there',
    [table]
  )
  if (there?.there !== true) return 0
  const [counted] = await database.query<{ count: number }>(
    `select count(*)::int as count from ${table}`
  )
  return counted?.count ?? 0
}

/** @param endedCleanly the last process released the folder's lock */
const openFolder = async (
  dataDir: string,
  keys: Keys,
  endedCleanly: boolean,
  { migrationsFolder, log, signal }: BackendOptions,
  addCloser: (closer: Closer) => void
): Promise<{ database: Database; found: Found }> => {
  const postgresFolder = join(dataDir, 'postgres')
  const createdMark = join(dataDir, 'postgres.created')
  const isNew = !existsSync(createdMark)
  if (isNew) {
    // Postgres cannot resume an interrupted creation, and the folder holds no data yet.
    if (existsSync(postgresFolder)) log('The database was never finished: creating it again …')
    else log('New data folder: creating the database …')
    await rm(postgresFolder, { recursive: true, force: true })
  }
  const database = await openDatabase({
    dataDir: postgresFolder,
    keys,
    ...(migrationsFolder === undefined ? {} : { migrationsFolder })
  })
  addCloser(database.close)
  signal?.throwIfAborted()
  if (isNew) await writePrivateFile(createdMark, '')
  const found: Found = {
    isNew,
    closedCleanly: isNew ? null : endedCleanly,
    migrations: database.migrationsFound.length,
    accounts: await countOf(database, 'auth.users'),
    sections: await countOf(database, 'public.manual_sections')
  }
  if (!isNew) log(describeFound(found))
  if (database.migrationsApplied.length > 0) {
    log(`Applied ${database.migrationsApplied.length} migrations.`)
  }
  return { database, found }
}

const describeFound = (found: Found): string =>
  `Found a data folder with ${found.migrations} migrations, ${found.sections} sections and ` +
  `${found.accounts} accounts, ` +
  (found.closedCleanly === true
    ? 'closed cleanly.'
    : 'not closed by the process that had it open; Postgres recovered it.')

const listen = async (
  gateway: Hono<GatewayEnv>,
  port: number
): Promise<{ url: string; close: Closer }> => {
  // Other code of this process keeps the global Request and Response.
  const server = createAdaptorServer({ fetch: gateway.fetch, overrideGlobalObjects: false })
  server.listen(port, HOST)
  await once(server, 'listening')
  return {
    url: `http://${HOST}:${(server.address() as AddressInfo).port}`,
    close: async () => {
      const closed = once(server, 'close')
      server.close()
      if ('closeAllConnections' in server) server.closeAllConnections()
      await closed
    }
  }
}

/** `host:port` with the scheme's default port, for Deno's `--allow-net`. */
const hostAndPort = (url: string): string => {
  const { hostname, port, protocol } = new URL(url)
  return `${hostname}:${port === '' ? (protocol === 'https:' ? '443' : '80') : port}`
}

const startEdgeFunctions = (
  url: string,
  dataDir: string,
  keys: Keys,
  { functionsFolder, openaiUrl, openaiKey, log }: BackendOptions
): EdgeFunctions =>
  startFunctions({
    folder: functionsFolder ?? FUNCTIONS_FOLDER,
    cacheFolder: join(dataDir, 'deno'),
    reachable: [new URL(url).host, hostAndPort(openaiUrl)],
    environment: {
      SUPABASE_URL: url,
      SUPABASE_ANON_KEY: keys.publishableKey,
      SUPABASE_SERVICE_ROLE_KEY: keys.secretKey,
      SUPABASE_PUBLISHABLE_KEYS: JSON.stringify({ default: keys.publishableKey }),
      SUPABASE_SECRET_KEYS: JSON.stringify({ default: keys.secretKey }),
      OPENAI_API_KEY: openaiKey,
      OPENAI_BASE_URL: openaiUrl,
      SB_REGION: 'local',
      ...Object.fromEntries(PASSED_ON.map((name) => [name, process.env[name] ?? '']))
    },
    log
  })

/**
 * Starts the backend, or closes all that it opened.
 * @throws FolderLocked, MigrationFailed, SeedFailed, the port's error, or the signal's reason
 */
export const startBackend = async (options: BackendOptions): Promise<Backend> => {
  const { handbookFolder = HANDBOOK_FOLDER, log, signal } = options
  const dataDir = resolve(options.dataDir)
  const { add, close } = createClosers()
  try {
    const lock = await lockFolder(dataDir)
    add(lock.release)
    if (lock.leftBy !== null) log(`Took over the lock of ${dataDir}: ${lock.leftBy.reason}.`)
    const keys = await loadOrCreateKeys(dataDir)
    const endedCleanly = lock.leftBy === null
    const { database, found } = await openFolder(dataDir, keys, endedCleanly, options, add)

    let url = ''
    let functions: EdgeFunctions | null = null
    const { publishableKey, secretKey } = keys
    const gateway = createGateway({
      database,
      tokens: await createTokens(keys.signingKey, keys.jwtSecret, () => `${url}/auth/v1`),
      functions: () => functions,
      publishableKey,
      secretKey,
      log
    })
    const server = await listen(gateway, options.port)
    add(server.close)
    url = server.url
    functions = startEdgeFunctions(url, dataDir, keys, options)
    add(functions.close)

    const accounts =
      handbookFolder === null
        ? []
        : await seedSample(database, { ...options, dataDir, handbookFolder })
    signal?.throwIfAborted()
    // While the functions start.
    await warmUp(database).catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error)
      log(`The search could not be warmed up, so the first one takes longer: ${reason}`)
    })
    signal?.throwIfAborted()
    for (const name of await functions.settled(FUNCTIONS_READY_MS)) {
      log(`The function ${name} is not up; requests to it are answered with 503 until it is.`)
    }
    return { url, publishableKey, secretKey, accounts, found, database, close }
  } catch (error) {
    await close()
    throw error
  }
}
