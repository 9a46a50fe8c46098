// Builds electron-builder's configuration (record 23).
import type { Configuration } from 'electron-builder'
import manifest from '../package.json' with { type: 'json' }
import type { BuildSettings } from '../src/main/updates/build-settings.ts'
import type { Flavour } from './flavour.ts'
import type { WindowsSigning } from './windows-signing.ts'

export type PackagingOptions = {
  flavour: Flavour
  /** `distFolder`: an unpacked Electron on this machine; null: electron-builder fetches it. */
  electron: { version: string; distFolder: string | null }
  outFolder: string
  /** Default: package.json's. */
  version?: string
  /** null: unsigned, which a release refuses. */
  windowsSigning: WindowsSigning | null
  /** Where electron-updater finds updates; null: nowhere. */
  publish: Configuration['publish']
  /** The kiosk's feed and trusted keys; null: no updates. */
  updates: BuildSettings | null
  afterPack: NonNullable<Configuration['afterPack']>
}

const APP_ID = 'app.heard.kiosk'

/** Never change it: Windows would install another product beside the old one. */
const MSI_UPGRADE_CODE = '6F0C3C0A-6B0E-4B57-9C35-3B1F4C6D0E11'

/** electron-builder's own placeholders. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: electron-builder fills it in
const NAME_PATTERN = 'heard-${version}-${os}-${arch}.${ext}'

export const electronBuilderConfig = (plan: PackagingOptions): Configuration => ({
  appId: APP_ID,
  productName: 'Heard',
  copyright: 'Apache-2.0',
  electronVersion: plan.electron.version,
  ...(plan.electron.distFolder === null ? {} : { electronDist: plan.electron.distFolder }),
  // There are no native modules; a rebuild would only fetch headers.
  npmRebuild: false,
  directories: { output: plan.outFolder, buildResources: 'resources' },
  // The build output and main's libraries.
  files: [
    'out/**/*',
    'package.json',
    '!out/*/licenses.json',
    '!node_modules/**/*.{map,ts,cts,mts,tsbuildinfo,md,markdown,bnf,html,ico,png,sh,yml}',
    '!node_modules/**/{test,tests,docs}/**',
    // The checkout's Node and Supabase CLI; electron-builder takes them for libraries.
    ...Object.keys(manifest.optionalDependencies).map((name) => `!node_modules/${name}/**`)
  ],
  asar: true,
  // A release has no `heardFlavour`, so that it cannot have the wrong one.
  extraMetadata: {
    ...(plan.version === undefined ? {} : { version: plan.version }),
    ...(plan.flavour === 'checks' ? { heardFlavour: 'checks' } : {}),
    ...(plan.updates === null ? {} : { heardUpdates: plan.updates })
  },
  removePackageScripts: true,
  electronLanguages: ['en-US', 'es', 'es-419'],
  // An unsigned release would install and never update.
  forceCodeSigning: plan.flavour === 'release',
  artifactName: NAME_PATTERN,
  publish: plan.publish ?? null,
  // Beta kiosks also get newer stable releases.
  generateUpdatesFilesForAllChannels: true,
  detectUpdateChannel: true,
  afterPack: plan.afterPack,
  win: {
    // Electron 44 dropped 32-bit Windows.
    target: [
      { target: 'nsis', arch: ['x64', 'arm64'] },
      { target: 'msi', arch: ['x64', 'arm64'] }
    ],
    ...windowsSigner(plan.windowsSigning),
    verifyUpdateCodeSignature: true,
    requestedExecutionLevel: 'asInvoker'
  },
  // Per user, so that an update needs no password. A silent update of a per-machine installation fails silently.
  nsis: {
    oneClick: true,
    perMachine: false,
    allowElevation: false,
    packElevateHelper: false,
    deleteAppDataOnUninstall: false,
    runAfterFinish: true,
    createDesktopShortcut: false
  },
  // For deployment by IT: such a kiosk only reports new versions.
  msi: {
    oneClick: true,
    perMachine: true,
    upgradeCode: MSI_UPGRADE_CODE,
    runAfterFinish: false,
    createDesktopShortcut: false
  },
  mac: {
    // Squirrel.Mac updates from the zip; the dmg is for the first installation.
    target: [
      { target: 'dmg', arch: ['universal'] },
      { target: 'zip', arch: ['universal'] }
    ],
    category: 'public.app-category.business',
    hardenedRuntime: true,
    gatekeeperAssess: false,
    notarize: plan.flavour === 'release',
    entitlements: 'build/entitlements.mac.plist',
    entitlementsInherit: 'build/entitlements.mac.plist',
    minimumSystemVersion: '13.0',
    extendInfo: {
      NSMicrophoneUsageDescription:
        'Heard listens while the pedal, the key or the button is held, to answer questions from the handbook.'
    }
  },
  dmg: { sign: false },
  linux: {
    target: [
      { target: 'AppImage', arch: ['x64', 'arm64'] },
      { target: 'deb', arch: ['x64', 'arm64'] }
    ],
    category: 'Office',
    executableName: 'heard',
    maintainer: 'Heard <kiosk@heard.example>',
    synopsis: 'Push-to-talk answers from the restaurant’s own handbook'
  },
  // electron-builder's default is --no-sandbox, which Heard refuses.
  appImage: { executableArgs: [] },
  // A slim kiosk system may lack it.
  deb: { packageName: 'heard', recommends: ['libappindicator3-1'], priority: 'optional' }
})

const windowsSigner = (
  signing: WindowsSigning | null
): Partial<NonNullable<Configuration['win']>> => {
  switch (signing?.kind) {
    case 'azure':
      return {
        azureSignOptions: {
          publisherName: signing.publisherName,
          endpoint: signing.endpoint,
          codeSigningAccountName: signing.account,
          certificateProfileName: signing.profile
        }
      }
    case 'certificate':
      return {
        signtoolOptions: {
          publisherName: [signing.publisherName],
          certificateSha1: signing.sha1,
          signingHashAlgorithms: ['sha256'],
          rfc3161TimeStampServer: 'http://timestamp.digicert.com'
        }
      }
    case undefined:
      return {}
    default:
      return signing satisfies never
  }
}
