// How an installation takes the old version's place, and back: an AppImage, an archive, a kept installer; and what
// IT says about it.
import { execFileSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
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
import { createFakeClock } from '../fake-clock.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'heard-installing-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const program = (path: string, version: string) => {
  writeFileSync(path, `#!/bin/sh\necho ${version}\n`, { mode: 0o755 })
  return path
}
const runs = (path: string) => execFileSync(path, { encoding: 'utf8' }).trim()
const way = (changes: object) => ({
  kind: 'archive' as const,
  version: '1.0.0',
  execPath: '',
  appImage: undefined,
  folder,
  keys: new Map(),
  ...changes
})

describe('an AppImage', () => {
  it('is replaced in one step, keeps its name, and can go back', async () => {
    const current = program(join(folder, 'Heard.AppImage'), '1.0.0')
    await placeAppImage(current, program(join(folder, 'downloaded'), '1.1.0'))
    // Placed, and not in the old one's place yet.
    expect(runs(current)).toBe('1.0.0')
    switchAppImage(current)
    expect(runs(current)).toBe('1.1.0')
    expect(await rollBackVersion(way({ kind: 'appimage', appImage: current }))).toEqual({
      relaunch: current
    })
    expect(runs(current)).toBe('1.0.0')
    await expect(rollBackVersion(way({ kind: 'appimage', appImage: current }))).rejects.toThrow(
      'ENOENT'
    )
    expect(runs(current)).toBe('1.0.0')
  })

  it('stays what it was when the new one cannot be placed', async () => {
    const current = program(join(folder, 'Heard.AppImage'), '1.0.0')
    await expect(placeAppImage(current, join(folder, 'nothing'))).rejects.toThrow('ENOENT')
    expect(() => switchAppImage(current)).toThrow('ENOENT')
    expect(runs(current)).toBe('1.0.0')
    expect(readdirSync(folder)).toEqual(['Heard.AppImage'])
  })
})

describe('an archive', () => {
  const installation = () => archiveInstallation(join(folder, 'versions', '1.1.0', 'heard'))
  const version = (name: string) => {
    mkdirSync(join(folder, 'versions', name), { recursive: true })
    program(join(folder, 'versions', name, 'heard'), name)
  }

  it('goes back by its link', async () => {
    version('1.0.0')
    version('1.1.0')
    symlinkSync('versions/1.1.0', join(folder, 'current'))
    const execPath = join(folder, 'versions', '1.1.0', 'heard')
    expect(await rollBackVersion(way({ execPath }))).toEqual({
      relaunch: join(folder, 'current', 'heard')
    })
    expect(runs(join(folder, 'current', 'heard'))).toBe('1.0.0')
    expect(currentVersion(installation())).toBe('1.0.0')
  })

  it('leaves its link alone when the version is not there', () => {
    version('1.1.0')
    symlinkSync('versions/1.1.0', join(folder, 'current'))
    expect(() => switchVersion(installation(), '1.0.0')).toThrow('ENOENT')
    expect(runs(join(folder, 'current', 'heard'))).toBe('1.1.0')
  })
})

it('keeps an installer for the way back, and runs none that is not the one that was signed', async () => {
  const key = createSigningKey('test', join(folder, 'key.pem'))
  const keys = readTrustedKeys([key.public])
  const path = program(join(folder, 'heard-1.0.0-linux-amd64.deb'), '1.0.0')
  const name = 'heard-1.0.0-linux-amd64.deb'
  const signatures = signatureLine(artifactStatement({ name, ...(await hashFile(path)) }), key)
  const kept = join(folder, 'kept')
  await storeRollbackInstaller(kept, { version: '0.9.0', name, path, signatures }, [])
  await storeRollbackInstaller(kept, { version: '1.0.0', name, path, signatures }, [])
  expect(readdirSync(kept)).toEqual(['1.0.0'])
  const found = await findRollbackInstaller(kept, '1.0.0', keys)
  expect(readFileSync(found, 'utf8')).toBe(readFileSync(path, 'utf8'))
  writeFileSync(found, 'something else')
  await expect(findRollbackInstaller(kept, '1.0.0', keys)).rejects.toThrow(
    'not the one that was signed'
  )
  await expect(findRollbackInstaller(kept, '0.8.0', keys)).rejects.toThrow('ENOENT')
  await expect(rollBackVersion(way({ kind: 'squirrel' }))).rejects.toThrow('IT installs')
})

it('knows how it was installed', () => {
  const of = (changes: object) =>
    installationOf({
      platform: 'linux',
      execPath: '/opt/heard/versions/1.0.0/heard',
      appImage: undefined,
      packageType: null,
      programFolders: ['C:\\Program Files', '', 'C:\\Program Files (x86)'],
      ...changes
    })
  expect(of({})).toEqual({ kind: 'archive', mayInstall: 'yes' })
  expect(of({ appImage: '/home/kiosk/Heard.AppImage' })).toEqual({
    kind: 'appimage',
    mayInstall: 'yes'
  })
  expect(of({ appImage: 'Heard.AppImage', execPath: '/tmp/heard' })).toEqual({ kind: null })
  expect(of({ packageType: 'deb', execPath: '/opt/Heard/heard' })).toEqual({
    kind: 'deb',
    mayInstall: 'if_told'
  })
  expect(of({ execPath: '/home/x/dist/linux-unpacked/heard' })).toEqual({ kind: null })
  const windows = { platform: 'win32' }
  expect(of({ ...windows, execPath: 'c:\\program files\\Heard\\Heard.exe' })).toEqual({
    kind: 'nsis',
    mayInstall: 'never'
  })
  expect(
    of({ ...windows, execPath: 'C:\\Users\\kiosk\\AppData\\Local\\Programs\\heard\\Heard.exe' })
  ).toEqual({ kind: 'nsis', mayInstall: 'yes' })
})

describe('what IT says', () => {
  const read = (variables: Record<string, string>) => {
    const problems: string[] = []
    return { policy: readUpdatePolicy(variables, problems), problems }
  }

  it('is nothing at first: each kiosk as it was installed, in the small hours', () => {
    expect(read({})).toEqual({ policy: DEFAULT_UPDATE_POLICY, problems: [] })
  })

  it('is read whole', () => {
    const { policy, problems } = read({
      HEARD_UPDATES: 'report',
      HEARD_UPDATE_CHANNEL: 'beta',
      HEARD_UPDATE_FEED: 'https://updates.example.com/heard/',
      HEARD_UPDATE_WINDOW: '23:30-01:30',
      HEARD_UPDATE_TIME_ZONE: 'America/Chicago',
      HEARD_UPDATE_IDLE_SECONDS: '900',
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
    ['HEARD_UPDATE_CHECK_SECONDS', '5.5']
  ])('is refused with a sentence that names it: %s=%s', (name, value) => {
    const { problems } = read({ [name]: value })
    expect(problems).toHaveLength(1)
    expect(problems[0]).toContain(name)
  })
})

it('remembers whole or not at all, and sets aside what it cannot read', () => {
  const clock = createFakeClock()
  const path = join(folder, 'updates', 'memory.json')
  const file = createUpdateStateFile(path, clock)
  const memory = {
    ...initialUpdateState('5f1f3a1c-52a2-4f0e-9a53-0b5e6f1f2d11'),
    knownBad: ['1.1.0']
  }
  expect(file.read()).toMatchObject({ lost: null, memory: { knownBad: [] } })
  file.write(memory)
  expect(file.read()).toEqual({ lost: null, memory })
  for (const text of ['', '{"format":1', '{"format":2}', JSON.stringify({ ...memory, more: 1 })]) {
    writeFileSync(path, text)
    expect(file.read().lost).toContain('not a valid update state file')
    expect(existsSync(path)).toBe(false)
  }
  expect(
    readdirSync(join(folder, 'updates')).every((name) => name.startsWith('memory.json.2026'))
  ).toBe(true)
})
