import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import {
  DEFAULT_NETWORK_POLICY,
  readNetworkPolicy
} from '../../../../src/main/network/network-policy.ts'

const folder = mkdtempSync(join(tmpdir(), 'heard-proxy-'))
const passwordFile = join(folder, 'password')
writeFileSync(passwordFile, 'fryer & grill\n', { mode: 0o600 })
afterAll(() => rmSync(folder, { recursive: true }))

const read = (variables: Record<string, string>) => {
  const problems: string[] = []
  const policy = readNetworkPolicy((name) => variables[name] ?? null, problems)
  return { policy, problems }
}

it.each([
  [{}, { mode: 'system' }],
  [{ HEARD_PROXY: 'direct' }, { mode: 'direct' }],
  [{ HEARD_PROXY: 'auto' }, { mode: 'auto_detect' }],
  [
    { HEARD_PROXY: 'pac+https://wpad.example/proxy.pac' },
    { mode: 'pac_script', pacScript: 'https://wpad.example/proxy.pac' }
  ],
  [
    { HEARD_PROXY: 'http://proxy.example:3128', HEARD_PROXY_BYPASS: '*.local;10.0.0.0/8' },
    {
      mode: 'fixed_servers',
      proxyRules: 'http://proxy.example:3128',
      proxyBypassRules: '*.local;10.0.0.0/8'
    }
  ]
])('reads the proxy of %j', (variables, proxy) => {
  expect(read(variables)).toEqual({ policy: { ...DEFAULT_NETWORK_POLICY, proxy }, problems: [] })
})

it('reads the sign-in with its password from a file, and the issuer of the client certificate', () => {
  const { policy, problems } = read({
    HEARD_PROXY_USER: 'kiosk',
    HEARD_PROXY_PASSWORD_FILE: passwordFile,
    HEARD_CLIENT_CERTIFICATE_ISSUER: 'Harbor Devices'
  })
  expect(problems).toEqual([])
  expect(policy.proxySignIn).toEqual({ user: 'kiosk', password: 'fryer & grill' })
  expect(policy.clientCertificateIssuer).toBe('Harbor Devices')
})

it.each([
  [{ HEARD_PROXY: 'proxy.example:3128' }, /^HEARD_PROXY must be/],
  [{ HEARD_PROXY: 'http://kiosk:secret@proxy.example:3128' }, /^HEARD_PROXY must be/],
  [{ HEARD_PROXY: 'constructor' }, /^HEARD_PROXY must be/],
  [{ HEARD_PROXY: 'ftp://proxy.example' }, /^HEARD_PROXY must be/],
  [{ HEARD_PROXY: 'pac+file:///etc/passwd' }, /^HEARD_PROXY must be/],
  [{ HEARD_PROXY: 'direct', HEARD_PROXY_BYPASS: '*' }, /^HEARD_PROXY_BYPASS needs/],
  [{ HEARD_PROXY_USER: 'kiosk' }, /belong together/],
  [{ HEARD_PROXY_PASSWORD_FILE: passwordFile }, /belong together/],
  [
    { HEARD_PROXY_USER: 'kiosk', HEARD_PROXY_PASSWORD_FILE: '/no' },
    /^HEARD_PROXY_PASSWORD_FILE: \/no/
  ]
])('refuses %j with a sentence', (variables, problem) => {
  const { policy, problems } = read(variables)
  expect(problems).toEqual([expect.stringMatching(problem)])
  expect(policy).toMatchObject({ proxySignIn: null })
})
