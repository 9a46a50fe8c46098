// What the kiosk is told from outside, and what it says when that makes no sense.
import { expect, it } from 'vitest'
import { readEnvironment } from '../../../src/main/environment.ts'

const good = {
  HEARD_SUPABASE_URL: 'https://example.supabase.co/',
  HEARD_SUPABASE_PUBLISHABLE_KEY: 'sb_publishable_abc'
}

it('reads a hosted project and falls back to OpenAI itself', () => {
  expect(readEnvironment({ ...good })).toEqual({
    ok: true,
    value: {
      supabaseUrl: 'https://example.supabase.co',
      publishableKey: 'sb_publishable_abc',
      openaiBaseUrl: 'https://api.openai.com/v1',
      userDataFolder: null,
      unattendedSignIn: null,
      fullScreen: false
    }
  })
})

it('names every missing variable in one message', () => {
  const result = readEnvironment({})
  expect(result).toMatchObject({
    ok: false,
    error: {
      message: expect.stringMatching(
        /HEARD_SUPABASE_URL is not set[\s\S]*HEARD_SUPABASE_PUBLISHABLE_KEY is not set/
      )
    }
  })
})

it('takes every secret out of the environment, its own and any other', () => {
  const variables: Record<string, string | undefined> = {
    ...good,
    HEARD_SIGN_IN_EMAIL: 'kiosk@example.com',
    HEARD_SIGN_IN_PASSWORD: ' with spaces ',
    OPENAI_API_KEY: 'whatever',
    NOTE: ['sk', 'proj', 'abcdefghijklmnop'].join('-'),
    PATH: '/usr/bin'
  }
  expect(readEnvironment(variables)).toMatchObject({
    value: { unattendedSignIn: { email: 'kiosk@example.com', password: ' with spaces ' } }
  })
  expect(Object.keys(variables)).toEqual(['HEARD_SUPABASE_URL', 'PATH'])
})

it.each([
  ['an address in the clear', { HEARD_SUPABASE_URL: 'http://example.com' }, /https:\/\//],
  ['something that is no address', { HEARD_OPENAI_BASE_URL: 'openai' }, /HEARD_OPENAI_BASE_URL/],
  ['an address with a password in it', { HEARD_SUPABASE_URL: 'https://a:b@c.d' }, /plain address/],
  ['a secret key', { HEARD_SUPABASE_PUBLISHABLE_KEY: 'sb_secret_x' }, /must never have one/],
  ['an e-mail without a password', { HEARD_SIGN_IN_EMAIL: 'a@b.co' }, /belong together/],
  [
    'an e-mail that is none',
    { HEARD_SIGN_IN_EMAIL: 'nobody', HEARD_SIGN_IN_PASSWORD: 'x' },
    /not an e-mail/
  ]
])('refuses %s and says why without repeating it', (_what, variables, message) => {
  const result = readEnvironment({ ...good, ...variables })
  expect(result).toMatchObject({ ok: false, error: { message: expect.stringMatching(message) } })
  expect(JSON.stringify(result)).not.toMatch(/sb_secret_x|a:b@/)
})

it('lets the local stack speak http on loopback', () => {
  const variables = { ...good, HEARD_SUPABASE_URL: 'http://127.0.0.1:4000' }
  expect(readEnvironment(variables)).toMatchObject({
    ok: true,
    value: { supabaseUrl: 'http://127.0.0.1:4000' }
  })
})
