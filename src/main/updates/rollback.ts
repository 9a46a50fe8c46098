// Rolls back to the last good version. Runs before the rest of the kiosk, in a version that may be broken.
import { join } from 'node:path'
import { restorePreviousAppImage } from './appimage.ts'
import { archiveInstallation, currentProgram, switchVersion } from './archive-installation.ts'
import type { PackageKind } from './package-kind.ts'
import { findRollbackInstaller, ROLLBACK_INSTALLERS_FOLDER } from './rollback-installers.ts'
import { NSIS_ARGUMENTS, runProgram, startProgram } from './run-program.ts'
import type { TrustedKeys } from './signature.ts'

export type RollbackPorts = {
  kind: PackageKind
  /** The last good version. */
  version: string
  execPath: string
  appImage: string | undefined
  /** `updates/` in the kiosk's data folder. */
  folder: string
  keys: TrustedKeys
}

/** A program to relaunch (null: the running one), or `installer` when the installer starts the version. */
export type RollbackRelaunch = { relaunch: string | null } | 'installer'

/** @throws when the version cannot be restored */
export const rollBackVersion = async (ports: RollbackPorts): Promise<RollbackRelaunch> => {
  const { kind, version, appImage } = ports
  const installer = () =>
    findRollbackInstaller(join(ports.folder, ROLLBACK_INSTALLERS_FOLDER), version, ports.keys)
  switch (kind) {
    case 'archive': {
      const installation = archiveInstallation(ports.execPath)
      switchVersion(installation, version)
      return { relaunch: currentProgram(installation) }
    }
    case 'appimage':
      if (appImage === undefined) throw new Error('No AppImage was started.')
      restorePreviousAppImage(appImage)
      return { relaunch: appImage }
    case 'deb':
      await runProgram('sudo', ['-n', 'dpkg', '-i', await installer()])
      return { relaunch: null }
    case 'nsis':
      await startProgram(await installer(), NSIS_ARGUMENTS)
      return 'installer'
    case 'squirrel':
      throw new Error('macOS replaces an app as a whole: IT installs the last good version.')
    default:
      return kind satisfies never
  }
}
