import { chmodSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, it } from 'vitest'
import { opensSettings } from '../../../../src/main/policy/policy.ts'
import { policyPath, readPolicyFile } from '../../../../src/main/policy/policy-file.ts'
import { temporaryFolder } from '../../temporary-folder.ts'

const own = process.getuid?.() ?? 0
const folder = temporaryFolder()
let root: string
let path: string

beforeEach(() => {
  root = folder.path
  mkdirSync(join(root, 'heard'), { mode: 0o755 })
  path = join(root, 'heard', 'policy.json')
})

const write = (text: string, mode = 0o644) => {
  writeFileSync(path, text)
  chmodSync(path, mode)
}
const read = () => readPolicyFile(path, 'linux', [own])

it.each([
  ['linux', '/etc/heard/policy.json'],
  ['darwin', '/Library/Application Support/Heard/policy.json'],
  ['win32', 'C:\\ProgramData\\Heard\\policy.json']
] as const)('has a fixed path on %s', (platform, expected) => {
  expect(policyPath(platform)).toBe(expected)
})

it('reads values, and the variables that the environment may set', () => {
  expect(read()).toEqual({ kind: 'absent' })
  write('{}')
  expect(read()).toEqual({ kind: 'read', policy: { variables: {}, fromEnvironment: [] } })
  const policy = {
    variables: { HEARD_SUPABASE_URL: 'https://example.supabase.co' },
    fromEnvironment: ['HEARD_DISPLAY']
  }
  write(JSON.stringify(policy))
  expect(read()).toEqual({ kind: 'read', policy })
})

it.each([
  ['a moment from now', '2026-12-01T12:00:01-05:00', true],
  ['a day ahead', '2026-12-02T17:00:00Z', true],
  ['more than a day ahead', '2026-12-02T17:00:01Z', false],
  ['past', '2026-12-01T17:00:00Z', false]
])('opens the settings until %s', (_what, settingsOpenUntil, expected) => {
  write(JSON.stringify({ settingsOpenUntil }))
  const reading = read()
  const now = Date.parse('2026-12-01T17:00:00Z')
  expect(reading.kind === 'read' && opensSettings(reading.policy, now)).toBe(expected)
})

it.each([
  ['not JSON', '{"variables": secret', /is not valid: it is not JSON\.$/],
  ['an unknown field', '{"colour": "red"}', /colour/],
  ['an unknown variable', '{"variables": {"HEARD_SIGN_IN_PASSWORD": "secret"}}', /variables/],
  [
    'a value of another type',
    '{"variables": {"HEARD_KIOSK": 1}}',
    /variables\.HEARD_KIOSK: .*string/
  ],
  ['a list', '[]', /the file: /],
  ['a huge file', ' '.repeat(100_001), /no file of at most 100000 bytes/]
])('names what is wrong with %s, and leaves the file as it is', (_what, text, message) => {
  write(text)
  const reading = read()
  expect(reading).toMatchObject({ kind: 'broken', message: expect.stringMatching(message) })
  expect(JSON.stringify(reading)).not.toContain('secret')
  expect(readFileSync(path, 'utf8')).toBe(text)
})

it.each([
  ['writable by its group', () => chmodSync(path, 0o664), /other accounts can write it/],
  ['writable by every account', () => chmodSync(path, 0o646), /other accounts can write it/],
  ['in a folder that others can write', () => chmodSync(join(root, 'heard'), 0o777), /its folder/],
  [
    'a link',
    () => {
      rmSync(path)
      symlinkSync('/etc/passwd', path)
    },
    /cannot be read/
  ]
])('refuses a file that is %s', (_what, spoil, message) => {
  write('{}')
  spoil()
  expect(read()).toMatchObject({ kind: 'broken', message: expect.stringMatching(message) })
})

it('refuses a file of another account', () => {
  write('{}')
  const reading = readPolicyFile(path, 'linux', [own + 1])
  expect(reading).toMatchObject({ kind: 'broken', problem: 'unprotected' })
})
