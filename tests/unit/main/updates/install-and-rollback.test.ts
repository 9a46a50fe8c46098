// Replaces and rolls back an AppImage, an archive and an installer, and reads IT's policy.
import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createSigningKey } from '../../../../build/update-keys.ts'
import { signatureLine } from '../../../../build/write-feed.ts'
import { placeAppImage, switchAppImage } from '../../../../src/main/updates/appimage.ts'
import {
  archiveInstallation,
  currentVersion,
  switchVersion
} from '../../../../src/main/updates/archive-installation.ts'
import { installationOf } from '../../../../src/main/updates/package-kind.ts'
import { rollBackVersion } from '../../../../src/main/updates/rollback.ts'
import {
  findRollbackInstaller,
  storeRollbackInstaller
} from '../../../../src/main/updates/rollback-installers.ts'
import {
  artifactStatement,
  hashFile,
  readTrustedKeys
} from '../../../../src/main/updates/signature.ts'
import {
  DEFAULT_UPDATE_POLICY,
  readUpdatePolicy
} from '../../../../src/main/updates/update-policy.ts'
import {
  createUpdateStateFile,
  initialUpdateState
} from '../../../../src/main/updates/update-state.ts'
import { temporaryFolder } from '../../temporary-folder.ts'
import { createFakeClock } from '../fake-clock.ts'

const folder = temporaryFolder()
const inFolder = (...names: string[]) => join(folder.path, ...names)
const program = (name: string, version: string) => {
  const path = folder.write(name, `#!/bin/sh\necho ${version}\n`)
  chmodSync(path, 0o755)
  return path
}
const runs = (path: string) => execFileSync(path, { encoding: 'utf8' }).trim()
const rollback = (changes: object) =>
  rollBackVersion({
    kind: 'archive' as const,
    version: '1.0.0',
    execPath: '',
    appImage: undefined,
    folder: folder.path,
    keys: new Map(),
    ...changes
  })

describe('an AppImage', () => {
  it('is replaced in one step, keeps its name, and rolls back once', async () => {
    const current = program('Heard.AppImage', '1.0.0')
    await placeAppImage(current, program('downloaded', '1.1.0'))
    expect(runs(current)).toBe('1.0.0')
    switchAppImage(current)
    expect(runs(current)).toBe('1.1.0')
    const roll = () => rollback({ kind: 'appimage', appImage: current })
    expect(await roll()).toEqual({ relaunch: current })
    expect(runs(current)).toBe('1.0.0')
    await expect(roll()).rejects.toThrow('ENOENT')
    expect(runs(current)).toBe('1.0.0')
  })

  it('stays unchanged when the new one cannot be placed', async () => {
    const current = program('Heard.AppImage', '1.0.0')
    await expect(placeAppImage(current, inFolder('nothing'))).rejects.toThrow('ENOENT')
    expect(() => switchAppImage(current)).toThrow('ENOENT')
    expect(runs(current)).toBe('1.0.0')
    expect(readdirSync(folder.path)).toEqual(['Heard.AppImage'])
  })
})

describe('an archive', () => {
  const installation = () => archiveInstallation(inFolder('versions', '1.1.0', 'heard'))
  const version = (name: string) => program(`versions/${name}/heard`, name)

  it('rolls back by its link', async () => {
    version('1.0.0')
    const execPath = version('1.1.0')
    symlinkSync('versions/1.1.0', inFolder('current'))
    expect(await rollback({ execPath })).toEqual({ relaunch: inFolder('current', 'heard') })
    expect(runs(inFolder('current', 'heard'))).toBe('1.0.0')
    expect(currentVersion(installation())).toBe('1.0.0')
  })

  it('keeps its link when the version is absent', () => {
    version('1.1.0')
    symlinkSync('versions/1.1.0', inFolder('current'))
    expect(() => switchVersion(installation(), '1.0.0')).toThrow('ENOENT')
    expect(runs(inFolder('current', 'heard'))).toBe('1.1.0')
  })
})

it('stores an installer for a rollback, and returns it only while its signature matches', async () => {
  const key = createSigningKey('test', inFolder('key.pem'))
  const keys = readTrustedKeys([key.public])
  const name = 'heard-1.0.0-linux-amd64.deb'
  const path = program(name, '1.0.0')
  const signatures = signatureLine(artifactStatement({ name, ...(await hashFile(path)) }), key)
  const stored = inFolder('kept')
  for (const version of ['0.9.0', '1.0.0']) {
    await storeRollbackInstaller(stored, { version, name, path, signatures }, [])
  }
  expect(readdirSync(stored)).toEqual(['1.0.0'])
  const found = await findRollbackInstaller(stored, '1.0.0', keys)
  expect(readFileSync(found, 'utf8')).toBe(readFileSync(path, 'utf8'))
  writeFileSync(found, 'something else')
  await expect(findRollbackInstaller(stored, '1.0.0', keys)).rejects.toThrow(
    'not the one that was signed'
  )
  await expect(findRollbackInstaller(stored, '0.8.0', keys)).rejects.toThrow('ENOENT')
})

it('rolls back no macOS installation', async () => {
  await expect(rollback({ kind: 'squirrel' })).rejects.toThrow('IT installs')
})

const windows = (execPath: string) => ({ platform: 'win32' as const, execPath })
it.each([
  [{}, { kind: 'archive', mayInstall: 'yes' }],
  [{ appImage: '/home/kiosk/Heard.AppImage' }, { kind: 'appimage', mayInstall: 'yes' }],
  [{ appImage: 'Heard.AppImage', execPath: '/tmp/heard' }, { kind: null }],
  [
    { packageType: 'deb', execPath: '/opt/Heard/heard' },
    { kind: 'deb', mayInstall: 'if_told' }
  ],
  [{ execPath: '/home/x/dist/linux-unpacked/heard' }, { kind: null }],
  [windows('c:\\program files\\Heard\\Heard.exe'), { kind: 'nsis', mayInstall: 'never' }],
  [windows('C:\\Users\\k\\AppData\\Local\\Heard.exe'), { kind: 'nsis', mayInstall: 'yes' }]
])('detects the installation from %j', (changes, expected) => {
  const facts = {
    platform: 'linux' as const,
    execPath: '/opt/heard/versions/1.0.0/heard',
    appImage: undefined,
    packageType: null,
    programFolders: ['C:\\Program Files', '', 'C:\\Program Files (x86)']
  }
  expect(installationOf({ ...facts, ...changes })).toEqual(expected)
})

describe('the update policy', () => {
  const read = (variables: Record<string, string>) => {
    const problems: string[] = []
    return { policy: readUpdatePolicy(variables, problems), problems }
  }

  it('has defaults for every variable', () => {
    expect(read({})).toEqual({ policy: DEFAULT_UPDATE_POLICY, problems: [] })
  })

  it('reads every variable', () => {
    const { policy, problems } = read({
      HEARD_UPDATES: 'report',
      HEARD_UPDATE_CHANNEL: 'beta',
      HEARD_UPDATE_FEED: 'https://updates.example.com/heard/',
      HEARD_UPDATE_WINDOW: '23:30-01:30',
      HEARD_UPDATE_TIME_ZONE: 'America/Chicago',
      HEARD_UPDATE_IDLE_SECONDS: '900',
      HEARD_UPDATE_REQUIRED_DAYS: '7',
      HEARD_UPDATE_CHECK_SECONDS: '3600'
    })
    expect(problems).toEqual([])
    expect(policy).toEqual({
      mode: 'report',
      channel: 'beta',
      feed: { provider: 'generic', url: 'https://updates.example.com/heard/' },
      window: { from: '23:30', to: '01:30' },
      timeZone: 'America/Chicago',
      idleMs: 900_000,
      requiredAfterMs: 7 * 24 * 3_600_000,
      checkEveryMs: 3_600_000
    })
  })

  it.each([
    ['HEARD_UPDATES', 'yes'],
    ['HEARD_UPDATE_CHANNEL', 'nightly'],
    ['HEARD_UPDATE_FEED', 'http://updates.example.com/'],
    ['HEARD_UPDATE_FEED', 'updates'],
    ['HEARD_UPDATE_WINDOW', '3-5'],
    ['HEARD_UPDATE_WINDOW', '03:00-25:00'],
    ['HEARD_UPDATE_TIME_ZONE', 'Mars/Olympus'],
    ['HEARD_UPDATE_IDLE_SECONDS', '1'],
    ['HEARD_UPDATE_REQUIRED_DAYS', '61'],
    ['HEARD_UPDATE_CHECK_SECONDS', '5.5']
  ])('reports %s=%s by name', (name, value) => {
    const { problems } = read({ [name]: value })
    expect(problems).toHaveLength(1)
    expect(problems[0]).toContain(name)
  })
})

it('saves the update state, and sets an invalid file aside', () => {
  const clock = createFakeClock()
  const path = inFolder('updates', 'memory.json')
  const file = createUpdateStateFile(path, clock)
  const state = {
    ...initialUpdateState('5f1f3a1c-52a2-4f0e-9a53-0b5e6f1f2d11'),
    knownBad: [{ version: '1.1.0', times: 1, retryAtMs: 0 }]
  }
  expect(file.read()).toMatchObject({ lost: null, state: { knownBad: [] } })
  file.write(state)
  expect(file.read()).toEqual({ lost: null, state })
  for (const text of ['', '{"format":1', '{"format":2}', JSON.stringify({ ...state, more: 1 })]) {
    writeFileSync(path, text)
    expect(file.read().lost).toContain('not a valid update state file')
    expect(existsSync(path)).toBe(false)
  }
  const names = readdirSync(inFolder('updates'))
  expect(names.filter((name) => !/^memory\.2026/.test(name))).toEqual([])
})
