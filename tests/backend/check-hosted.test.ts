// `npm run check:hosted` as a person runs it, against the local stack as if it were a hosted project: what it says when
// all is well, what it finds when something is not, and what it never prints.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { fromProject } from '../../dev/paths.ts'
import { type Backend, startBackend } from '../../dev/supabase/backend.ts'
import { type PostgresSocket, servePostgres } from '../../dev/supabase/postgres-socket.ts'
import { HOSTED_VARIABLES, readHostedProject } from '../../tools/hosted/hosted-environment.ts'
import { supabaseCliUnavailableReason } from '../../tools/hosted/supabase-cli.ts'
import { copyMigratedDatabase, provisionMigratedDatabase } from './support/migrated-database.ts'
import {
  type ModelEndpoints,
  removeFolder,
  SMALL_HANDBOOK,
  startModelEndpoints,
  temporaryFolder,
  writeFiles
} from './support/stack-fixture.ts'

const missing = supabaseCliUnavailableReason()
if (missing !== null) {
  console.warn(`Not run: ${missing}`)
  beforeEach(({ skip }) => skip(missing))
}

const resultSchema = z.object({
  ok: z.boolean(),
  steps: z.array(z.object({ name: z.string(), outcome: z.string(), message: z.string() }))
})

type Variables = Readonly<Record<string, string>>

/** `npm run check:hosted` with these variables and none of this machine's. */
const check = async (variables: Variables) => {
  const environment: NodeJS.ProcessEnv = { ...variables }
  for (const name of [
    'PATH',
    'NODE_COMPILE_CACHE',
    'SystemRoot',
    'TMPDIR',
    'SUPABASE_CLI_BINARY_OVERRIDE'
  ]) {
    if (process.env[name] !== undefined) environment[name] = process.env[name]
  }
  const child = spawn(process.execPath, [fromProject('tools', 'hosted', 'check-hosted.ts')], {
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe']
  })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    stdout += part
  })
  child.stderr.setEncoding('utf8').on('data', (part: string) => {
    stderr += part
  })
  const [exitCode] = await once(child, 'close')
  return { exitCode: Number(exitCode), stdout, stderr }
}

const stepsOf = (stdout: string): Record<string, string> => {
  const { steps } = resultSchema.parse(JSON.parse(stdout))
  return Object.fromEntries(
    steps.map(({ name, outcome, message }) => [name, `${outcome}: ${message}`])
  )
}

let folder: string
let model: ModelEndpoints
let backend: Backend
/** The history of migrations; the running database itself has no port. */
let history: PostgresSocket
let variables: Variables
let secrets: string[]
beforeAll(async () => {
  if (missing !== null) return
  folder = await temporaryFolder()
  await writeFiles(join(folder, 'handbook'), SMALL_HANDBOOK)
  model = await startModelEndpoints()
  await provisionMigratedDatabase(join(folder, 'project'))
  backend = await startBackend({
    dataDir: join(folder, 'project'),
    port: 0,
    openaiUrl: model.url,
    openaiKey: 'sk-test-0123456789abcdef',
    handbookFolder: join(folder, 'handbook'),
    log: () => {}
  })
  const dataDir = join(folder, 'history')
  await copyMigratedDatabase(dataDir)
  history = await servePostgres(dataDir)

  const [kiosk, other] = backend.accounts
  if (kiosk === undefined || other === undefined) throw new Error('two kiosks are seeded')
  const databaseUrl = new URL(history.url)
  databaseUrl.password = 'not-to-be-seen'
  variables = {
    HEARD_SUPABASE_URL: backend.url,
    HEARD_SUPABASE_PUBLISHABLE_KEY: backend.publishableKey,
    HEARD_SIGN_IN_EMAIL: kiosk.email,
    HEARD_SIGN_IN_PASSWORD: kiosk.password,
    HEARD_SUPABASE_DB_URL: databaseUrl.href,
    HEARD_CHECK_OTHER_GROUP_ID: other.groupId
  }
  secrets = [backend.publishableKey, kiosk.password, 'not-to-be-seen', 'ek_test', 'eyJ']
})
afterAll(async () => {
  await history?.close()
  await backend?.close()
  await model?.close()
  if (folder !== undefined) await removeFolder(folder)
})

const charged = async (): Promise<number> => {
  const [row] = await backend.database.query<{ questions: number }>(
    'select coalesce(sum(questions), 0)::int as questions from public.usage_days'
  )
  return row?.questions ?? 0
}
const mints = (): number =>
  model.requests.filter(({ path }) => path === '/v1/realtime/client_secrets').length

describe('a project that is as it should be', () => {
  let run: Awaited<ReturnType<typeof check>>
  let before: { charged: number; mints: number }
  beforeAll(async () => {
    if (missing !== null) return
    before = { charged: await charged(), mints: mints() }
    run = await check(variables)
  })

  it('passes every step, in order, and is told which model ends soon', () => {
    expect(run, run.stderr).toMatchObject({ exitCode: 0 })
    expect(Object.entries(stepsOf(run.stdout))).toEqual([
      ['sign in', 'passed: crew of Harbor and Rye'],
      ['health', 'warned: shut down within 60 days: gpt-transcribe'],
      ['one session', 'passed: a key for gpt-realtime-2.1'],
      ['handbook', 'passed: 2 published sections'],
      ['search', 'passed: a section is found by its own words, and by their meaning'],
      ['other restaurants', 'passed: 18 ways to another restaurant, each refused'],
      ['migrations', expect.stringMatching(/^passed: all \d+ are applied$/)]
    ])
  })

  it('mints one key, charges one question and opens no call', async () => {
    expect({ charged: await charged(), mints: mints() }).toEqual({
      charged: before.charged + 1,
      mints: before.mints + 1
    })
    expect(model.requests.filter(({ path }) => path.startsWith('/v1/realtime/calls'))).toEqual([])
  })

  it('prints no key, token or password', () => {
    for (const secret of secrets) expect(run.stdout + run.stderr).not.toContain(secret)
  })
})

describe('a project that is not', () => {
  it('that lets a member read another restaurant’s passages fails, by name', async () => {
    const { database } = backend
    await database.query(
      'create policy "too much" on public.manual_passages for select to authenticated using (true)'
    )
    const run = await check(variables)
    await database.query('drop policy "too much" on public.manual_passages')
    expect(run.exitCode).toBe(1)
    expect(stepsOf(run.stdout)['other restaurants']).toBe('failed: rows of manual_passages: 1 rows')
  })

  it('that lacks a migration is told which one', async () => {
    const { rows } = await history.sql.query<{ version: string }>(
      `delete from supabase_migrations.schema_migrations
        where version = (select max(version) from supabase_migrations.schema_migrations)
        returning version`
    )
    const run = await check(variables)
    expect(run.exitCode).toBe(1)
    expect(stepsOf(run.stdout).migrations).toBe(
      `failed: not applied: ${rows[0]?.version} (supabase db push)`
    )
  })

  it('that refuses the account is not asked anything else', async () => {
    const run = await check({ ...variables, HEARD_SIGN_IN_PASSWORD: 'some other password' })
    expect(run.exitCode).toBe(1)
    const steps = stepsOf(run.stdout)
    expect(Object.keys(steps)).toEqual(['sign in', 'migrations'])
    expect(steps['sign in']).toContain('wrong_credentials')
    expect(run.stdout + run.stderr).not.toContain('some other password')
  })
})

describe('without its variables', () => {
  it('names those that are missing, exits with 64, and asks nobody anything', async () => {
    let requests = 0
    const server = createServer((_, response) => {
      requests += 1
      response.end()
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const run = await check({ HEARD_SUPABASE_URL: url })
    server.close()
    expect(run).toMatchObject({ exitCode: 64, stdout: '' })
    const [named] = run.stderr.split('\n\n')
    for (const name of Object.keys(HOSTED_VARIABLES)) {
      if (name === 'HEARD_SUPABASE_URL') expect(named).not.toContain(name)
      else expect(named).toContain(name)
    }
    expect(requests).toBe(0)
  })

  it.each([
    ['HEARD_SUPABASE_PUBLISHABLE_KEY', 'sb_secret_0123456789'],
    ['HEARD_SUPABASE_URL', 'http://example.com'],
    ['HEARD_SUPABASE_DB_URL', 'postgresql://postgres@127.0.0.1/postgres'],
    ['HEARD_SUPABASE_DB_URL', 'pässwort'],
    ['HEARD_CHECK_OTHER_GROUP_ID', 'harbor-and-rye']
  ])('does not take %s=%s, and does not repeat it', (name, value) => {
    const read = readHostedProject({
      HEARD_SUPABASE_URL: 'https://example.supabase.co',
      HEARD_SUPABASE_PUBLISHABLE_KEY: 'sb_publishable_0123456789',
      HEARD_SIGN_IN_EMAIL: 'kiosk@example.com',
      HEARD_SIGN_IN_PASSWORD: 'a long password',
      HEARD_SUPABASE_DB_URL: 'postgresql://postgres:p%40ss@db.example.com:5432/postgres',
      [name]: value
    })
    expect(read).toMatchObject({ ok: false, error: { code: 'bad_request' } })
    if (read.ok) return
    expect(read.error.message).toContain(name)
    expect(read.error.message).not.toContain(value)
  })
})
