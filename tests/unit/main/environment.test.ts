import { expect, it } from 'vitest'
import { readEnvironment } from '../../../src/main/environment.ts'
import { DEFAULT_NETWORK_POLICY } from '../../../src/main/network/network-policy.ts'
import { DEFAULT_UPDATE_POLICY } from '../../../src/main/updates/update-policy.ts'
import { DEFAULT_CALL_LIMITS } from '../../../src/shared/call-limits.ts'
import { passwordFile } from '../../password-file.ts'

const good = {
  HEARD_SUPABASE_URL: 'https://example.supabase.co/',
  HEARD_SUPABASE_PUBLISHABLE_KEY: 'sb_publishable_abc'
}

it('reads a hosted project, with OpenAI as the default model', () => {
  expect(readEnvironment({ ...good })).toEqual({
    ok: true,
    value: {
      supabaseUrl: 'https://example.supabase.co',
      publishableKey: 'sb_publishable_abc',
      openaiBaseUrl: 'https://api.openai.com/v1',
      userDataFolder: null,
      unattendedSignIn: null,
      fullScreen: null,
      display: 'primary',
      callLimits: DEFAULT_CALL_LIMITS,
      network: DEFAULT_NETWORK_POLICY,
      updates: DEFAULT_UPDATE_POLICY
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

it('reads the password from its file, without the line end', () => {
  const read = (text: string) =>
    readEnvironment({
      ...good,
      HEARD_SIGN_IN_EMAIL: 'kiosk@example.com',
      HEARD_SIGN_IN_PASSWORD_FILE: passwordFile(text, 0o440)
    })
  const signIn = { email: 'kiosk@example.com', password: ' with spaces ' }
  expect(read(' with spaces \n')).toMatchObject({ value: { unattendedSignIn: signIn } })
  expect(read(' with spaces ')).toMatchObject({ value: { unattendedSignIn: signIn } })
})

it('removes every secret from the environment, its own and any other', () => {
  const variables: Record<string, string | undefined> = {
    ...good,
    HEARD_SIGN_IN_PASSWORD: 'x',
    OPENAI_API_KEY: 'whatever',
    MYSQL_PWD: 'x',
    DATABASE_URL: 'x',
    DSN_NOTE: 'postgres://user:x@host/db',
    NOTE: ['sk', 'proj', 'abcdefghijklmnop'].join('-'),
    PATH: '/usr/bin',
    PWD: '/home/kiosk'
  }
  expect(readEnvironment(variables)).toMatchObject({ value: { unattendedSignIn: null } })
  expect(Object.keys(variables)).toEqual(['HEARD_SUPABASE_URL', 'PATH', 'PWD'])
})

it.each([
  ['an address without TLS', { HEARD_SUPABASE_URL: 'http://example.com' }, /https:\/\//],
  ['an invalid address', { HEARD_OPENAI_BASE_URL: 'openai' }, /HEARD_OPENAI_BASE_URL/],
  ['an address with a password', { HEARD_SUPABASE_URL: 'https://a:b@c.d' }, /plain address/],
  ['a secret key', { HEARD_SUPABASE_PUBLISHABLE_KEY: 'sb_secret_x' }, /must never have one/],
  ['an e-mail without a password', { HEARD_SIGN_IN_EMAIL: 'a@b.co' }, /belong together/],
  [
    'an invalid e-mail',
    { HEARD_SIGN_IN_EMAIL: 'kiosk', HEARD_SIGN_IN_PASSWORD_FILE: passwordFile('x') },
    /not an e-mail/
  ],
  [
    'a password that every account can read',
    { HEARD_SIGN_IN_EMAIL: 'a@b.co', HEARD_SIGN_IN_PASSWORD_FILE: passwordFile('x', 0o644) },
    /every account can read .*: give it the mode 600/
  ],
  [
    'an empty password',
    { HEARD_SIGN_IN_EMAIL: 'a@b.co', HEARD_SIGN_IN_PASSWORD_FILE: passwordFile('') },
    /is no file with a secret/
  ],
  [
    'a password without its file',
    { HEARD_SIGN_IN_EMAIL: 'a@b.co', HEARD_SIGN_IN_PASSWORD_FILE: '/absent' },
    /absent cannot be read \(ENOENT\)/
  ],
  [
    'a limit that is no number',
    { HEARD_CALL_ROTATE_SECONDS: '50 minutes' },
    /HEARD_CALL_ROTATE_SECONDS must be a number of seconds from 1 to 3500/
  ],
  [
    'a limit out of its range',
    { HEARD_CALL_ROTATE_BY_SECONDS: '3600' },
    /HEARD_CALL_ROTATE_BY_SECONDS must be a number of seconds from 1 to 3550/
  ],
  ['a negative limit', { HEARD_CALL_IDLE_GAP_SECONDS: '-1' }, /from 0 to 600/],
  ['a limit of zero', { HEARD_CALL_USE_LIMIT_SECONDS: '0' }, /from 1 to 3600/],
  ['a switch that is neither on nor off', { HEARD_CALL_STANDBY: 'yes' }, /must be 1 \(on\) or 0/],
  ['an idle time of zero', { HEARD_CALL_IDLE_SECONDS: '0' }, /from 1 to 86400/],
  ['an unknown path', { HEARD_CALL_PATH: 'udp' }, /one of auto, webrtc, websocket/],
  [
    'a latest rotation before the earliest',
    { HEARD_CALL_ROTATE_SECONDS: '100', HEARD_CALL_ROTATE_BY_SECONDS: '99' },
    /HEARD_CALL_ROTATE_BY_SECONDS must not be less than HEARD_CALL_ROTATE_SECONDS \(100 s\)/
  ]
])('refuses %s with a reason, without repeating the value', (_what, variables, message) => {
  const result = readEnvironment({ ...good, ...variables })
  expect(result).toMatchObject({ ok: false, error: { message: expect.stringMatching(message) } })
  expect(JSON.stringify(result)).not.toMatch(/sb_secret_x|a:b@/)
})

it('allows http on loopback', () => {
  const variables = { ...good, HEARD_SUPABASE_URL: 'http://127.0.0.1:4000' }
  expect(readEnvironment(variables)).toMatchObject({
    ok: true,
    value: { supabaseUrl: 'http://127.0.0.1:4000' }
  })
})

it('reads the call limits in seconds, with defaults', () => {
  const variables = {
    ...good,
    HEARD_CALL_ROTATE_SECONDS: '60',
    HEARD_CALL_ROTATE_BY_SECONDS: '90',
    HEARD_CALL_IDLE_GAP_SECONDS: '0.5',
    HEARD_CALL_STANDBY: '0',
    HEARD_CALL_IDLE_SECONDS: '2',
    HEARD_CALL_PATH: 'websocket'
  }
  expect(readEnvironment(variables)).toMatchObject({
    value: {
      callLimits: {
        rotateAfterMs: 60_000,
        rotateByMs: 90_000,
        idleGapMs: 500,
        useLimitMs: DEFAULT_CALL_LIMITS.useLimitMs,
        standby: false,
        idleMs: 2_000,
        path: 'websocket'
      }
    }
  })
  expect(readEnvironment({ ...good, HEARD_CALL_STANDBY: '1' })).toMatchObject({
    value: { callLimits: DEFAULT_CALL_LIMITS }
  })
})
