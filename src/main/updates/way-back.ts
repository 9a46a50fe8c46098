// Puts the last good version back in its place. Runs before anything else of the kiosk, in a version that may not
// be able to do anything else.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { returnToPreviousAppImage } from './appimage.ts'
import { archiveInstallation, currentProgram, switchVersion } from './archive.ts'
import { KEPT_FOLDER, keptInstaller } from './kept.ts'
import type { PackageKind } from './package-kind.ts'
import { runProgram } from './programs.ts'
import type { TrustedKeys } from './signature.ts'

export type WayBackPorts = {
  kind: PackageKind
  /** The last good one. */
  version: string
  execPath: string
  appImage: string | undefined
  /** `updates/` in the kiosk's data folder. */
  folder: string
  keys: TrustedKeys
}

/** What starts the version that was put back: a program, the running program anew, or the installer by itself. */
export type WayBack = { relaunch: string | null } | 'installer'

/** @throws when there is no way back */
export const goBack = async (ports: WayBackPorts): Promise<WayBack> => {
  const { kind, version, appImage } = ports
  const kept = () => keptInstaller(join(ports.folder, KEPT_FOLDER), version, ports.keys)
  switch (kind) {
    case 'archive': {
      const installation = archiveInstallation(ports.execPath)
      switchVersion(installation, version)
      return { relaunch: currentProgram(installation) }
    }
    case 'appimage':
      if (appImage === undefined) throw new Error('No AppImage was started.')
      returnToPreviousAppImage(appImage)
      return { relaunch: appImage }
    case 'deb':
      await runProgram('sudo', ['-n', 'dpkg', '-i', await kept()])
      return { relaunch: null }
    case 'nsis':
      spawn(await kept(), ['--updated', '/S', '--force-run'], {
        detached: true,
        stdio: 'ignore'
      }).unref()
      return 'installer'
    case 'squirrel':
      throw new Error('macOS replaces an app as a whole: IT installs the last good version.')
    default:
      return kind satisfies never
  }
}
