// What Linux itself never looks at: the detached signature of an AppImage and of a deb, verified by the kiosk over what
// has arrived, before anything of it is put anywhere. electron-updater downloads, from a feed on loopback.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createSigningKey } from '../../../../build/update-keys.ts'
import type { Release } from '../../../../src/main/updates/evaluate-release.ts'
import { parseFeed } from '../../../../src/main/updates/feed-document.ts'
import {
  createReleaseInstaller,
  type ReleaseInstaller
} from '../../../../src/main/updates/release-installer.ts'
import { ROLLBACK_INSTALLERS_FOLDER } from '../../../../src/main/updates/rollback-installers.ts'
import { readTrustedKeys } from '../../../../src/main/updates/signature.ts'
import { createRecordingLog } from '../recording-log.ts'
import { FEED_FILE, type FeedHost, startFeedHost } from './feed-host.ts'

const RUNNING = 'the version that runs'
const NEXT = 'the next version'
const NAMES = { appimage: 'heard-1.1.0-linux-x64.AppImage', deb: 'heard-1.1.0-linux-x64.deb' }

let host: FeedHost
let folder = ''
let running = ''
beforeEach(async () => {
  host = await startFeedHost(() => Date.now())
  folder = mkdtempSync(join(tmpdir(), 'heard-detached-'))
  running = join(folder, 'Heard.AppImage')
  writeFileSync(running, RUNNING, { mode: 0o755 })
})
afterEach(async () => {
  delete process.env.APPIMAGE
  rmSync(folder, { recursive: true, force: true })
  await host.close()
})

describe.each(['appimage', 'deb'] as const)('the signature of a release (%s)', (kind) => {
  const name = NAMES[kind]
  /** What would be installed, once it is ready: beside the AppImage, or among the kept installers. */
  const placed = () =>
    kind === 'appimage'
      ? [`${running}.next`]
      : [
          join(folder, 'data', ROLLBACK_INSTALLERS_FOLDER, '1.1.0', name),
          join(folder, 'data', ROLLBACK_INSTALLERS_FOLDER)
        ]

  const publish = async (signer = host.key): Promise<Release> => {
    const artifact = join(folder, name)
    writeFileSync(artifact, NEXT)
    await host.publish('1.1.0', { artifacts: [artifact] }, signer)
    const feed = parseFeed(readFileSync(join(host.folder, FEED_FILE), 'utf8'))
    const [file] = feed?.files ?? []
    if (file === undefined) throw new Error('no file in the feed')
    return { version: '1.1.0', artifact: file, isRequired: false }
  }
  const updater = (): ReleaseInstaller => {
    const data = join(folder, 'data')
    mkdirSync(data, { recursive: true })
    const config = join(data, 'library.yml')
    writeFileSync(config, JSON.stringify({ updaterCacheDirName: 'library' }))
    // electron-updater takes no kiosk for an AppImage that was not started as one.
    if (kind === 'appimage') process.env.APPIMAGE = running
    return createReleaseInstaller({
      kind,
      address: { baseUrl: host.url, redirectHosts: [] },
      keys: readTrustedKeys([host.key.public]),
      app: {
        version: '1.0.0',
        name: 'Heard',
        isPackaged: true,
        appUpdateConfigPath: config,
        userDataPath: data,
        baseCachePath: data,
        whenReady: async () => {},
        relaunch: () => {},
        quit: () => {},
        onQuit: () => {}
      },
      fetch,
      timeout: () => new AbortController().signal,
      log: createRecordingLog(),
      folder: data,
      runningVersion: '1.0.0',
      execPath: running,
      appImage: running,
      packedConfig: null,
      relaunch: () => {},
      quit: () => {}
    })
  }
  const prepare = (release: Release) => updater().prepare(release, new AbortController().signal)
  const nothingWasPlaced = () => {
    expect(readFileSync(running, 'utf8')).toBe(RUNNING)
    expect(placed().filter((path) => existsSync(path))).toEqual([])
  }

  it('lets in what it was made over', async () => {
    expect(await prepare(await publish())).toMatchObject({ ok: true })
    expect(readFileSync(placed()[0] ?? '', 'utf8')).toBe(NEXT)
    expect(readFileSync(running, 'utf8')).toBe(RUNNING)
  })

  it('keeps out what another key signed', async () => {
    const release = await publish(createSigningKey('test', join(folder, 'other.pem')))
    expect(await prepare(release)).toMatchObject({ problem: { code: 'artifact_not_signed' } })
    expect(host.asked).toEqual([`/${name}.sig`])
    nothingWasPlaced()
  })

  it('keeps out what has none', async () => {
    const release = await publish()
    rmSync(join(host.folder, `${name}.sig`))
    expect(await prepare(release)).toMatchObject({ problem: { code: 'artifact_not_signed' } })
    nothingWasPlaced()
  })

  it('keeps out what was changed after it was made', async () => {
    const release = await publish()
    writeFileSync(join(host.folder, name), 'the worst version')
    expect(await prepare(release)).toMatchObject({ problem: { code: 'download_corrupt' } })
    nothingWasPlaced()
  })
})
