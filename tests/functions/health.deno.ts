// health: its answers without a token, for a member and for other callers.
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
import { deadUrl, serve } from './support/servers.deno.ts'

const PUBLISHABLE = 'sb_publishable_0123456789'
const SECRET = 'sb_secret_0123456789'
const NOW = Date.parse('2026-12-01T12:00:00Z')
const FUNCTIONS = ['realtime-session', 'realtime-search', 'realtime-call']

type Listed = { id: string; shutdown_date?: string | null }
const MODELS: Listed[] = [
  { id: 'gpt-realtime-2.1', shutdown_date: null },
  { id: 'gpt-realtime', shutdown_date: '2027-01-20' },
  { id: 'gpt-live-transcribe' },
  { id: 'gpt-transcribe' },
  { id: 'text-embedding-3-small' }
]
const listing = (models: readonly Listed[]) => () => Response.json({ object: 'list', data: models })

type Options = {
  deployed?: readonly string[]
  openai?: () => Response | Promise<Response>
  variables?: Record<string, string>
  backend?: Partial<Pick<Backend, 'verify' | 'voiceAccess' | 'embeddingModels'>>
  rateLimit?: typeof noRateLimit
}

type Health = {
  status: string
  endingModels: string[]
  models: { use: string; id: string; available: boolean | null }[]
  problems: string[]
  configured: { openaiKey: boolean }
  checks: Record<'database' | 'openai', { reachable: boolean; problem: string | null }> & {
    functions: Record<string, { problem: string | null }>
  }
}

const look = (query = `?groupId=${GROUP_ID}`, token: string | null = TOKEN, init?: RequestInit) =>
  new Request(`http://functions.test/health${query}`, {
    headers: token === null ? {} : { authorization: `Bearer ${token}` },
    ...init
  })

const healthOn = ({
  deployed = FUNCTIONS,
  openai: respond = listing(MODELS),
  variables = {},
  backend = {},
  rateLimit = noRateLimit
}: Options = {}) => {
  const supabase = serve(({ path }) =>
    deployed.some((name) => path === `/functions/v1/${name}`)
      ? new Response(null, { status: 204 })
      : Response.json({ code: 'NOT_FOUND' }, { status: 404 })
  )
  const openai = serve(respond)
  const { lines, log } = recordingLog()
  const environment: Record<string, string> = {
    SUPABASE_URL: supabase.url,
    SUPABASE_PUBLISHABLE_KEYS: JSON.stringify({ default: PUBLISHABLE }),
    SUPABASE_SECRET_KEYS: JSON.stringify({ default: SECRET }),
    OPENAI_BASE_URL: openai.url,
    OPENAI_API_KEY: OPENAI_KEY,
    SB_REGION: 'eu-west-1',
    ...variables
  }
  const handle = createHandler({
    reading: tryEnvironment((name) => environment[name]),
    backend: {
      verify,
      voiceAccess: () => Promise.resolve({ ok: true, value: ALLOWED }),
      embeddingModels: () => Promise.resolve({ answering: 'text-embedding-3-small', next: null }),
      ...backend
    },
    rateLimit,
    addressLimit: noRateLimit,
    log,
    now: () => NOW,
    timeoutMs: 300
  })
  return {
    lines,
    requests: () => [...supabase.requests, ...openai.requests],
    ask: async (asked = look()) => {
      const { status, headers, body } = await read(await handle(asked))
      return { status, headers, body: body as unknown as Health }
    },
    [Symbol.asyncDispose]: async () => {
      await supabase[Symbol.asyncDispose]()
      await openai[Symbol.asyncDispose]()
    }
  }
}

Deno.test('reports without a token only that it runs, and sends no request', async () => {
  await using health = healthOn()
  // supabase-js sends the publishable key as a token until a person signs in.
  for (const token of [null, PUBLISHABLE]) {
    const answer = await health.ask(look('', token))
    assert.equal(answer.status, 200)
    assert.deepEqual(answer.body, { status: 'up' })
    assert.match(String(answer.headers.get('x-request-id')), /^[0-9a-f-]{36}$/)
  }
  assert.deepEqual(health.requests(), [])
})

Deno.test("lists the brand's embedding models: the current one and the next one", async () => {
  const large = { id: 'text-embedding-3-large', shutdown_date: '2026-12-24' }
  await using health = healthOn({
    openai: listing([...MODELS, large]),
    backend: {
      embeddingModels: () =>
        Promise.resolve({ answering: 'text-embedding-3-small', next: large.id })
    }
  })
  const { body } = await health.ask()
  assert.deepEqual(
    body.models.map(({ use, id }) => `${use} ${id}`).filter((line) => line.includes('embedding')),
    ['embedding text-embedding-3-small', 'next_embedding text-embedding-3-large']
  )
  assert.deepEqual(body.endingModels, ['text-embedding-3-large'])
  assert.equal(body.status, 'degraded')
})

Deno.test('reports configuration, connections and their times to a member', async () => {
  await using health = healthOn()
  const { status, body } = await health.ask()
  assert.equal(status, 200)
  const { checks, models, languages, ...rest } = body as Health & { languages: unknown[] }
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
    usage: ALLOWED.usage,
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
  const reached = { reachable: true, ms: 'number', problem: null }
  assert.deepEqual(withoutTimes, {
    database: reached,
    openai: reached,
    functions: Object.fromEntries(FUNCTIONS.map((name) => [name, reached]))
  })
})

Deno.test('reports a model that is shut down within sixty days, with its date', async () => {
  for (const [date, daysLeft, isEnding] of [
    ['2027-01-20', 49, true],
    ['2027-01-30', 59, true],
    ['2027-02-01', 61, false],
    ['2026-11-30', -2, true],
    ['soon', null, false]
  ] as const) {
    const others = MODELS.filter(({ id }) => id !== 'gpt-realtime')
    await using health = healthOn({
      openai: listing([...others, { id: 'gpt-realtime', shutdown_date: date }]),
      variables: { OPENAI_REALTIME_MODEL: 'gpt-realtime' }
    })
    const { body } = await health.ask()
    assert.deepEqual(body.models[0], {
      use: 'realtime',
      id: 'gpt-realtime',
      available: true,
      shutdownDate: date,
      daysLeft
    })
    assert.deepEqual(body.endingModels, isEnding ? ['gpt-realtime'] : [])
    assert.equal(body.status, isEnding ? 'degraded' : 'ok')
  }
})

Deno.test('reports a missing model; the fallback alone suffices for transcription', async () => {
  for (const [missing, status] of [
    ['gpt-realtime-2.1', 'degraded'],
    ['text-embedding-3-small', 'degraded'],
    ['gpt-transcribe', 'degraded'],
    ['gpt-live-transcribe', 'ok']
  ] as const) {
    await using health = healthOn({ openai: listing(MODELS.filter(({ id }) => id !== missing)) })
    const { body } = await health.ask()
    assert.equal(body.status, status, missing)
    assert.equal(body.models.find(({ id }) => id === missing)?.available, false)
  }
})

Deno.test('names the failure of OpenAI, within the time limit', async () => {
  const hang = Promise.withResolvers<Response>()
  const dead = await deadUrl()
  for (const [respond, reachable, problem] of [
    [() => Response.json({ error: {} }, { status: 401 }), true, 'status 401'],
    [() => new Response('no', { status: 500 }), true, 'status 500'],
    [() => new Response('<html>'), true, 'unreadable answer'],
    [() => hang.promise, false, 'timeout'],
    [undefined, false, 'unreachable']
  ] as const) {
    await using health = healthOn(
      respond === undefined ? { variables: { OPENAI_BASE_URL: dead } } : { openai: respond }
    )
    const { status, body } = await health.ask()
    assert.deepEqual([status, body.status], [200, 'degraded'])
    const { openai } = body.checks
    assert.deepEqual([openai.reachable, openai.problem], [reachable, problem])
    assert.ok(body.models.every(({ available }) => available === null))
    if (problem === 'timeout') hang.resolve(new Response())
  }
})

Deno.test('reports a missing OpenAI key, and sends OpenAI no request', async () => {
  await using health = healthOn({ variables: { OPENAI_API_KEY: '' } })
  const { body } = await health.ask()
  assert.equal(body.status, 'degraded')
  assert.equal(body.configured.openaiKey, false)
  assert.equal(body.checks.openai.problem, 'no key')
  assert.ok(health.requests().every(({ path }) => path.startsWith('/functions/')))
})

Deno.test('names a function that is not deployed', async () => {
  await using health = healthOn({ deployed: ['realtime-session', 'realtime-search'] })
  const { body } = await health.ask()
  assert.equal(body.status, 'degraded')
  assert.deepEqual(
    FUNCTIONS.map((name) => body.checks.functions[name]?.problem),
    [null, null, 'status 404']
  )
})

Deno.test('runs with an invalid environment, and names its variables', async () => {
  await using health = healthOn({
    variables: { OPENAI_REALTIME_VOICE: 'sk-pasted-in-the-wrong-place', HEARD_ALLOWED_ORIGINS: '*' }
  })
  assert.deepEqual((await health.ask(look('', null))).body, { status: 'up' })
  const { status, body } = await health.ask()
  assert.deepEqual([status, body.status], [200, 'degraded'])
  assert.deepEqual(
    body.problems.map((problem) => problem.split(' ')[0]),
    ['OPENAI_REALTIME_VOICE', 'HEARD_ALLOWED_ORIGINS']
  )
  assert.doesNotMatch(JSON.stringify(body), /sk-pasted/)
})

Deno.test('refuses other callers without details', async () => {
  await using health = healthOn()
  await using outsider = healthOn({
    backend: {
      voiceAccess: () => Promise.resolve({ ok: false, refusal: { code: 'not_a_member' } })
    }
  })
  for (const [answer, status, error] of [
    [await health.ask(look(undefined, 'eyJ-expired')), 401, 'unauthorized'],
    [await health.ask(look('')), 400, 'bad_request'],
    [await health.ask(look('?groupId=harbor')), 400, 'bad_request'],
    [await outsider.ask(), 403, 'not_a_member']
  ] as const) {
    assert.equal(answer.status, status)
    assert.partialDeepStrictEqual(answer.body, { error })
    assert.ok(!('configured' in answer.body))
  }
  assert.deepEqual([...health.requests(), ...outsider.requests()], [])
})

Deno.test('reports an unreachable database, without the details for members', async () => {
  await using health = healthOn({
    backend: { voiceAccess: () => Promise.reject(new RangeError(`about ${TOKEN}`)) }
  })
  const { status, body } = await health.ask()
  assert.equal(status, 200)
  assert.deepEqual(Object.keys(body), ['status', 'checks'])
  const { database } = body.checks
  assert.deepEqual(
    [body.status, database.reachable, database.problem],
    ['degraded', false, 'RangeError']
  )
})

Deno.test('takes GET only, and limits the rate of details', async () => {
  await using health = healthOn({ rateLimit: createRateLimit(2) })
  const posted = await health.ask(look('', null, { method: 'POST', body: '{}' }))
  assert.deepEqual([posted.status, posted.headers.get('allow')], [405, 'GET, OPTIONS'])
  assert.deepEqual([(await health.ask()).status, (await health.ask()).status], [200, 429])
  assert.equal((await health.ask(look('', null))).status, 200)
})

Deno.test('keeps keys, parts of keys and tokens out of answers and log', async () => {
  await using health = healthOn({
    deployed: [],
    openai: () => Response.json({ error: { message: OPENAI_KEY } }, { status: 401 })
  })
  const written: unknown[] = [health.lines]
  for (const asked of [look(), look('', null), look(undefined, 'eyJ-bad')]) {
    written.push((await health.ask(asked)).body)
  }
  for (const secret of [OPENAI_KEY, PUBLISHABLE, SECRET, TOKEN]) {
    assert.ok(!JSON.stringify(written).includes(secret.slice(0, 7)), secret)
  }
})
