// Packs the built kiosk. The one way in for `npm run package`, for a release and for the tests.
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ensureBuilt } from '../dev/ensure-built.ts'
import { fromProject, PROJECT_DIR } from '../dev/paths.ts'
import { say } from '../dev/run-command.ts'
import type { BuildSettings } from '../src/main/updates/build-settings.ts'
import { afterPack } from './after-pack.ts'
import { electronBuilderConfig, type PackagingOptions } from './electron-builder-config.ts'
import { chooseDistribution, type Distribution } from './electron-distribution.ts'
import type { Flavour } from './flavour.ts'
import { executableIn, packagesFolder, unpackedFolder } from './package-folders.ts'
import { archiveFolder } from './tar-archive.ts'
import { createTestSigningKey, testSigningKeyFile } from './test-signing-key.ts'

export type LinuxPackage = {
  flavour: Flavour
  version: string
  electron: Distribution
  /** `linux-unpacked/`, with the executable in it. */
  folder: string
  executable: string
  /** The folder as .tar.gz; null when it was not asked for. */
  archive: string | null
}

export type LinuxPackageOptions = {
  flavour: Flavour
  outFolder: string
  /** In place of package.json's. */
  version?: string
  archive: boolean
  publish?: PackagingOptions['publish']
  /** Where this build looks for updates. Default: a release nowhere, the checks' flavour on this machine. */
  updates?: BuildSettings
}

/** Where kiosks of the checks' flavour look, once they are installed: nowhere, unless somebody serves a feed there. */
export const CHECKS_FEED = { provider: 'generic', url: 'http://127.0.0.1:8745/' } as const

const defaultUpdates = async (
  flavour: Flavour,
  outFolder: string
): Promise<BuildSettings | null> => {
  if (flavour === 'release') return null
  const key = await createTestSigningKey(outFolder)
  return { feed: CHECKS_FEED, channel: 'stable', keys: [key.public] }
}

const manifest = (): { version: string; devDependencies: Record<string, string> } =>
  JSON.parse(readFileSync(fromProject('package.json'), 'utf8'))

/** The Electron that releases are made of. */
export const pinnedElectron = (): string => {
  const version = manifest().devDependencies.electron
  if (version === undefined) throw new Error('package.json has no electron')
  return version
}

/**
 * Builds what is out of date and packs it for Linux, unpacked, without fetching a tool.
 * @throws CommandError when it cannot, with the reason in a sentence
 */
export const packageLinux = async (options: LinuxPackageOptions): Promise<LinuxPackage> => {
  const { flavour, outFolder } = options
  const electron = chooseDistribution(
    flavour,
    pinnedElectron(),
    process.env.ELECTRON_OVERRIDE_DIST_PATH
  )
  await ensureBuilt()
  const version = options.version ?? manifest().version
  const updates = options.updates ?? (await defaultUpdates(flavour, outFolder))
  say(`Packing Heard ${version} (${flavour}) with Electron ${electron.version} …`)
  // Loaded only where something is packed: most who ask for the package find it there.
  const { build, Platform } = await import('electron-builder')
  await build({
    projectDir: PROJECT_DIR,
    targets: Platform.LINUX.createTarget('dir'),
    config: electronBuilderConfig({
      flavour,
      electron,
      outFolder,
      version,
      windowsSigning: null,
      publish: options.publish ?? null,
      updates,
      afterPack: afterPack(flavour, say)
    }),
    publish: 'never'
  })
  const folder = unpackedFolder(outFolder)
  const archive = options.archive
    ? join(outFolder, `heard-${version}-linux-${process.arch}.tar.gz`)
    : null
  if (archive !== null) {
    say('Archiving …')
    await archiveFolder(folder, archive)
  }
  const made = { flavour, version, electron, folder, executable: executableIn(folder), archive }
  writeFileSync(join(outFolder, PACKAGE_INFO_FILE), `${JSON.stringify(made)}\n`)
  return made
}

/**
 * The checks' package at its usual place, packed again when anything that goes into it is newer.
 * @throws CommandError when it cannot be packed
 */
export const ensurePackaged = async (): Promise<LinuxPackage> => {
  await ensureBuilt()
  const folder = unpackedFolder(packagesFolder('checks'))
  const made = join(packagesFolder('checks'), PACKAGE_INFO_FILE)
  const packedMs = modifiedMs(made)
  const newestMs = Math.max(...PACKAGE_INPUTS.map((path) => modifiedMs(fromProject(path))))
  const isWhole = [executableIn(folder), testSigningKeyFile(packagesFolder('checks'))].every(
    (path) => existsSync(path)
  )
  if (isWhole && packedMs > newestMs) {
    const found = JSON.parse(readFileSync(made, 'utf8')) as LinuxPackage
    if (found.electron.distFolder === (process.env.ELECTRON_OVERRIDE_DIST_PATH ?? null))
      return found
  }
  return packageLinux({ flavour: 'checks', outFolder: packagesFolder('checks'), archive: true })
}

/** Beside the package: what it is. */
const PACKAGE_INFO_FILE = 'made.json'

const PACKAGE_INPUTS = [
  'out/main/bootstrap.js',
  'out/main/index.js',
  'out/preload/index.cjs',
  'out/renderer/index.html',
  'package.json',
  'package-lock.json',
  'build/electron-builder-config.ts',
  'build/package.ts',
  'build/tar-archive.ts',
  'build/after-pack.ts',
  'build/fuses.ts'
]

const modifiedMs = (path: string): number => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0
