// Names, defaults and rules of the functions' environment.
import assert from 'node:assert/strict'
import { readEnvironment, tryEnvironment } from '../../supabase/functions/_shared/environment.ts'

const from = (variables: Record<string, string>) => readEnvironment((name) => variables[name])
const least = { SUPABASE_URL: 'https://project.supabase.co', SUPABASE_ANON_KEY: 'anon' }

Deno.test('fills in the documented defaults', () => {
  assert.deepEqual(from(least), {
    supabaseUrl: 'https://project.supabase.co',
    publishableKey: 'anon',
    hasSecretKey: false,
    openaiApiKey: undefined,
    openaiBaseUrl: 'https://api.openai.com/v1',
    session: {
      model: 'gpt-realtime-2.1',
      voice: 'marin',
      maxOutputTokens: 1_200,
      historyTokens: 8_000,
      reasoningEffort: 'minimal'
    },
    keySeconds: 600,
    requestsPerMinute: 600,
    allowedOrigins: ['app://kiosk'],
    region: null
  })
})

Deno.test('reads model, voice and limits', () => {
  const { session, keySeconds, requestsPerMinute, region, hasSecretKey } = from({
    ...least,
    OPENAI_REALTIME_MODEL: 'gpt-realtime-2.1-mini',
    OPENAI_REALTIME_VOICE: 'cedar',
    OPENAI_REALTIME_MAX_OUTPUT_TOKENS: ' 600 ',
    OPENAI_REALTIME_HISTORY_TOKENS: '4000',
    OPENAI_REALTIME_REASONING_EFFORT: 'low',
    OPENAI_REALTIME_KEY_SECONDS: '7200',
    HEARD_REQUESTS_PER_MINUTE: '60',
    SB_REGION: 'us-east-1',
    SUPABASE_SERVICE_ROLE_KEY: 'legacy'
  })
  assert.deepEqual(session, {
    model: 'gpt-realtime-2.1-mini',
    voice: 'cedar',
    maxOutputTokens: 600,
    historyTokens: 4_000,
    reasoningEffort: 'low'
  })
  assert.deepEqual(
    [keySeconds, requestsPerMinute, region, hasSecretKey],
    [7_200, 60, 'us-east-1', true]
  )
  const inf = from({ ...least, OPENAI_REALTIME_MAX_OUTPUT_TOKENS: 'inf' })
  assert.equal(inf.session.maxOutputTokens, 'inf')
  const own = from({ ...least, OPENAI_REALTIME_VOICE: 'voice_A1b2' })
  assert.equal(own.session.voice, 'voice_A1b2')
})

Deno.test('names the variable of an invalid value, and does not repeat the value', () => {
  for (const [name, ...values] of [
    ['OPENAI_REALTIME_MODEL', 'two words', '-x', 'x'.repeat(101), 'sk-secret: 1'],
    ['OPENAI_REALTIME_VOICE', 'nova', 'Marin', 'voice_', 'sk-secret'],
    ['OPENAI_REALTIME_MAX_OUTPUT_TOKENS', '0', '4097', '1.5', '-1', '1e3', 'infinite', 'sk-secret'],
    ['OPENAI_REALTIME_HISTORY_TOKENS', '499', '24001', 'all', '0x1000'],
    ['OPENAI_REALTIME_REASONING_EFFORT', 'none', 'Low', '1'],
    ['OPENAI_REALTIME_KEY_SECONDS', '59', '7201', '10m', '9'.repeat(30)],
    ['HEARD_REQUESTS_PER_MINUTE', '0', '1000001', 'off'],
    [
      'HEARD_ALLOWED_ORIGINS',
      '*',
      'https://*.example',
      'kiosk.example',
      'https://kiosk.example/',
      'app://kiosk, https://kiosk.example/path',
      'null'
    ],
    [
      'OPENAI_BASE_URL',
      'api.openai.com/v1',
      'http://api.openai.com/v1',
      'https://user:sk-secret@api.openai.com/v1',
      'https://api.openai.com/v1?key=sk-secret',
      'ftp://127.0.0.1/v1'
    ],
    ['SUPABASE_URL', 'project']
  ] as const) {
    for (const value of values) {
      assert.throws(
        () => from({ ...least, [name]: value }),
        (error: unknown) =>
          error instanceof Error &&
          error.message.startsWith(`${name} must be `) &&
          !error.message.includes(';') &&
          !error.message.includes('sk-secret'),
        `${name}=${value}`
      )
    }
  }
})

Deno.test('reports every problem at once', () => {
  const reading = tryEnvironment((name) => (name === 'OPENAI_REALTIME_VOICE' ? 'nova' : undefined))
  assert.equal(reading.ok, false)
  assert.deepEqual(
    !reading.ok && reading.problems.map((problem) => problem.replace(/ must.*/, '')),
    [
      'SUPABASE_URL is not set',
      'SUPABASE_PUBLISHABLE_KEYS or SUPABASE_ANON_KEY is not set',
      'OPENAI_REALTIME_VOICE'
    ]
  )
  assert.equal(reading.project, undefined)
})

Deno.test('keeps the project when another variable is invalid', () => {
  const variables: Record<string, string> = { ...least, OPENAI_REALTIME_VOICE: 'nova' }
  assert.deepEqual(tryEnvironment((name) => variables[name]).project, {
    supabaseUrl: 'https://project.supabase.co',
    publishableKey: 'anon'
  })
})

Deno.test('prefers the new publishable keys, and falls back to the legacy key from a broken list', () => {
  const key = (list: string) => from({ ...least, SUPABASE_PUBLISHABLE_KEYS: list }).publishableKey
  assert.equal(key('{"default":"sb_publishable_1"}'), 'sb_publishable_1')
  for (const broken of ['', '{', '[]', 'null', '{"default":1}', '{"other":"x"}']) {
    assert.equal(key(broken), 'anon')
  }
})

Deno.test('reads a base URL without its last slash, and a list of origins', () => {
  const read = from({
    ...least,
    OPENAI_BASE_URL: 'http://127.0.0.1:4000/v1/',
    HEARD_ALLOWED_ORIGINS: ' http://127.0.0.1:5173 ,, https://kiosk.example'
  })
  assert.equal(read.openaiBaseUrl, 'http://127.0.0.1:4000/v1')
  assert.deepEqual(read.allowedOrigins, [
    'app://kiosk',
    'http://127.0.0.1:5173',
    'https://kiosk.example'
  ])
})
