import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { fromProject } from '../../../../dev/paths.ts'
import { KIOSK_VARIABLES, NO_POLICY } from '../../../../src/main/policy/policy.ts'
import {
  applyPolicy,
  isInFuseMount,
  restrictEnvironment
} from '../../../../src/main/policy/release-environment.ts'

/** The rows of the table in docs/security.md: variable and rule. */
const rows = [
  ...readFileSync(fromProject('docs/security.md'), 'utf8').matchAll(
    /^\| (`[A-Z].*?`) \| (policy|removed|refused|kept)\b/gm
  )
].flatMap(([, names = '', rule = '']) =>
  [...names.matchAll(/`([\w*]+)`/g)].map(([, name = '']) => ({ name, rule }))
)

it('has a row in the documents for each variable of the kiosk', () => {
  expect(rows.filter(({ rule }) => rule === 'policy').map(({ name }) => name)).toEqual(['HEARD_*'])
  const guide = readFileSync(fromProject('docs/environment.md'), 'utf8')
  expect(KIOSK_VARIABLES.filter((name) => !guide.includes(`\`${name}\``))).toEqual([])
})

it.each(rows)('follows the documents: $name is $rule', ({ name: row, rule }) => {
  const name = row.replace('*', rule === 'policy' ? 'SUPABASE_URL' : 'ANYTHING')
  const variables: Record<string, string | undefined> = { [name]: '1' }
  const { removed, problems } = restrictEnvironment(variables, NO_POLICY, false)
  expect({ left: name in variables, named: removed.includes(name) }).toEqual({
    left: rule === 'kept',
    named: rule !== 'kept'
  })
  expect(problems).toHaveLength(rule === 'refused' ? 1 : 0)
})

it('removes every variable of the kiosk that the policy does not allow', () => {
  const given = Object.fromEntries(KIOSK_VARIABLES.map((name) => [name, 'x']))
  const variables: Record<string, string | undefined> = { ...given, HEARD_SIGN_IN_PASSWORD: 'x' }
  restrictEnvironment(variables, { ...NO_POLICY, fromEnvironment: ['HEARD_DISPLAY'] }, false)
  expect(variables).toEqual({ HEARD_DISPLAY: 'x' })
})

it('takes the policy’s values, and the environment’s where it is allowed', () => {
  const variables: Record<string, string | undefined> = {
    HEARD_SUPABASE_URL: 'https://attacker.example',
    HEARD_DISPLAY: '2'
  }
  const policy = {
    variables: { HEARD_SUPABASE_URL: 'https://example.supabase.co', HEARD_DISPLAY: '1' },
    fromEnvironment: ['HEARD_DISPLAY' as const]
  }
  restrictEnvironment(variables, policy, false)
  applyPolicy(variables, policy)
  expect(variables).toEqual({ ...policy.variables, HEARD_DISPLAY: '2' })
})

it('believes APPIMAGE inside its mount only', () => {
  const mounts = [
    '36 35 98:0 / / rw - ext4 /dev/sda rw',
    '90 36 0:50 / /tmp/.mount_HeardAb ro,nosuid - fuse.Heard.AppImage Heard.AppImage ro'
  ].join('\n')
  expect(isInFuseMount(mounts, '/tmp/.mount_HeardAb/heard')).toBe(true)
  expect(isInFuseMount(mounts, '/tmp/.mount_HeardAbc/heard')).toBe(false)
  expect(isInFuseMount(mounts, '/opt/Heard/heard')).toBe(false)
  for (const isMounted of [true, false]) {
    const variables = { APPIMAGE: '/tmp/other' }
    restrictEnvironment(variables, NO_POLICY, isMounted)
    expect('APPIMAGE' in variables).toBe(isMounted)
  }
})
