// Packs the built kiosk for Linux, for `npm run package`, dry runs of a release, and the tests.
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ensureBuilt } from '../dev/ensure-built.ts'
import { fromProject, PROJECT_DIR } from '../dev/paths.ts'
import { say } from '../dev/run-command.ts'
import type { BuildSettings } from '../src/main/updates/build-settings.ts'
import { afterPack } from './after-pack.ts'
import { electronBuilderConfig } from './electron-builder-config.ts'
import { chooseDistribution, type Distribution } from './electron-distribution.ts'
import type { Flavour } from './flavour.ts'
import { executableIn, packagesFolder, unpackedFolder } from './package-folders.ts'
import { archiveFolder } from './tar-archive.ts'
import { createTestSigningKey, testSigningKeyFile } from './update-keys.ts'

export type LinuxPackage = {
  flavour: Flavour
  version: string
  electron: Distribution
  /** `linux-unpacked/`, which contains the executable. */
  folder: string
  executable: string
  /** The folder as .tar.gz. */
  archive: string
}

export type LinuxPackageOptions = {
  flavour: Flavour
  outFolder: string
  /** Default: package.json's. */
  version?: string
  /** Default: none for a release, `CHECKS_FEED` for checks. */
  updates?: BuildSettings
}

/** The feed of kiosks of the checks' flavour, on loopback: usually nothing serves it. */
export const CHECKS_FEED = { provider: 'generic', url: 'http://127.0.0.1:8745/' } as const

const defaultUpdates = async (
  flavour: Flavour,
  outFolder: string
): Promise<BuildSettings | null> => {
  if (flavour === 'release') return null
  const key = await createTestSigningKey(outFolder)
  return { feed: CHECKS_FEED, channel: 'stable', keys: [key.public] }
}

export const manifest = (): { version: string; devDependencies: Record<string, string> } =>
  JSON.parse(readFileSync(fromProject('package.json'), 'utf8'))

/** The Electron version of releases. */
export const pinnedElectron = (): string => {
  const version = manifest().devDependencies.electron
  if (version === undefined) throw new Error('package.json has no electron')
  return version
}

/**
 * Builds what is out of date and packs it, without fetching a tool.
 * @throws CommandError when it cannot
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
  // Loaded late: a current package needs no electron-builder.
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
      publish: null,
      updates,
      afterPack: afterPack(flavour, say)
    }),
    publish: 'never'
  })
  const folder = unpackedFolder(outFolder)
  const archive = join(outFolder, `heard-${version}-linux-${process.arch}.tar.gz`)
  say('Archiving …')
  await archiveFolder(folder, archive)
  const made = { flavour, version, electron, folder, executable: executableIn(folder), archive }
  writeFileSync(join(outFolder, PACKAGE_INFO_FILE), `${JSON.stringify(made)}\n`)
  return made
}

/**
 * The checks' package, packed again when one of its inputs is newer.
 * @throws CommandError when it cannot be packed
 */
export const ensurePackaged = async (): Promise<LinuxPackage> => {
  await ensureBuilt()
  const outFolder = packagesFolder('checks')
  const info = join(outFolder, PACKAGE_INFO_FILE)
  const newestMs = Math.max(...PACKAGE_INPUTS.map((path) => modifiedMs(fromProject(path))))
  const isComplete =
    existsSync(executableIn(unpackedFolder(outFolder))) && existsSync(testSigningKeyFile(outFolder))
  if (isComplete && modifiedMs(info) > newestMs) {
    const found = JSON.parse(readFileSync(info, 'utf8')) as LinuxPackage
    if (found.electron.distFolder === (process.env.ELECTRON_OVERRIDE_DIST_PATH ?? null))
      return found
  }
  return packageLinux({ flavour: 'checks', outFolder })
}

/** Describes the package beside it. */
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
  'build/bill-of-materials.ts',
  'build/fuses.ts'
]

const modifiedMs = (path: string): number => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0
