// Runs `npm run release` without its requirements: it makes nothing and reports what is missing. `update.test.ts`
// installs a complete release.
import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { publicKeys, signingKeyOf } from '../../build/update-keys.ts'
import { fromProject, PROJECT_DIR } from '../../dev/paths.ts'

type Ended = { code: number | null; stdout: string; stderr: string }

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'heard-releasing-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const release = (args: string[], variables: NodeJS.ProcessEnv = {}): Promise<Ended> =>
  new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [fromProject('build', 'release.ts'), '--out', join(folder, 'feed'), ...args],
      { cwd: PROJECT_DIR, env: { PATH: process.env.PATH, ...variables } },
      (_, stdout, stderr) => resolve({ code: child.exitCode, stdout, stderr })
    )
  })
const expectNothing = () => expect(existsSync(join(folder, 'feed'))).toBe(false)

it('makes no release without a key and a feed, and explains how to get them', async () => {
  const { code, stderr } = await release([])
  expect(code).toBe(1)
  expect(stderr).toContain('HEARD_UPDATE_KEY_FILE and HEARD_UPDATE_KEY_ID')
  expect(stderr).toContain('HEARD_RELEASE_FEED')
  if (publicKeys().length === 0) expect(stderr).toContain('npm run release -- --new-key')
  expectNothing()
})

it('makes the first key, and does not sign with it before the builds have it', async () => {
  const file = join(folder, 'heard.pem')
  const made = await release(['--new-key', '2026a', '--key-file', file])
  expect(made.code).toBe(0)
  expect(JSON.parse(made.stdout)).toEqual({ id: '2026a', spki: expect.stringMatching(/^MCowBQ/) })
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(made.stdout).not.toContain('PRIVATE')
  const variables = { HEARD_UPDATE_KEY_FILE: file, HEARD_UPDATE_KEY_ID: '2026a' }
  expect(() => signingKeyOf(variables)).toThrow('build/update-keys.json')
  for (const args of [['--restage', '25'], ['--dry-run'], []]) {
    const { code, stderr } = await release(args, {
      ...variables,
      HEARD_RELEASE_FEED: 'https://updates.example.com/heard/'
    })
    expect([args, code]).toEqual([args, 1])
    expect(stderr).toContain('The public key of "2026a" in build/update-keys.json is not that of')
  }
  expectNothing()
  // A second key never overwrites the first one.
  const before = readFileSync(file)
  expect((await release(['--new-key', '2026b', '--key-file', file])).code).not.toBe(0)
  expect(readFileSync(file).equals(before)).toBe(true)
})

it.each([
  ['share', ['--dry-run', '--stage', '101'], /"101" is no share/],
  ['version', ['--dry-run', '--version', 'next'], /"next" is no version/],
  ['time', ['--dry-run', '--not-before', 'tonight'], /"tonight" is no time/],
  ['key file', ['--restage', '5'], /could not be read as a private key/]
])('reports an invalid %s', async (_what, args, sentence) => {
  const file = join(folder, 'key.pem')
  writeFileSync(file, 'no key')
  const variables = { HEARD_UPDATE_KEY_FILE: file, HEARD_UPDATE_KEY_ID: 'x' }
  const { code, stderr } = await release(args, args.includes('--restage') ? variables : {})
  expect(code).not.toBe(0)
  expect(stderr).toMatch(sentence)
  expectNothing()
})
