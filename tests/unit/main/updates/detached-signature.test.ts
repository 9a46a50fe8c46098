// Verifies the detached signature of an AppImage and a deb over the downloaded bytes, which Linux does not check.
import {
  chmodSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createSigningKey } from '../../../../build/update-keys.ts'
import type { Release } from '../../../../src/main/updates/evaluate-release.ts'
import { parseFeed } from '../../../../src/main/updates/feed-document.ts'
import { createReleaseInstaller } from '../../../../src/main/updates/release-installer.ts'
import { ROLLBACK_INSTALLERS_FOLDER } from '../../../../src/main/updates/rollback-installers.ts'
import { readTrustedKeys } from '../../../../src/main/updates/signature.ts'
import { eventually } from '../../../eventually.ts'
import { FEED_FILE, type FeedHost, startFeedHost } from './feed-host.ts'
import { installerPorts } from './installer-ports.ts'

const RUNNING = 'the running version'
const NEXT = 'the next version'

let host: FeedHost
let folder = ''
let running = ''
beforeEach(async () => {
  host = await startFeedHost(() => Date.now())
  folder = mkdtempSync(join(tmpdir(), 'heard-detached-'))
  mkdirSync(join(folder, 'data'))
  running = join(folder, 'Heard.AppImage')
  writeFileSync(running, RUNNING, { mode: 0o755 })
})
afterEach(async () => {
  delete process.env.APPIMAGE
  rmSync(folder, { recursive: true, force: true })
  await host.close()
})

describe.each([
  ['appimage', 'heard-1.1.0-linux-x64.AppImage'],
  ['deb', 'heard-1.1.0-linux-x64.deb'],
  ['nsis', 'heard-1.1.0-win-x64.exe']
] as const)('the signature of a release (%s)', (kind, name) => {
  const prepared = () =>
    kind === 'appimage'
      ? `${running}.next`
      : join(folder, 'data', ROLLBACK_INSTALLERS_FOLDER, '1.1.0', name)

  const publish = async (signer = host.key): Promise<Release> => {
    const artifact = join(folder, name)
    writeFileSync(artifact, NEXT)
    await host.publish('1.1.0', { artifacts: [artifact] }, signer)
    const feed = parseFeed(readFileSync(join(host.folder, FEED_FILE), 'utf8'))
    const [file] = feed?.files ?? []
    if (file === undefined) throw new Error('no file in the feed')
    return { version: '1.1.0', artifact: file, isRequired: false }
  }
  const installerOf = () => {
    // electron-updater refuses to update an AppImage without this variable.
    if (kind === 'appimage') process.env.APPIMAGE = running
    const ports = installerPorts(join(folder, 'data'), {
      kind,
      address: { baseUrl: host.url, redirectHosts: [] },
      keys: readTrustedKeys([host.key.public]),
      execPath: running,
      appImage: running,
      packedConfig: 'publisherName:\n  - CN=A, O=A, C=US\n'
    })
    return createReleaseInstaller(ports)
  }
  const prepare = (release: Release) => installerOf().prepare(release, new AbortController().signal)
  const expectRefusal = async (release: Release, code: string) => {
    expect(await prepare(release)).toMatchObject({ problem: { code } })
    expect(readFileSync(running, 'utf8')).toBe(RUNNING)
    expect(existsSync(prepared())).toBe(false)
    expect(existsSync(join(folder, 'data', ROLLBACK_INSTALLERS_FOLDER))).toBe(false)
  }

  it('accepts the bytes that were signed', async () => {
    expect(await prepare(await publish())).toMatchObject({ ok: true })
    expect(readFileSync(prepared(), 'utf8')).toBe(NEXT)
    expect(readFileSync(running, 'utf8')).toBe(RUNNING)
  })

  it('refuses another key before the download', async () => {
    const release = await publish(createSigningKey('test', join(folder, 'other.pem')))
    await expectRefusal(release, 'artifact_not_signed')
    expect(host.asked).toEqual([`/${name}.sig`])
  })

  it('refuses an absent signature', async () => {
    const release = await publish()
    rmSync(join(host.folder, `${name}.sig`))
    await expectRefusal(release, 'artifact_not_signed')
  })

  it('refuses bytes that were changed after signing', async () => {
    const release = await publish()
    writeFileSync(join(host.folder, name), 'the worst version')
    await expectRefusal(release, 'download_corrupt')
  })
})

describe('a stored NSIS installer', () => {
  const name = 'heard-1.1.0-win-x64.exe'
  const marker = () => join(folder, 'arguments')
  const stored = () => join(folder, 'data', ROLLBACK_INSTALLERS_FOLDER, '1.1.0', name)

  /** A release whose installer writes its arguments to the marker; prepared with electron-updater's own NsisUpdater. */
  const prepared = async () => {
    const artifact = join(folder, name)
    writeFileSync(
      artifact,
      `#!/bin/sh\necho "$@" > '${marker()}.next'; mv '${marker()}.next' '${marker()}'\n`
    )
    await host.publish('1.1.0', { artifacts: [artifact] })
    const [file] = parseFeed(readFileSync(join(host.folder, FEED_FILE), 'utf8'))?.files ?? []
    if (file === undefined) throw new Error('no file in the feed')
    const installer = createReleaseInstaller(
      installerPorts(join(folder, 'data'), {
        kind: 'nsis',
        address: { baseUrl: host.url, redirectHosts: [] },
        keys: readTrustedKeys([host.key.public]),
        packedConfig: 'publisherName:\n  - CN=A, O=A, C=US\n'
      })
    )
    const outcome = await installer.prepare(
      { version: '1.1.0', artifact: file, isRequired: false },
      new AbortController().signal
    )
    expect(outcome).toEqual({ ok: true, value: null })
    // Windows has no such bit.
    chmodSync(stored(), 0o755)
    return installer
  }

  it('is started, silently and to run the new version, when the download is gone', async () => {
    const installer = await prepared()
    expect(globSync(join(folder, 'data', 'library', '**', '*.exe'))).toEqual([])
    expect(await installer.install()).toEqual({ ok: true, value: null })
    await eventually(() =>
      expect(readFileSync(marker(), 'utf8')).toBe('--updated /S --force-run\n')
    )
  })

  it.each([
    ['is absent', () => rmSync(stored()), 'no stored installer'],
    [
      'was replaced',
      () => writeFileSync(stored(), 'another program'),
      'not the one that was signed'
    ],
    ['cannot be started', () => chmodSync(stored(), 0o644), 'EACCES']
  ])('fails with a reason when it %s', async (_case, change, reason) => {
    const installer = await prepared()
    change()
    expect(await installer.install()).toMatchObject({
      ok: false,
      problem: { code: 'install_failed', message: expect.stringContaining(reason) }
    })
    expect(existsSync(marker())).toBe(false)
  })
})
