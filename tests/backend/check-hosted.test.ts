// Runs `npm run check:hosted` against the local stack in place of a hosted project.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { fromProject } from '../../dev/paths.ts'
import { type PostgresSocket, servePostgres } from '../../dev/supabase/postgres-socket.ts'
import { HOSTED_VARIABLES, readHostedProject } from '../../tools/hosted/hosted-environment.ts'
import { supabaseCliUnavailableReason } from '../../tools/hosted/supabase-cli.ts'
import { passwordFile } from '../password-file.ts'
import { setUpBackend } from './support/local-backend.ts'
import { copyMigratedDatabase } from './support/migrated-database.ts'

const missing = supabaseCliUnavailableReason()
if (missing !== null) console.warn(`Not run: ${missing}`)

const resultSchema = z.object({
  ok: z.boolean(),
  steps: z.array(z.object({ name: z.string(), outcome: z.string(), message: z.string() }))
})

type Variables = Readonly<Record<string, string>>
/** Variables of this machine that the command gets. */
const PASSED_ON = [
  ...['PATH', 'NODE_COMPILE_CACHE', 'SystemRoot', 'TMPDIR', 'SUPABASE_CLI_BINARY_OVERRIDE']
]

const check = async (variables: Variables) => {
  const child = spawn(process.execPath, [fromProject('tools', 'hosted', 'check-hosted.ts')], {
    env: {
      ...Object.fromEntries(PASSED_ON.map((name) => [name, process.env[name]])),
      ...variables
    },
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

describe.skipIf(missing !== null)('check:hosted', () => {
  const local = setUpBackend({ functions: 'real' })
  /** The history of migrations; the running database itself has no port. */
  let history: PostgresSocket
  let variables: Variables
  let secrets: string[]
  let counted: { questions: number; mints: number }
  let run: Awaited<ReturnType<typeof check>>

  /** The charged questions and minted keys until now. */
  const count = async () => {
    const [row] = await local.backend.database.query<{ questions: number }>(
      'select coalesce(sum(questions), 0)::int as questions from public.usage_days'
    )
    const minted = local.model.requests.filter(({ path }) => path === '/v1/realtime/client_secrets')
    return { questions: row?.questions ?? 0, mints: minted.length }
  }

  beforeAll(async () => {
    const dataDir = join(local.folder, 'history')
    copyMigratedDatabase(dataDir)
    history = await servePostgres(dataDir)
    const [kiosk, other] = local.backend.accounts
    if (kiosk === undefined || other === undefined) throw new Error('two kiosks are seeded')
    const databaseUrl = new URL(history.url)
    databaseUrl.password = 'not-to-be-seen'
    variables = {
      HEARD_SUPABASE_URL: local.backend.url,
      HEARD_SUPABASE_PUBLISHABLE_KEY: local.backend.publishableKey,
      HEARD_SIGN_IN_EMAIL: kiosk.email,
      HEARD_SIGN_IN_PASSWORD_FILE: passwordFile(kiosk.password),
      HEARD_SUPABASE_DB_URL: databaseUrl.href,
      HEARD_CHECK_OTHER_GROUP_ID: other.groupId
    }
    secrets = [local.backend.publishableKey, kiosk.password, 'not-to-be-seen', 'ek_test', 'eyJ']
    counted = await count()
    run = await check(variables)
  })
  afterAll(() => history.close())

  it('passes every step in order and warns of a model near its shutdown', () => {
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
    expect(await count()).toEqual({ questions: counted.questions + 1, mints: counted.mints + 1 })
    const calls = local.model.requests.filter(({ path }) => path.startsWith('/v1/realtime/calls'))
    expect(calls).toEqual([])
  })

  it('prints no key, token or password', () => {
    for (const secret of secrets) expect(run.stdout + run.stderr).not.toContain(secret)
  })

  it('names a table that shows another restaurant, and a missing migration', async () => {
    const { database } = local.backend
    await database.query(
      'create policy "too much" on public.manual_passages for select to authenticated using (true)'
    )
    const { rows } = await history.sql.query<{ version: string }>(
      `delete from supabase_migrations.schema_migrations
        where version = (select max(version) from supabase_migrations.schema_migrations)
        returning version`
    )
    const failed = await check(variables)
    await database.query('drop policy "too much" on public.manual_passages')
    expect(failed.exitCode).toBe(1)
    expect(stepsOf(failed.stdout)).toMatchObject({
      'other restaurants': 'failed: rows of manual_passages: 1 rows',
      migrations: `failed: not applied: ${rows[0]?.version} (supabase db push)`
    })
  })

  it('skips the other steps when the project refuses the account', async () => {
    const HEARD_SIGN_IN_PASSWORD_FILE = passwordFile('some other password')
    const refused = await check({ ...variables, HEARD_SIGN_IN_PASSWORD_FILE })
    expect(refused.exitCode).toBe(1)
    const steps = stepsOf(refused.stdout)
    expect(Object.keys(steps)).toEqual(['sign in', 'migrations'])
    expect(steps['sign in']).toContain('wrong_credentials')
    expect(refused.stdout + refused.stderr).not.toContain('some other password')
  })
})

describe('the variables of check:hosted', () => {
  it('names the missing ones, exits with 64 and sends no request', async () => {
    let requests = 0
    const server = createServer((_, response) => {
      requests += 1
      response.end()
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const { stderr, ...ran } = await check({ HEARD_SUPABASE_URL: url })
    server.close()
    expect(ran).toMatchObject({ exitCode: 64, stdout: '' })
    const [named] = stderr.split('\n\n')
    const { HEARD_SUPABASE_URL: _given, ...others } = HOSTED_VARIABLES
    for (const name of Object.keys(others)) expect(named).toContain(name)
    expect(named).not.toContain('HEARD_SUPABASE_URL')
    expect(requests).toBe(0)
  })

  it.each([
    ['HEARD_SUPABASE_PUBLISHABLE_KEY', 'sb_secret_0123456789'],
    ['HEARD_SUPABASE_URL', 'http://example.com'],
    ['HEARD_SUPABASE_DB_URL', 'postgresql://postgres@127.0.0.1/postgres'],
    ['HEARD_SUPABASE_DB_URL', 'pässwort'],
    ['HEARD_CHECK_OTHER_GROUP_ID', 'harbor-and-rye']
  ])('refuses %s=%s without repeating the value', (name, value) => {
    const read = readHostedProject({
      HEARD_SUPABASE_URL: 'https://example.supabase.co',
      HEARD_SUPABASE_PUBLISHABLE_KEY: 'sb_publishable_0123456789',
      HEARD_SIGN_IN_EMAIL: 'kiosk@example.com',
      HEARD_SIGN_IN_PASSWORD_FILE: passwordFile('a long password'),
      HEARD_SUPABASE_DB_URL: 'postgresql://postgres:p%40ss@db.example.com:5432/postgres',
      [name]: value
    })
    expect(read).toMatchObject({ ok: false, error: { code: 'bad_request' } })
    if (read.ok) return
    expect(read.error.message).toContain(name)
    expect(read.error.message).not.toContain(value)
  })
})
