// Names, defaults and requirements of the functions' environment.
import assert from 'node:assert/strict'
import { readEnvironment } from '../../supabase/functions/_shared/environment.ts'

const from = (variables: Record<string, string>) => readEnvironment((name) => variables[name])
const least = { SUPABASE_URL: 'https://project.supabase.co', SUPABASE_ANON_KEY: 'anon' }

Deno.test('the least that is needed brings the documented defaults', () => {
  assert.deepEqual(from(least), {
    supabaseUrl: 'https://project.supabase.co',
    publishableKey: 'anon',
    openaiApiKey: undefined,
    openaiBaseUrl: 'https://api.openai.com/v1',
    realtimeModel: 'gpt-realtime-2.1',
    voice: 'marin',
    allowedOrigins: ['app://kiosk']
  })
})

Deno.test('the new publishable keys go before the legacy key, and a broken list falls back to it', () => {
  const key = (list: string) => from({ ...least, SUPABASE_PUBLISHABLE_KEYS: list }).publishableKey
  assert.equal(key('{"default":"sb_publishable_1"}'), 'sb_publishable_1')
  for (const broken of ['', '{', '[]', 'null', '{"default":1}', '{"other":"x"}']) {
    assert.equal(key(broken), 'anon')
  }
})

Deno.test('a base URL keeps its path and loses its last slash; origins are a list', () => {
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

Deno.test('what is missing is named', () => {
  assert.throws(() => from({ SUPABASE_ANON_KEY: 'anon' }), /SUPABASE_URL is not set/)
  assert.throws(() => from({ SUPABASE_URL: 'x' }), /SUPABASE_ANON_KEY is not set/)
})
