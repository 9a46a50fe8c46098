// Installs a checked artifact, by package kind. Nothing that runs is touched before `install`.
import { join } from 'node:path'
import type { AppUpdater } from 'electron-updater'
import { placeAppImage, switchAppImage } from './appimage.ts'
import {
  archiveInstallation,
  currentProgram,
  currentVersion,
  switchVersion,
  unpackVersion
} from './archive-installation.ts'
import type { Release } from './evaluate-release.ts'
import type { PackageKind } from './package-kind.ts'
import {
  findRollbackInstaller,
  ROLLBACK_INSTALLERS_FOLDER,
  storeRollbackInstaller
} from './rollback-installers.ts'
import { NSIS_ARGUMENTS, runProgram, startProgram } from './run-program.ts'
import type { TrustedKeys } from './signature.ts'

export type PackageInstallerPorts = {
  library: AppUpdater
  keys: TrustedKeys
  /** `updates/` in the kiosk's data folder. */
  folder: string
  runningVersion: string
  execPath: string
  /** The AppImage that was started. */
  appImage: string | undefined
  /** Starts this program, or the running one, once this process has ended. */
  relaunch: (program: string | null) => void
  quit: () => void
}

export type CheckedArtifact = { release: Release; path: string; signatures: string }

export type PackageInstaller = {
  /** @throws when it cannot */
  prepare(artifact: CheckedArtifact, signal: AbortSignal): Promise<unknown>
  /** @param version that was prepared @throws when it cannot */
  install(version: string): Promise<void>
  /** Ends this process and starts the new version. */
  restart(): void
}

export const createPackageInstaller = (
  kind: PackageKind,
  ports: PackageInstallerPorts
): PackageInstaller => {
  const { library, relaunch, quit, runningVersion } = ports
  const relaunchAndQuit = (program: string | null) => {
    relaunch(program)
    quit()
  }
  const installers = join(ports.folder, ROLLBACK_INSTALLERS_FOLDER)
  const store = ({ release, path, signatures }: CheckedArtifact) =>
    storeRollbackInstaller(
      installers,
      { version: release.version, name: release.artifact.url, path, signatures },
      [runningVersion]
    )
  // Verified again: hours may pass after `prepare`, in a folder that every program of the account can write to.
  const stored = (version: string) => findRollbackInstaller(installers, version, ports.keys)
  switch (kind) {
    case 'archive': {
      const installation = archiveInstallation(ports.execPath)
      return {
        prepare: async ({ release, path }, signal) => {
          const keep = [runningVersion, currentVersion(installation) ?? runningVersion]
          await unpackVersion(installation, path, release.version, keep, signal)
        },
        install: async (version) => switchVersion(installation, version),
        restart: () => relaunchAndQuit(currentProgram(installation))
      }
    }
    case 'appimage': {
      const current = ports.appImage ?? ''
      return {
        prepare: ({ path }) => placeAppImage(current, path),
        install: async () => switchAppImage(current),
        restart: () => relaunchAndQuit(ports.appImage ?? null)
      }
    }
    case 'deb':
      return {
        prepare: store,
        // -n: never asks for a password. Without IT's sudo rule this fails.
        install: async (version) => runProgram('sudo', ['-n', 'dpkg', '-i', await stored(version)]),
        restart: () => relaunchAndQuit(null)
      }
    case 'nsis':
      return {
        prepare: store,
        // Not by electron-updater: it starts its own download, which is removed by now, and reports a failed start late.
        install: async (version) => startProgram(await stored(version), NSIS_ARGUMENTS),
        // The installer itself starts the new version.
        restart: quit
      }
    case 'squirrel':
      return {
        prepare: async () => {},
        // Squirrel replaces the app as the process ends.
        install: async () => {},
        restart: () => library.quitAndInstall(true, true)
      }
    default:
      return kind satisfies never
  }
}
