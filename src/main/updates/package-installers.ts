// Installs a checked artifact, by package kind. Nothing that runs is touched before `install`.
import { join } from 'node:path'
import { type AppUpdater, BaseUpdater } from 'electron-updater'
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
import { ROLLBACK_INSTALLERS_FOLDER, storeRollbackInstaller } from './rollback-installers.ts'
import { runProgram } from './run-program.ts'

export type PackageInstallerPorts = {
  library: AppUpdater
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
  /** @returns the file that `install` takes @throws when it cannot */
  prepare(artifact: CheckedArtifact, signal: AbortSignal): Promise<string>
  /** @throws when it cannot */
  install(version: string, path: string): Promise<void>
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
  const store = ({ release, path, signatures }: CheckedArtifact) =>
    storeRollbackInstaller(
      join(ports.folder, ROLLBACK_INSTALLERS_FOLDER),
      { version: release.version, name: release.artifact.url, path, signatures },
      [runningVersion]
    )
  switch (kind) {
    case 'archive': {
      const installation = archiveInstallation(ports.execPath)
      return {
        prepare: async ({ release, path }, signal) => {
          const keep = [runningVersion, currentVersion(installation) ?? runningVersion]
          await unpackVersion(installation, path, release.version, keep, signal)
          return path
        },
        install: async (version) => switchVersion(installation, version),
        restart: () => relaunchAndQuit(currentProgram(installation))
      }
    }
    case 'appimage': {
      const current = ports.appImage ?? ''
      return {
        prepare: async ({ path }) => {
          await placeAppImage(current, path)
          return path
        },
        install: async () => switchAppImage(current),
        restart: () => relaunchAndQuit(ports.appImage ?? null)
      }
    }
    case 'deb':
      return {
        prepare: store,
        // -n: never asks for a password. Without IT's sudo rule this fails.
        install: (_version, path) => runProgram('sudo', ['-n', 'dpkg', '-i', path]),
        restart: () => relaunchAndQuit(null)
      }
    case 'nsis':
      return {
        prepare: store,
        install: async (version) => {
          if (!(library instanceof BaseUpdater) || !library.install(true, true)) {
            throw new Error(`the installer of ${version} did not start`)
          }
        },
        // The installer itself starts the new version.
        restart: quit
      }
    case 'squirrel':
      return {
        prepare: async ({ path }) => path,
        // Squirrel replaces the app as the process ends.
        install: async () => {},
        restart: () => library.quitAndInstall(true, true)
      }
    default:
      return kind satisfies never
  }
}
