// health: what everybody is told, what a member is told, and what nobody is.
import assert from 'node:assert/strict'
import type { Backend } from '../../supabase/functions/_shared/backend.ts'
import { tryEnvironment } from '../../supabase/functions/_shared/environment.ts'
import { createRateLimit } from '../../supabase/functions/_shared/rate-limit.ts'
import { createHandler } from '../../supabase/functions/health/handler.ts'
import {
  ALLOWED,
  GROUP_ID,
  noRateLimit,
  OPENAI_KEY,
  read,
  recordingLog,
  TOKEN,
  verify
} from './support/calls.deno.ts'
import { deadUrl, type LocalServer, serve } from './support/servers.deno.ts'

const PUBLISHABLE = 'sb_publishable_0123456789'
const SECRET = 'sb_secret_0123456789'
const NOW = Date.parse('2026-12-01T12:00:00Z')

const FUNCTIONS = ['realtime-session', 'realtime-search', 'realtime-call']

/** The project's functions, of which some may be missing. */
const project = (deployed: readonly string[] = FUNCTIONS): LocalServer =>
  serve(({ path }) =>
    deployed.some((name) => path === `/functions/v1/${name}`)
      ? new Response(null, { status: 204 })
      : Response.json({ code: 'NOT_FOUND' }, { status: 404 })
  )

type Listed = { id: string; shutdown_date?: string | null }
const MODELS: Listed[] = [
  { id: 'gpt-realtime-2.1', shutdown_date: null },
  { id: 'gpt-realtime', shutdown_date: '2027-01-20' },
  { id: 'gpt-live-transcribe' },
  { id: 'gpt-transcribe' },
  { id: 'text-embedding-3-small' }
]
const openaiWith = (models: readonly Listed[] = MODELS): LocalServer =>
  serve(() => Response.json({ object: 'list', data: models }))

type Parts = {
  supabaseUrl: string
  openaiUrl: string
  variables?: Record<string, string>
  backend?: Partial<Pick<Backend, 'verify' | 'voiceAccess' | 'embeddingModels'>>
}

const healthOn = ({ supabaseUrl, openaiUrl, variables = {}, backend = {} }: Parts) => {
  const { lines, log } = recordingLog()
  const environment: Record<string, string> = {
    SUPABASE_URL: supabaseUrl,
    SUPABASE_PUBLISHABLE_KEYS: JSON.stringify({ default: PUBLISHABLE }),
    SUPABASE_SECRET_KEYS: JSON.stringify({ default: SECRET }),
    OPENAI_BASE_URL: openaiUrl,
    OPENAI_API_KEY: OPENAI_KEY,
    SB_REGION: 'eu-west-1',
    ...variables
  }
  const reading = tryEnvironment((name) => environment[name])
  const handle = createHandler({
    reading,
    backend: {
      verify,
      voiceAccess: () => Promise.resolve({ ok: true, value: ALLOWED }),
      embeddingModels: () => Promise.resolve({ answering: 'text-embedding-3-small', next: null }),
      ...backend
    },
    rateLimit: noRateLimit,
    log,
    now: () => NOW,
    timeoutMs: 300
  })
  return { handle, lines }
}

const look = (
  query = `?groupId=${GROUP_ID}`,
  token: string | null = TOKEN,
  more: RequestInit = {}
) =>
  new Request(`http://functions.test/health${query}`, {
    headers: token === null ? {} : { authorization: `Bearer ${token}` },
    ...more
  })

Deno.test('that it runs is told to everybody, without asking anybody', async () => {
  await using supabase = project()
  await using openai = openaiWith()
  const { handle } = healthOn({ supabaseUrl: supabase.url, openaiUrl: openai.url })
  // supabase-js sends the publishable key as a token where nobody is signed in.
  for (const token of [null, PUBLISHABLE]) {
    const answer = await read(await handle(look('', token)))
    assert.equal(answer.status, 200)
    assert.deepEqual(answer.body, { status: 'up' })
    assert.match(String(answer.headers.get('x-request-id')), /^[0-9a-f-]{36}$/)
  }
  assert.equal(openai.requests.length + supabase.requests.length, 0)
})

Deno.test('the embedding models are the brand’s: the one that answers, and the one that it changes to', async () => {
  await using supabase = project()
  const listed = [...MODELS, { id: 'text-embedding-3-large', shutdown_date: '2026-12-24' }]
  await using openai = openaiWith(listed)
  const { handle } = healthOn({
    supabaseUrl: supabase.url,
    openaiUrl: openai.url,
    backend: {
      embeddingModels: () =>
        Promise.resolve({ answering: 'text-embedding-3-small', next: 'text-embedding-3-large' })
    }
  })
  const { body } = await read(await handle(look()))
  const models = body.models as { use: string; id: string }[]
  assert.deepEqual(
    models.map(({ use, id }) => `${use} ${id}`).filter((line) => line.includes('embedding')),
    ['embedding text-embedding-3-small', 'next_embedding text-embedding-3-large']
  )
  assert.deepEqual(body.endingModels, ['text-embedding-3-large'])
  assert.equal(body.status, 'degraded')
})

Deno.test('a member is told what is configured, what can be reached and how long it took', async () => {
  await using supabase = project()
  await using openai = openaiWith()
  const { handle } = healthOn({ supabaseUrl: supabase.url, openaiUrl: openai.url })
  const { status, body } = await read(await handle(look()))
  assert.equal(status, 200)
  const { checks, models, languages, ...rest } = body as Record<string, unknown> & {
    checks: Record<string, unknown>
    models: unknown[]
    languages: unknown[]
  }
  assert.deepEqual(rest, {
    status: 'ok',
    region: 'eu-west-1',
    configured: { openaiKey: true, publishableKey: true, secretKey: true },
    voice: 'marin',
    limits: {
      maxOutputTokens: 1_200,
      historyTokens: 8_000,
      keySeconds: 600,
      requestsPerMinute: 600
    },
    endingModels: []
  })
  assert.equal(languages.length, 10)
  assert.deepEqual(
    models,
    [
      ['realtime', 'gpt-realtime-2.1'],
      ['transcription', 'gpt-live-transcribe'],
      ['transcription_fallback', 'gpt-transcribe'],
      ['embedding', 'text-embedding-3-small']
    ].map(([use, id]) => ({ use, id, available: true, shutdownDate: null, daysLeft: null }))
  )
  const withoutTimes = JSON.parse(
    JSON.stringify(checks, (key, value) => (key === 'ms' ? typeof value : value))
  )
  const well = { reachable: true, ms: 'number', problem: null }
  assert.deepEqual(withoutTimes, {
    database: well,
    openai: well,
    functions: Object.fromEntries(FUNCTIONS.map((name) => [name, well]))
  })
})

Deno.test('a model that is shut down within sixty days is reported, with its date', async () => {
  for (const [date, daysLeft, ending] of [
    ['2027-01-20', 49, true],
    ['2027-01-30', 59, true],
    ['2027-02-01', 61, false],
    ['2026-11-30', -2, true],
    ['soon', null, false]
  ] as const) {
    await using supabase = project()
    await using openai = openaiWith([
      ...MODELS.filter(({ id }) => id !== 'gpt-realtime'),
      { id: 'gpt-realtime', shutdown_date: date }
    ])
    const { handle } = healthOn({
      supabaseUrl: supabase.url,
      openaiUrl: openai.url,
      variables: { OPENAI_REALTIME_MODEL: 'gpt-realtime' }
    })
    const { body } = await read(await handle(look()))
    assert.deepEqual((body.models as unknown[])[0], {
      use: 'realtime',
      id: 'gpt-realtime',
      available: true,
      shutdownDate: date,
      daysLeft
    })
    assert.deepEqual(body.endingModels, ending ? ['gpt-realtime'] : [])
    assert.equal(body.status, ending ? 'degraded' : 'ok')
  }
})

Deno.test('a model that the project does not have is reported; one transcription model is enough', async () => {
  await using supabase = project()
  for (const [missing, status] of [
    ['gpt-realtime-2.1', 'degraded'],
    ['text-embedding-3-small', 'degraded'],
    ['gpt-transcribe', 'degraded'],
    ['gpt-live-transcribe', 'ok']
  ] as const) {
    await using openai = openaiWith(MODELS.filter(({ id }) => id !== missing))
    const { handle } = healthOn({ supabaseUrl: supabase.url, openaiUrl: openai.url })
    const { body } = await read(await handle(look()))
    assert.equal(body.status, status, missing)
    const report = (body.models as { id: string; available: boolean }[]).find(
      ({ id }) => id === missing
    )
    assert.equal(report?.available, false)
  }
})

Deno.test('a service that refuses, fails, hangs, talks HTML or is away is told apart, within the time limit', async () => {
  const hang = Promise.withResolvers<void>()
  await using supabase = project()
  await using refusing = serve(() => Response.json({ error: {} }, { status: 401 }))
  await using failing = serve(() => new Response('no', { status: 500 }))
  await using portal = serve(() => new Response('<html>'))
  await using hanging = serve(async () => {
    await hang.promise
    return new Response()
  })
  for (const [openaiUrl, reachable, problem] of [
    [refusing.url, true, 'status 401'],
    [failing.url, true, 'status 500'],
    [portal.url, true, 'unreadable answer'],
    [hanging.url, false, 'timeout'],
    [await deadUrl(), false, 'unreachable']
  ] as const) {
    const { handle } = healthOn({ supabaseUrl: supabase.url, openaiUrl })
    const { status, body } = await read(await handle(look()))
    assert.equal(status, 200)
    assert.equal(body.status, 'degraded')
    const { openai } = body.checks as { openai: { reachable: boolean; problem: string } }
    assert.deepEqual([openai.reachable, openai.problem], [reachable, problem])
    assert.ok(
      (body.models as { available: unknown }[]).every(({ available }) => available === null)
    )
  }
  hang.resolve()
})

Deno.test('without a key nothing is asked, and that is what is said', async () => {
  await using supabase = project()
  await using openai = openaiWith()
  const { handle } = healthOn({
    supabaseUrl: supabase.url,
    openaiUrl: openai.url,
    variables: { OPENAI_API_KEY: '' }
  })
  const { body } = await read(await handle(look()))
  assert.equal(body.status, 'degraded')
  assert.equal((body.configured as { openaiKey: boolean }).openaiKey, false)
  assert.equal((body.checks as { openai: { problem: string } }).openai.problem, 'no key')
  assert.equal(openai.requests.length, 0)
})

Deno.test('a function that is not deployed is named', async () => {
  await using supabase = project(['realtime-session', 'realtime-search'])
  await using openai = openaiWith()
  const { handle } = healthOn({ supabaseUrl: supabase.url, openaiUrl: openai.url })
  const { body } = await read(await handle(look()))
  assert.equal(body.status, 'degraded')
  const { functions } = body.checks as { functions: Record<string, { problem: string | null }> }
  assert.deepEqual(
    FUNCTIONS.map((name) => functions[name]?.problem),
    [null, null, 'status 404']
  )
})

Deno.test('an environment that is wrong does not stop health, which names the variables', async () => {
  await using openai = openaiWith()
  const { handle } = healthOn({
    supabaseUrl: 'https://project.supabase.co',
    openaiUrl: openai.url,
    variables: { OPENAI_REALTIME_VOICE: 'sk-pasted-in-the-wrong-place', HEARD_ALLOWED_ORIGINS: '*' }
  })
  assert.deepEqual((await read(await handle(look('', null)))).body, { status: 'up' })
  const { status, body } = await read(await handle(look()))
  assert.equal(status, 200)
  assert.equal(body.status, 'degraded')
  assert.deepEqual(
    (body.problems as string[]).map((problem) => problem.split(' ')[0]),
    ['OPENAI_REALTIME_VOICE', 'HEARD_ALLOWED_ORIGINS']
  )
  assert.doesNotMatch(JSON.stringify(body), /sk-pasted/)
})

Deno.test('who is no member, has a bad token or names no restaurant is refused and told nothing', async () => {
  await using supabase = project()
  await using openai = openaiWith()
  const parts = { supabaseUrl: supabase.url, openaiUrl: openai.url }
  const { handle } = healthOn(parts)
  const outsider = healthOn({
    ...parts,
    backend: {
      voiceAccess: () => Promise.resolve({ ok: false, refusal: { code: 'not_a_member' } })
    }
  })
  for (const [answer, status, error] of [
    [await handle(look(undefined, 'eyJ-expired')), 401, 'unauthorized'],
    [await handle(look('')), 400, 'bad_request'],
    [await handle(look('?groupId=harbor')), 400, 'bad_request'],
    [await outsider.handle(look()), 403, 'not_a_member']
  ] as const) {
    const { status: given, body } = await read(answer)
    assert.deepEqual([given, body.error], [status, error])
    assert.ok(!('configured' in body))
  }
  assert.equal(openai.requests.length, 0)
})

Deno.test('a database that is away is said, and nothing that only a member may know', async () => {
  await using supabase = project()
  await using openai = openaiWith()
  const { handle } = healthOn({
    supabaseUrl: supabase.url,
    openaiUrl: openai.url,
    backend: { voiceAccess: () => Promise.reject(new RangeError(`about ${TOKEN}`)) }
  })
  const { status, body } = await read(await handle(look()))
  assert.equal(status, 200)
  assert.deepEqual(Object.keys(body), ['status', 'checks'])
  const { database } = body.checks as { database: { reachable: boolean; problem: string } }
  assert.deepEqual(
    [body.status, database.reachable, database.problem],
    ['degraded', false, 'RangeError']
  )
})

Deno.test('it is read with GET, and details are not to be had at any speed', async () => {
  await using supabase = project()
  await using openai = openaiWith()
  const parts = { supabaseUrl: supabase.url, openaiUrl: openai.url }
  const { handle } = healthOn(parts)
  const posted = await read(await handle(look('', null, { method: 'POST', body: '{}' })))
  assert.deepEqual([posted.status, posted.headers.get('allow')], [405, 'GET, OPTIONS'])
  const { log } = recordingLog()
  const limited = createHandler({
    reading: tryEnvironment((name) => (name === 'SUPABASE_URL' ? supabase.url : undefined)),
    backend: { verify, voiceAccess: () => Promise.resolve({ ok: true, value: ALLOWED }) },
    rateLimit: createRateLimit(2),
    log
  })
  const statuses: number[] = []
  for (const _ of [1, 2]) statuses.push((await read(await limited(look()))).status)
  assert.deepEqual(statuses, [200, 429])
  assert.equal((await read(await limited(look('', null)))).status, 200)
})

Deno.test('no key, no part of one and no token is in any answer or log line', async () => {
  await using supabase = project([])
  await using openai = serve(() =>
    Response.json({ error: { message: OPENAI_KEY } }, { status: 401 })
  )
  const { handle, lines } = healthOn({ supabaseUrl: supabase.url, openaiUrl: openai.url })
  const said = [JSON.stringify(lines)]
  for (const asked of [look(), look('', null), look(undefined, 'eyJ-bad')]) {
    said.push(await (await handle(asked)).text())
  }
  said.push(JSON.stringify(lines))
  for (const secret of [OPENAI_KEY, PUBLISHABLE, SECRET, TOKEN]) {
    // Not even how it begins.
    assert.ok(!said.join('\n').includes(secret.slice(0, 7)), secret)
  }
})
