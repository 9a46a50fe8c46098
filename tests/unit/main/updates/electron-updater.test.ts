// What electron-updater does unless it is told otherwise, shown on the library itself, and that ours is told.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AppImageUpdater, NsisUpdater } from 'electron-updater'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  type AppAdapter,
  createElectronUpdater,
  offerReleaseToUpdater
} from '../../../../src/main/updates/electron-updater.ts'
import type { Release } from '../../../../src/main/updates/evaluate-release.ts'
import { FeedHttpExecutor } from '../../../../src/main/updates/feed-http-executor.ts'
import type { PackageKind } from '../../../../src/main/updates/package-kind.ts'
import { isDistinguishedName, publisherNames } from '../../../../src/main/updates/publisher.ts'
import { createReleaseInstaller } from '../../../../src/main/updates/release-installer.ts'
import { createRecordingLog } from '../recording-log.ts'

const address = { baseUrl: 'http://127.0.0.1:9/', redirectHosts: [] }
const release = (version: string, name: string): Release => ({
  version,
  artifact: { url: name, sha512: `${'A'.repeat(86)}==`, size: 100 },
  isRequired: false
})

let folder = ''
let quits: ((code: number) => void)[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'heard-traps-'))
  quits = []
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const adapter = (): AppAdapter => ({
  version: '1.0.0',
  name: 'Heard',
  isPackaged: true,
  appUpdateConfigPath: join(folder, 'app-update.yml'),
  userDataPath: folder,
  baseCachePath: folder,
  whenReady: async () => {},
  relaunch: () => {},
  quit: () => {},
  onQuit: (handler) => void quits.push(handler)
})
const ours = (kind: PackageKind) =>
  createElectronUpdater(kind, adapter(), new FeedHttpExecutor(address), createRecordingLog())
const KINDS = ['archive', 'appimage', 'deb', 'nsis'] as const

describe('downgrades', () => {
  it('are allowed by electron-updater as soon as it is given a channel: ours never is', () => {
    const theirs = new AppImageUpdater(undefined, adapter())
    expect(theirs.allowDowngrade).toBe(false)
    theirs.channel = 'stable'
    expect(theirs.allowDowngrade).toBe(true)
    for (const kind of KINDS) {
      expect([kind, ours(kind).channel, ours(kind).allowDowngrade]).toEqual([kind, null, false])
    }
  })

  it('are allowed by it on the same channel too, whatever its documentation says: ours refuses', async () => {
    process.env.APPIMAGE = join(folder, 'Heard.AppImage')
    const allowed = ours('appimage')
    allowed.allowDowngrade = true
    offerReleaseToUpdater(allowed, address, release('0.9.0', 'heard-0.9.0-linux-x64.AppImage'))
    expect((await allowed.checkForUpdates())?.isUpdateAvailable).toBe(true)
    const refusing = ours('appimage')
    offerReleaseToUpdater(refusing, address, release('0.9.0', 'heard-0.9.0-linux-x64.AppImage'))
    expect((await refusing.checkForUpdates())?.isUpdateAvailable).toBe(false)
    delete process.env.APPIMAGE
  })
})

it('never downloads or installs by itself, least of all when the kiosk quits', () => {
  for (const kind of KINDS) {
    const { autoDownload, autoInstallOnAppQuit, disableWebInstaller } = ours(kind)
    expect({ autoDownload, autoInstallOnAppQuit, disableWebInstaller }).toEqual({
      autoDownload: false,
      autoInstallOnAppQuit: false,
      disableWebInstaller: true
    })
  }
  expect(quits).toEqual([])
})

describe('an installer whose publisher nobody named', () => {
  const verify = (library: NsisUpdater): Promise<string | null> =>
    Reflect.get(library, 'verifySignature').call(library, join(folder, 'x.exe'))

  it('is not checked at all by electron-updater', async () => {
    writeFileSync(join(folder, 'app-update.yml'), 'provider: generic\nurl: https://x.example\n')
    const theirs = new NsisUpdater(null, adapter())
    let asked = 0
    theirs.verifyUpdateCodeSignature = async () => {
      asked += 1
      return 'not signed by us'
    }
    expect(await verify(theirs)).toBe(null)
    expect(asked).toBe(0)
    writeFileSync(
      join(folder, 'app-update.yml'),
      'publisherName:\n  - "CN=Heard Inc., O=Heard Inc., C=US"\n'
    )
    const named = new NsisUpdater(null, adapter())
    named.verifyUpdateCodeSignature = async (names) => names.join()
    expect(await verify(named)).toBe('CN=Heard Inc., O=Heard Inc., C=US')
  })

  it.each([null, '', 'provider: generic\n', 'publisherName: []\n', 'publisherName:\nurl: x\n'])(
    'is not even downloaded here (%j)',
    async (packedConfig) => {
      let fetched = 0
      const updater = createReleaseInstaller({
        kind: 'nsis',
        address,
        keys: new Map(),
        app: adapter(),
        fetch: async () => {
          fetched += 1
          return new Response()
        },
        timeout: () => new AbortController().signal,
        log: createRecordingLog(),
        folder,
        runningVersion: '1.0.0',
        execPath: 'C:\\heard\\heard.exe',
        appImage: undefined,
        packedConfig,
        relaunch: () => {},
        quit: () => {}
      })
      const outcome = await updater.prepare(
        release('1.1.0', 'heard-1.1.0-win-x64.exe'),
        new AbortController().signal
      )
      expect(outcome).toMatchObject({ ok: false, problem: { code: 'publisher_missing' } })
      expect(fetched).toBe(0)
    }
  )
})

it('reads publishers as electron-builder writes them, and knows a whole name from half of one', () => {
  expect(
    publisherNames('publisherName:\n  - CN=A, O=A, C=US\n  - "CN=B, O=B, C=US"\nurl: x\n')
  ).toEqual(['CN=A, O=A, C=US', 'CN=B, O=B, C=US'])
  expect(publisherNames("provider: s3\npublisherName: 'CN=A'\n")).toEqual(['CN=A'])
  expect(isDistinguishedName('CN=Heard Inc., O=Heard Inc., L=Austin, S=Texas, C=US')).toBe(true)
  expect(isDistinguishedName('CN=Heard Inc.')).toBe(false)
  expect(isDistinguishedName('Heard Inc.')).toBe(false)
})
