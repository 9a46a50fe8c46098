// electron-builder's configuration, as a function of what is built. The decisions are in docs/decisions/0044.
import type { Configuration } from 'electron-builder'
import type { BuildSettings } from '../src/main/updates/build-settings.ts'
import type { Flavour } from './flavour.ts'
import type { WindowsSigning } from './windows-signing.ts'

export type PackagingOptions = {
  flavour: Flavour
  /** The Electron to pack; `distFolder`: an unpacked one on this machine, null: electron-builder fetches it. */
  electron: { version: string; distFolder: string | null }
  /** Where the packages go. */
  outFolder: string
  /** In place of the version in package.json. */
  version?: string
  /** null: nobody signs, which a release refuses. */
  windowsSigning: WindowsSigning | null
  /** Where the installed kiosk looks for updates; null: nowhere. */
  publish: Configuration['publish']
  /** Where the kiosk looks for updates and whose signatures it believes; null: it never looks. */
  updates: BuildSettings | null
  afterPack: NonNullable<Configuration['afterPack']>
}

export const APP_ID = 'app.heard.kiosk'

/** Never to change: Windows takes an installer with another one for another product, and both stay. */
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
  // Nothing here is compiled for one machine; a rebuild would fetch headers for nothing.
  npmRebuild: false,
  directories: { output: plan.outFolder, buildResources: 'resources' },
  // Only what was built, and the libraries that main imports.
  files: ['out/**/*', 'package.json', '!**/*.{map,ts,md,markdown}', '!**/{test,tests,docs}/**'],
  asar: true,
  // The key of `extraMetadata` is absent in a release: what is not there cannot be left on by mistake.
  extraMetadata: {
    ...(plan.version === undefined ? {} : { version: plan.version }),
    ...(plan.flavour === 'checks' ? { heardFlavour: 'checks' } : {}),
    ...(plan.updates === null ? {} : { heardUpdates: plan.updates })
  },
  removePackageScripts: true,
  electronLanguages: ['en-US', 'es', 'es-419'],
  // A release that nobody signed must not come to be: it would install, and never update.
  forceCodeSigning: plan.flavour === 'release',
  artifactName: NAME_PATTERN,
  publish: plan.publish ?? null,
  // Beta kiosks are offered stable releases as well, when those are newer.
  generateUpdatesFilesForAllChannels: true,
  detectUpdateChannel: true,
  afterPack: plan.afterPack,
  win: {
    // 32-bit Windows is gone since Electron 44.
    target: [
      { target: 'nsis', arch: ['x64', 'arm64'] },
      { target: 'msi', arch: ['x64', 'arm64'] }
    ],
    ...windowsSigner(plan.windowsSigning),
    verifyUpdateCodeSignature: true,
    requestedExecutionLevel: 'asInvoker'
  },
  // For the kiosk's own user: an update needs nobody with a password. electron-builder's default would offer to
  // elevate, and a silent update of a per-machine installation fails without a word.
  nsis: {
    oneClick: true,
    perMachine: false,
    allowElevation: false,
    packElevateHelper: false,
    deleteAppDataOnUninstall: false,
    runAfterFinish: true,
    createDesktopShortcut: false
  },
  // For IT's own deployment: such a kiosk only says that there is a newer version (src/main/updates).
  msi: {
    oneClick: true,
    perMachine: true,
    upgradeCode: MSI_UPGRADE_CODE,
    runAfterFinish: false,
    createDesktopShortcut: false
  },
  mac: {
    // Squirrel.Mac updates from the zip; people install from the dmg.
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
  // electron-builder's own default starts every AppImage with --no-sandbox. Heard refuses that switch.
  appImage: { executableArgs: [] },
  // Beside the default's: libraries that a slim kiosk system may lack.
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
