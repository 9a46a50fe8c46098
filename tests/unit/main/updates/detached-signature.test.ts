// Verifies the detached signature of an AppImage and a deb over the downloaded bytes, which Linux does not check.
import {
  chmodSync,
  existsSync,
  globSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync
} from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createSigningKey } from '../../../../build/update-keys.ts'
import type { Release } from '../../../../src/main/updates/evaluate-release.ts'
import { parseFeed } from '../../../../src/main/updates/feed-document.ts'
import { createReleaseInstaller } from '../../../../src/main/updates/release-installer.ts'
import { ROLLBACK_INSTALLERS_FOLDER } from '../../../../src/main/updates/rollback-installers.ts'
import { readTrustedKeys } from '../../../../src/main/updates/signature.ts'
import { eventually } from '../../../eventually.ts'
import { temporaryFolder } from '../../temporary-folder.ts'
import { FEED_FILE, type FeedHost, startFeedHost } from './feed-host.ts'
import { installerPorts } from './installer-ports.ts'

const RUNNING = 'the running version'
const NEXT = 'the next version'

let host: FeedHost
const folder = temporaryFolder()
let data = ''
let running = ''
beforeEach(async () => {
  host = await startFeedHost(() => Date.now())
  data = join(folder.path, 'data')
  mkdirSync(data)
  running = folder.write('Heard.AppImage', RUNNING)
})
afterEach(async () => {
  delete process.env.APPIMAGE
  await host.close()
})

const stored = (name: string) => join(data, ROLLBACK_INSTALLERS_FOLDER, '1.1.0', name)
const publish = async (name: string, content: string, signer = host.key): Promise<Release> => {
  await host.publish('1.1.0', { artifacts: [folder.write(name, content)] }, signer)
  const feed = parseFeed(readFileSync(join(host.folder, FEED_FILE), 'utf8'))
  const [artifact] = feed?.files ?? []
  if (artifact === undefined) throw new Error('no file in the feed')
  return { version: '1.1.0', artifact, isRequired: false }
}
const prepareWith = async (kind: 'appimage' | 'deb' | 'nsis', release: Release) => {
  // electron-updater refuses to update an AppImage without this variable.
  if (kind === 'appimage') process.env.APPIMAGE = running
  const installer = createReleaseInstaller(
    installerPorts(data, {
      kind,
      address: { baseUrl: host.url, redirectHosts: [] },
      keys: readTrustedKeys([host.key.public]),
      execPath: running,
      appImage: running,
      packedConfig: 'publisherName:\n  - CN=A, O=A, C=US\n'
    })
  )
  return { installer, outcome: await installer.prepare(release, new AbortController().signal) }
}

describe.each([
  ['appimage', 'heard-1.1.0-linux-x64.AppImage'],
  ['deb', 'heard-1.1.0-linux-x64.deb'],
  ['nsis', 'heard-1.1.0-win-x64.exe']
] as const)('the signature of a release (%s)', (kind, name) => {
  const prepared = () => (kind === 'appimage' ? `${running}.next` : stored(name))
  const expectRefusal = async (release: Release, code: string) => {
    expect((await prepareWith(kind, release)).outcome).toMatchObject({ problem: { code } })
    expect(readFileSync(running, 'utf8')).toBe(RUNNING)
    expect(existsSync(prepared())).toBe(false)
    expect(existsSync(join(data, ROLLBACK_INSTALLERS_FOLDER))).toBe(false)
  }

  it('accepts the bytes that were signed', async () => {
    const { outcome } = await prepareWith(kind, await publish(name, NEXT))
    expect(outcome).toMatchObject({ ok: true })
    expect(readFileSync(prepared(), 'utf8')).toBe(NEXT)
    expect(readFileSync(running, 'utf8')).toBe(RUNNING)
  })

  it('refuses another key before the download', async () => {
    const other = createSigningKey('test', join(folder.path, 'other.pem'))
    const release = await publish(name, NEXT, other)
    await expectRefusal(release, 'artifact_not_signed')
    expect(host.asked).toEqual([`/${name}.sig`])
  })

  it('refuses an absent signature', async () => {
    const release = await publish(name, NEXT)
    rmSync(join(host.folder, `${name}.sig`))
    await expectRefusal(release, 'artifact_not_signed')
  })

  it('refuses bytes that were changed after signing', async () => {
    const release = await publish(name, NEXT)
    writeFileSync(join(host.folder, name), 'the worst version')
    await expectRefusal(release, 'download_corrupt')
  })
})

describe('a stored NSIS installer', () => {
  const name = 'heard-1.1.0-win-x64.exe'
  const marker = () => join(folder.path, 'arguments')

  /** A release whose installer writes its arguments to the marker; prepared with electron-updater's own NsisUpdater. */
  const prepared = async () => {
    const script = `#!/bin/sh\necho "$@" > '${marker()}.next'; mv '${marker()}.next' '${marker()}'\n`
    const { installer, outcome } = await prepareWith('nsis', await publish(name, script))
    expect(outcome).toEqual({ ok: true, value: null })
    // Windows has no such bit.
    chmodSync(stored(name), 0o755)
    return installer
  }

  it('is started, silently and to run the new version, when the download is gone', async () => {
    const installer = await prepared()
    expect(globSync(join(data, 'library', '**', '*.exe'))).toEqual([])
    expect(await installer.install()).toEqual({ ok: true, value: null })
    await eventually(() =>
      expect(readFileSync(marker(), 'utf8')).toBe('--updated /S --force-run\n')
    )
  })

  it.each([
    ['is absent', (path: string) => rmSync(path), 'no stored installer'],
    ['was replaced', (path: string) => writeFileSync(path, 'x'), 'not the one that was signed'],
    ['cannot be started', (path: string) => chmodSync(path, 0o644), 'EACCES']
  ])('fails with a reason when it %s', async (_case, change, reason) => {
    const installer = await prepared()
    change(stored(name))
    expect(await installer.install()).toMatchObject({
      ok: false,
      problem: { code: 'install_failed', message: expect.stringContaining(reason) }
    })
    expect(existsSync(marker())).toBe(false)
  })
})
