// Checks the packaging configuration against electron-builder's schema and against unsafe defaults.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import {
  electronBuilderConfig,
  type PackagingOptions
} from '../../build/electron-builder-config.ts'
import { chooseDistribution } from '../../build/electron-distribution.ts'
import { assertPublisher } from '../../build/release.ts'
import { readWindowsSigning } from '../../build/windows-signing.ts'
import { fromProject, PROJECT_DIR } from '../../dev/paths.ts'

const PUBLISHER = 'CN=Heard Inc., O=Heard Inc., L=Austin, S=Texas, C=US'

const azure = {
  kind: 'azure',
  publisherName: PUBLISHER,
  endpoint: 'https://eus.codesigning.azure.net',
  account: 'heard',
  profile: 'kiosk'
} as const
const certificate = { kind: 'certificate', publisherName: PUBLISHER, sha1: 'a'.repeat(40) } as const

const plan = (changes: Partial<PackagingOptions> = {}): PackagingOptions => ({
  flavour: 'release',
  electron: { version: '45.3.4', distFolder: null },
  outFolder: 'dist/release',
  windowsSigning: azure,
  publish: [{ provider: 'generic', url: 'https://updates.example.com/heard' }],
  updates: null,
  afterPack: async () => {},
  ...changes
})

/** electron-builder's validation, which it does not export. */
type Validate = (configuration: object, debugLogger: object) => Promise<void>
let validate: Validate
let debugLogger: object

beforeAll(() => {
  const require = createRequire(import.meta.url)
  const folder = dirname(require.resolve('app-builder-lib/package.json'))
  validate = require(join(folder, 'out/util/config/config.js')).validateConfiguration
  debugLogger = new (require('builder-util').DebugLogger)(false)
})

it.each([
  ['signed by Azure', plan()],
  ['signed with a certificate', plan({ windowsSigning: certificate })],
  ['of the checks', plan({ flavour: 'checks', windowsSigning: null, publish: null })],
  ['with a feed in S3', plan({ publish: [{ provider: 's3', bucket: 'heard', acl: null }] })],
  ['with a feed at GitHub', plan({ publish: [{ provider: 'github', owner: 'a', repo: 'b' }] })]
])('passes the validation of electron-builder, %s', async (_what, given) => {
  await expect(validate(electronBuilderConfig(given), debugLogger)).resolves.toBeUndefined()
})

it('fails the validation with a misspelt option', async () => {
  const wrong = { ...electronBuilderConfig(plan()), nsis: { oneclick: true } }
  await expect(validate(wrong, debugLogger)).rejects.toThrow(/configuration\.nsis/)
})

it.each([azure, certificate])('names the publisher in full ($kind)', (windowsSigning) => {
  const { win } = electronBuilderConfig(plan({ windowsSigning }))
  const names = win?.azureSignOptions?.publisherName ?? win?.signtoolOptions?.publisherName
  expect([names].flat()).toEqual([PUBLISHER])
  expect(win?.verifyUpdateCodeSignature).toBe(true)
})

/** The `app-update.yml` that electron-builder's code writes into a Windows package. */
const appUpdateYml = async (given: PackagingOptions): Promise<string> => {
  const require = createRequire(import.meta.url)
  const builder = require('app-builder-lib')
  const folder = dirname(require.resolve('app-builder-lib/package.json'))
  const { AppInfo } = require(join(folder, 'out/appInfo.js'))
  const { getAppUpdatePublishConfiguration } = require(
    join(folder, 'out/publish/PublishManager.js')
  )
  const packager = new builder.Packager({
    projectDir: PROJECT_DIR,
    config: electronBuilderConfig(given)
  })
  await packager.validateConfig()
  // As in `build()`.
  packager._appInfo = new AppInfo(packager, null)
  const windows = await packager.createHelper(builder.Platform.WINDOWS)
  const written = await getAppUpdatePublishConfiguration(windows, null, builder.Arch.x64, false)
  return require('builder-util').serializeToYaml(written)
}

it('refuses a release whose packed app-update.yml does not name the whole publisher', async () => {
  const unpacked = mkdtempSync(join(tmpdir(), 'heard-publisher-'))
  mkdirSync(join(unpacked, 'resources'))
  const asserted = (yml: string) => {
    writeFileSync(join(unpacked, 'resources', 'app-update.yml'), yml)
    return assertPublisher(unpacked)
  }
  const yml = await appUpdateYml(plan({ windowsSigning: certificate }))
  expect(yml).toContain(PUBLISHER)
  await expect(asserted(yml)).resolves.toBeUndefined()
  await expect(asserted(yml.replace(PUBLISHER, 'Heard Inc.'))).rejects.toThrow(
    /names Heard Inc\.: it needs the whole distinguished name/
  )
  const withoutPublisher = await appUpdateYml(plan({ windowsSigning: null }))
  await expect(asserted(withoutPublisher)).rejects.toThrow(/names no publisher/)
  rmSync(unpacked, { recursive: true })
})

it('signs, sandboxes and installs releases without elevation', () => {
  expect(electronBuilderConfig(plan())).toMatchObject({
    forceCodeSigning: true,
    mac: {
      hardenedRuntime: true,
      notarize: true,
      // Squirrel.Mac updates from the zip.
      target: [{ target: 'dmg' }, { target: 'zip' }]
    },
    win: { requestedExecutionLevel: 'asInvoker' },
    nsis: { oneClick: true, perMachine: false, allowElevation: false },
    msi: { perMachine: true, upgradeCode: expect.stringMatching(/^[0-9A-F-]{36}$/) },
    // electron-builder's default is --no-sandbox.
    appImage: { executableArgs: [] }
  })
  expect(electronBuilderConfig(plan()).extraMetadata).toEqual({})
  const checks = electronBuilderConfig(plan({ flavour: 'checks' }))
  expect(checks.extraMetadata).toEqual({ heardFlavour: 'checks' })
  expect(checks.forceCodeSigning).toBe(false)
})

it('entitles macOS to the microphone and nothing else', () => {
  const { mac } = electronBuilderConfig(plan())
  expect(Object.keys(mac?.extendInfo ?? {})).toEqual(['NSMicrophoneUsageDescription'])
  const entitlements = readFileSync(fromProject(mac?.entitlements ?? ''), 'utf8')
  expect([...entitlements.matchAll(/<key>(.*?)<\/key>/g)].map((match) => match[1])).toEqual([
    'com.apple.security.cs.allow-jit',
    'com.apple.security.device.audio-input'
  ])
})

it('reads the signing identity from the environment, and refuses an incomplete one', () => {
  const azureVariables = {
    HEARD_PUBLISHER_NAME: PUBLISHER,
    HEARD_AZURE_ENDPOINT: azure.endpoint,
    HEARD_AZURE_ACCOUNT: azure.account,
    HEARD_AZURE_PROFILE: azure.profile
  }
  expect(readWindowsSigning({})).toBeNull()
  expect(readWindowsSigning(azureVariables)).toEqual(azure)
  expect(
    readWindowsSigning({
      HEARD_PUBLISHER_NAME: PUBLISHER,
      HEARD_CERTIFICATE_SHA1: certificate.sha1
    })
  ).toEqual(certificate)
  expect(() =>
    readWindowsSigning({ ...azureVariables, HEARD_PUBLISHER_NAME: 'Heard Inc.' })
  ).toThrow(/HEARD_PUBLISHER_NAME must be the whole distinguished name/)
  expect(() =>
    readWindowsSigning({ ...azureVariables, HEARD_CERTIFICATE_SHA1: certificate.sha1 })
  ).toThrow(/exclude/)
  expect(() => readWindowsSigning({ ...azureVariables, HEARD_AZURE_ACCOUNT: '' })).toThrow(
    /HEARD_AZURE_ACCOUNT/
  )
})

it('chooses the pinned Electron without an override, and refuses an invalid one', () => {
  expect(chooseDistribution('release', '45.3.4', undefined)).toEqual({
    version: '45.3.4',
    distFolder: null
  })
  expect(() => chooseDistribution('checks', '45.3.4', '/nowhere')).toThrow(/there is no/)
})
