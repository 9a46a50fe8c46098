// Shows electron-updater's unsafe defaults on the library itself, and that the kiosk's configuration avoids them.
import { join } from 'node:path'
import { AppImageUpdater, NsisUpdater } from 'electron-updater'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  createElectronUpdater,
  offerReleaseToUpdater
} from '../../../../src/main/updates/electron-updater.ts'
import type { Release } from '../../../../src/main/updates/evaluate-release.ts'
import { FeedHttpExecutor } from '../../../../src/main/updates/feed-http-executor.ts'
import type { PackageKind } from '../../../../src/main/updates/package-kind.ts'
import { isDistinguishedName, publisherNames } from '../../../../src/main/updates/publisher.ts'
import { createReleaseInstaller } from '../../../../src/main/updates/release-installer.ts'
import { temporaryFolder } from '../../temporary-folder.ts'
import { createRecordingLog } from '../recording-log.ts'
import { appAdapter, installerPorts } from './installer-ports.ts'

const address = { baseUrl: 'http://127.0.0.1:9/', redirectHosts: [] }
const release = (version: string, name: string): Release => ({
  version,
  artifact: { url: name, sha512: `${'A'.repeat(86)}==`, size: 100 },
  isRequired: false
})

const folder = temporaryFolder()
let quitHandlers: ((code: number) => void)[] = []
beforeEach(() => {
  quitHandlers = []
})
afterEach(() => {
  delete process.env.APPIMAGE
})

const adapter = () =>
  appAdapter(folder.path, { onQuit: (handler) => void quitHandlers.push(handler) })
const configured = (kind: PackageKind) =>
  createElectronUpdater(kind, adapter(), new FeedHttpExecutor(address, fetch), createRecordingLog())
const KINDS = ['archive', 'appimage', 'deb', 'nsis'] as const

describe('downgrades', () => {
  it('are allowed by electron-updater once it has a channel, which it never gets here', () => {
    const library = new AppImageUpdater(undefined, adapter())
    expect(library.allowDowngrade).toBe(false)
    library.channel = 'stable'
    expect(library.allowDowngrade).toBe(true)
    for (const kind of KINDS) {
      const { channel, allowDowngrade } = configured(kind)
      expect([kind, channel, allowDowngrade]).toEqual([kind, null, false])
    }
  })

  it.each([true, false])('are offered on the same channel when allowed is %s', async (allowed) => {
    process.env.APPIMAGE = join(folder.path, 'Heard.AppImage')
    const library = configured('appimage')
    if (allowed) library.allowDowngrade = true
    offerReleaseToUpdater(library, address, release('0.9.0', 'heard-0.9.0-linux-x64.AppImage'))
    expect((await library.checkForUpdates())?.isUpdateAvailable).toBe(allowed)
  })
})

it('never downloads or installs by itself, nor when the kiosk quits', () => {
  for (const kind of KINDS) {
    expect(configured(kind)).toMatchObject({
      autoDownload: false,
      autoInstallOnAppQuit: false,
      disableWebInstaller: true
    })
  }
  expect(quitHandlers).toEqual([])
})

describe('an installer without a publisher name', () => {
  it('is not checked by electron-updater', async () => {
    const verify = async (yml: string): Promise<[string | null, number]> => {
      const appUpdateConfigPath = folder.write('app-update.yml', yml)
      const library = new NsisUpdater(null, { ...adapter(), appUpdateConfigPath })
      let checks = 0
      library.verifyUpdateCodeSignature = async (names) => {
        checks += 1
        return names.join()
      }
      const verifySignature = Reflect.get(library, 'verifySignature')
      return [await verifySignature.call(library, join(folder.path, 'x.exe')), checks]
    }
    expect(await verify('provider: generic\nurl: https://x.example\n')).toEqual([null, 0])
    const name = 'CN=Heard Inc., O=Heard Inc., C=US'
    expect(await verify(`publisherName:\n  - "${name}"\n`)).toEqual([name, 1])
  })

  it.each([null, '', 'provider: generic\n', 'publisherName: []\n', 'publisherName:\nurl: x\n'])(
    'is not downloaded here (%j)',
    async (packedConfig) => {
      let fetched = 0
      const ports = installerPorts(folder.path, {
        kind: 'nsis',
        address,
        keys: new Map(),
        fetch: async () => {
          fetched += 1
          return new Response()
        },
        packedConfig
      })
      const outcome = await createReleaseInstaller(ports).prepare(
        release('1.1.0', 'heard-1.1.0-win-x64.exe'),
        new AbortController().signal
      )
      expect(outcome).toMatchObject({ ok: false, problem: { code: 'publisher_missing' } })
      expect(fetched).toBe(0)
    }
  )
})

it.each([
  [
    'publisherName:\n  - CN=A, O=A, C=US\n  - "CN=B, O=B, C=US"\nurl: x\n',
    ['CN=A, O=A, C=US', 'CN=B, O=B, C=US']
  ],
  ["provider: s3\npublisherName: 'CN=A'\n", ['CN=A']]
])('reads the publisher names of electron-builder’s %j', (yml, names) => {
  expect(publisherNames(yml)).toEqual(names)
})

it.each([
  ['CN=Heard Inc., O=Heard Inc., L=Austin, S=Texas, C=US', true],
  ['CN=Heard Inc.', false],
  ['Heard Inc.', false]
])('recognises %j as a distinguished name: %s', (name, expected) => {
  expect(isDistinguishedName(name)).toBe(expected)
})
