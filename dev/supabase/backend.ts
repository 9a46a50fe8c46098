// The whole of Supabase that Heard needs, on one machine and in one process: the folder's lock, the
// database, the gateway, the edge functions and the sample handbook, brought up in that order.
import { once } from 'node:events'
import { rm, stat } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createAdaptorServer } from '@hono/node-server'
import { type Database, openDatabase } from './database.ts'
import { type EdgeFunctions, startFunctions } from './edge-functions.ts'
import { lockFolder } from './folder-lock.ts'
import { createGateway } from './gateway.ts'
import { describeProblem, HANDBOOK_FOLDER, readHandbookFolder } from './handbook-files.ts'
import { loadOrCreateAccounts, type StoredAccount } from './local-accounts.ts'
import { writePrivateFile } from './private-file.ts'
import { loadOrCreateKeys } from './project-keys.ts'
import { ensureBrandMembership, ensureMembership, seedGroup } from './seed.ts'
import { createEmbedTexts } from './seed-embeddings.ts'
import { serviceClient } from './service-client.ts'
import { createTokens } from './tokens.ts'
import { warmUp } from './warm-up.ts'

const FUNCTIONS_FOLDER = fileURLToPath(new URL('../../supabase/functions', import.meta.url))

/** Loopback only: the keys of a folder are good for whoever can reach the port. */
const HOST = '127.0.0.1'
/** A Deno is up in 0.2 s; one that is not by then has a defect that its log lines tell. */
const FUNCTIONS_READY_MS = 10_000

/** Settings of the functions that are passed on where whoever starts the backend has them. */
const PASSED_ON = [
  'OPENAI_EMBEDDING_MODEL',
  'OPENAI_REALTIME_MODEL',
  'OPENAI_REALTIME_VOICE',
  'OPENAI_REALTIME_MAX_OUTPUT_TOKENS',
  'OPENAI_REALTIME_HISTORY_TOKENS',
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
  /** The sample handbook when left out; null: none is loaded. */
  handbookFolder?: string | null
  migrationsFolder?: string
  functionsFolder?: string
  log: (line: string) => void
  /** Gives the start up at its next step and closes what is open; afterwards it means nothing. */
  signal?: AbortSignal
}

export type BackendAccount = {
  email: string
  password: string
  groupId: string
  groupName: string
  groupSlug: string
  role: 'crew' | 'manager'
}

/** What the data folder held when it was opened. */
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
  /** The database underneath, for tests that must look past the API. */
  database: Database
  close: () => Promise<void>
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

const exists = async (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false
  )

/**
 * Brings the backend up, or says why not.
 * @throws FolderLocked, MigrationFailed, SeedFailed, the port's error, or the signal's reason; nothing
 * keeps running then.
 */
export const startBackend = async (options: BackendOptions): Promise<Backend> => {
  const { log } = options
  const dataDir = resolve(options.dataDir)
  const closers: (() => Promise<void> | void)[] = []
  let closing: Promise<void> | null = null
  const close = (): Promise<void> => {
    closing ??= (async () => {
      const failures: unknown[] = []
      // Each in its turn, and the lock last, whatever the others do.
      for (const closer of closers.reverse()) {
        await Promise.resolve()
          .then(closer)
          .catch((error: unknown) => failures.push(error))
      }
      if (failures.length > 0) throw failures[0]
    })()
    return closing
  }

  try {
    const lock = await lockFolder(dataDir)
    closers.push(lock.release)
    if (lock.leftBy !== null) {
      log(`Took over the lock of ${dataDir}: ${lock.leftBy.reason}.`)
    }
    const keys = await loadOrCreateKeys(dataDir)
    const postgresFolder = join(dataDir, 'postgres')
    const createdMark = join(dataDir, 'postgres.created')
    const isNew = !(await exists(createdMark))
    if (isNew) {
      // Postgres cannot go on from a creation that was cut short, and nobody has written to it yet.
      if (await exists(postgresFolder)) log('The database was never finished: creating it again …')
      else log('New data folder: creating the database …')
      await rm(postgresFolder, { recursive: true, force: true })
    }
    const database = await openDatabase({
      dataDir: postgresFolder,
      keys,
      ...(options.migrationsFolder === undefined
        ? {}
        : { migrationsFolder: options.migrationsFolder })
    })
    closers.push(database.close)
    options.signal?.throwIfAborted()
    if (isNew) await writePrivateFile(createdMark, '')
    const found: Found = {
      isNew,
      closedCleanly: isNew ? null : lock.leftBy === null,
      migrations: database.migrationsFound.length,
      accounts: await countOf(database, 'auth.users'),
      sections: await countOf(database, 'public.manual_sections')
    }
    if (!isNew) log(describeFound(found))
    if (database.migrationsApplied.length > 0) {
      log(`Applied ${database.migrationsApplied.length} migrations.`)
    }

    let url = ''
    let functions: EdgeFunctions | null = null
    const gateway = createGateway({
      database,
      tokens: await createTokens(keys.signingKey, keys.jwtSecret, () => `${url}/auth/v1`),
      functions: () => functions,
      publishableKey: keys.publishableKey,
      secretKey: keys.secretKey,
      log
    })
    // Whoever shares this process keeps the Request and Response that they know.
    const server = createAdaptorServer({ fetch: gateway.fetch, overrideGlobalObjects: false })
    server.listen(options.port, HOST)
    await once(server, 'listening')
    closers.push(async () => {
      const closed = once(server, 'close')
      server.close()
      if ('closeAllConnections' in server) server.closeAllConnections()
      await closed
    })
    url = `http://${HOST}:${(server.address() as AddressInfo).port}`

    functions = startFunctions({
      folder: options.functionsFolder ?? FUNCTIONS_FOLDER,
      cacheFolder: join(dataDir, 'deno'),
      reachable: [new URL(url).host, hostAndPort(options.openaiUrl)],
      environment: {
        SUPABASE_URL: url,
        SUPABASE_ANON_KEY: keys.publishableKey,
        SUPABASE_SERVICE_ROLE_KEY: keys.secretKey,
        SUPABASE_PUBLISHABLE_KEYS: JSON.stringify({ default: keys.publishableKey }),
        SUPABASE_SECRET_KEYS: JSON.stringify({ default: keys.secretKey }),
        OPENAI_API_KEY: options.openaiKey,
        OPENAI_BASE_URL: options.openaiUrl,
        // Hosted functions are told where they run; these run here.
        SB_REGION: 'local',
        ...Object.fromEntries(PASSED_ON.map((name) => [name, process.env[name] ?? '']))
      },
      log
    })
    closers.push(functions.close)

    const handbookFolder =
      options.handbookFolder === undefined ? HANDBOOK_FOLDER : options.handbookFolder
    const accounts =
      handbookFolder === null ? [] : await seed(database, dataDir, handbookFolder, options)

    options.signal?.throwIfAborted()
    // While the functions start.
    await warmUp(database).catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error)
      log(`The search could not be warmed up, so the first one takes longer: ${reason}`)
    })
    options.signal?.throwIfAborted()
    for (const name of await functions.settled(FUNCTIONS_READY_MS)) {
      log(`The function ${name} is not up; requests to it are answered with 503 until it is.`)
    }
    const { publishableKey, secretKey } = keys
    return { url, publishableKey, secretKey, accounts, found, database, close }
  } catch (error) {
    await close()
    throw error
  }
}

const describeFound = (found: Found): string =>
  `Found a data folder with ${found.migrations} migrations, ${found.sections} sections and ` +
  `${found.accounts} accounts, ` +
  (found.closedCleanly === true
    ? 'closed cleanly.'
    : 'not closed by the process that had it open; Postgres recovered it.')

/** `host:port` with the port that a scheme implies: what Deno's `--allow-net` wants. */
const hostAndPort = (url: string): string => {
  const { hostname, port, protocol } = new URL(url)
  return `${hostname}:${port === '' ? (protocol === 'https:' ? '443' : '80') : port}`
}

/** The account's id. `isNewPassword`: it may be older than its kept password, when the file was deleted. */
const ensureAccount = async (
  database: Database,
  { email, password }: StoredAccount,
  isNewPassword: boolean
): Promise<string> => {
  const known = await database.accountId(email)
  if (known !== undefined) {
    if (isNewPassword) await database.setPassword(known, password)
    return known
  }
  const created = await database.createAccount(email, password)
  if (!created.ok) throw new Error(`Creating the account ${email} failed: ${created.message}`)
  return created.userId
}

/** Groups, handbooks, accounts and memberships; returns the accounts. */
const seed = async (
  database: Database,
  dataDir: string,
  handbookFolder: string,
  { openaiUrl, openaiKey, log, signal }: BackendOptions
): Promise<BackendAccount[]> => {
  const handbook = await readHandbookFolder(handbookFolder)
  for (const problem of handbook.problems) log(`Handbook: ${describeProblem(problem)}`)
  const client = serviceClient(database)
  const tools = {
    client,
    embedWith: (model: string) => createEmbedTexts(openaiUrl, openaiKey, model),
    log
  }
  // A day of questions ends at midnight where this machine stands.
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions()

  const places = new Map<string, { groupId: string; organisationId: string }>()
  for (const group of handbook.groups) {
    const seeded = await seedGroup(tools, group, { timeZone })
    signal?.throwIfAborted()
    places.set(group.slug, { groupId: seeded.id, organisationId: seeded.organisationId })
    const without =
      seeded.withoutVector === 0 ? '' : `, ${seeded.withoutVector} without a vector yet`
    log(
      `${group.name}: ${seeded.sections} sections (${seeded.sectionsWritten} written), ` +
        `${seeded.passages} passages (${seeded.passagesWritten} written${without})`
    )
  }

  const { accounts, made } = await loadOrCreateAccounts(
    dataDir,
    handbook.groups.map(({ slug }) => slug)
  )
  const known: BackendAccount[] = []
  for (const account of accounts) {
    const group = handbook.groups.find(({ slug }) => slug === account.groupSlug)
    const place = places.get(account.groupSlug)
    if (group === undefined || place === undefined) continue
    const { groupId, organisationId } = place
    const userId = await ensureAccount(database, account, made.has(account.email))
    await ensureMembership(client, { userId, groupId, role: account.role })
    // Each sample restaurant is a brand of its own: whoever manages it can try what a brand's manager does.
    if (account.role === 'manager') {
      await ensureBrandMembership(client, { userId, organisationId, role: account.role })
    }
    known.push({ ...account, groupId, groupName: group.name })
  }
  return known
}
