// Brings a release onto this machine and into its place: downloaded by electron-updater, checked against its
// signature, made ready beside the running version, and only then given the running version's place.
import { mkdir, rm, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { BaseUpdater } from 'electron-updater'
import type { Log } from '../log.ts'
import { placeAppImage, switchAppImage } from './appimage.ts'
import {
  archiveInstallation,
  currentProgram,
  currentVersion,
  switchVersion,
  unpackVersion
} from './archive-installation.ts'
import {
  type AppAdapter,
  createElectronUpdater,
  offerReleaseToUpdater
} from './electron-updater.ts'
import type { Release } from './evaluate-release.ts'
import { FeedHttpError, FeedHttpExecutor } from './feed-http-executor.ts'
import type { FeedAddress } from './feed-source.ts'
import type { PackageKind } from './package-kind.ts'
import { publisherNames } from './publisher.ts'
import { fetchSignature } from './read-feed.ts'
import { ROLLBACK_INSTALLERS_FOLDER, storeRollbackInstaller } from './rollback-installers.ts'
import { runProgram } from './run-program.ts'
import { artifactStatement, hashFile, signerOf, type TrustedKeys } from './signature.ts'
import {
  messageOf,
  refused,
  type UpdateProblem,
  type UpdateResult,
  updateOk
} from './update-problem.ts'

export type ReleaseInstaller = {
  /**
   * Downloads, checks and makes ready. The kiosk works on meanwhile, and nothing that runs is touched.
   * @param signal ends it: somebody wants to talk
   */
  prepare(release: Release, signal: AbortSignal): Promise<UpdateResult<null>>
  /** Gives the release that was prepared last the running version's place. */
  install(): Promise<UpdateResult<null>>
  /** Ends this process and has the new version start. */
  restart(): void
}

export type ReleaseInstallerPorts = {
  kind: PackageKind
  address: FeedAddress
  keys: TrustedKeys
  app: AppAdapter
  fetch: typeof fetch
  timeout: (ms: number) => AbortSignal
  log: Log
  /** `updates/` in the kiosk's data folder. */
  folder: string
  runningVersion: string
  execPath: string
  /** The AppImage that was started. */
  appImage: string | undefined
  /** `app-update.yml` as it was packed; null: there is none. */
  packedConfig: string | null
  /** Starts this program, or the running one, once this process has ended. */
  relaunch: (program: string | null) => void
  quit: () => void
}

/** The artifact, what it unpacks to, and what a kiosk writes in a night. */
const ROOM_FACTOR = 5

export const createReleaseInstaller = (ports: ReleaseInstallerPorts): ReleaseInstaller => {
  const { kind, address, keys, runningVersion } = ports
  const executor = new FeedHttpExecutor(address)
  const library = createElectronUpdater(kind, ports.app, executor, ports.log)
  const installation = archiveInstallation(ports.execPath)
  let prepared: { version: string; file: string } | null = null

  const download = async (release: Release, signal: AbortSignal): Promise<UpdateResult<string>> => {
    executor.expect(release.artifact.size)
    offerReleaseToUpdater(library, address, release)
    try {
      const found = await library.checkForUpdates()
      if (found?.isUpdateAvailable !== true) {
        return refused('download_failed', `electron-updater sees no update in ${release.version}.`)
      }
      const { cancellationToken } = found
      const cancel = () => cancellationToken?.cancel()
      signal.addEventListener('abort', cancel, { once: true })
      if (signal.aborted) cancel()
      try {
        const [file] = await library.downloadUpdate(cancellationToken)
        return file === undefined
          ? refused('download_failed', 'electron-updater names no file.')
          : updateOk(file)
      } finally {
        signal.removeEventListener('abort', cancel)
      }
    } catch (error) {
      return downloadRefusal(error)
    }
  }

  /** @throws when it cannot */
  const makeReady = async (
    release: Release,
    file: string,
    signatures: string,
    signal: AbortSignal
  ): Promise<string> => {
    const { version, artifact } = release
    switch (kind) {
      case 'archive': {
        const keep = [runningVersion, currentVersion(installation) ?? runningVersion]
        await unpackVersion(installation, file, version, keep, signal)
        return file
      }
      case 'appimage':
        await placeAppImage(ports.appImage ?? '', file)
        return file
      case 'deb':
      case 'nsis':
        return await storeRollbackInstaller(
          join(ports.folder, ROLLBACK_INSTALLERS_FOLDER),
          { version, name: artifact.url, path: file, signatures },
          [runningVersion]
        )
      case 'squirrel':
        return file
      default:
        return kind satisfies never
    }
  }

  return {
    prepare: async (release, signal) => {
      const { artifact, version } = release
      prepared = null
      if (kind === 'nsis' && publisherNames(ports.packedConfig ?? '').length === 0) {
        return refused(
          'publisher_missing',
          'app-update.yml names no publisher: the installer would be run unchecked.'
        )
      }
      await mkdir(ports.app.baseCachePath, { recursive: true, mode: 0o700 })
      const room = await statfs(ports.app.baseCachePath)
      const neededBytes = artifact.size * ROOM_FACTOR
      if (room.bavail * room.bsize < neededBytes) {
        return refused('disk_full', `${version} needs ${neededBytes} bytes of room.`)
      }
      const timeout = (ms: number) => AbortSignal.any([ports.timeout(ms), signal])
      const signatures = await fetchSignature(
        { fetch: ports.fetch, address, timeout },
        artifact.url
      )
      if (!signatures.ok) return signatureRefusal(signatures.problem)
      const isSigned = (sizeBytes: number, sha512: string) => {
        const statement = artifactStatement({ name: artifact.url, sizeBytes, sha512 })
        return signerOf(statement, signatures.value, keys) !== null
      }
      // Before 120 MB are fetched for nothing; and below once more, against what has arrived.
      if (!isSigned(artifact.size, artifact.sha512)) {
        return refused(
          'artifact_not_signed',
          `${artifact.url} is not signed by a key of this build.`
        )
      }
      const file = await download(release, signal)
      if (!file.ok) return file
      try {
        const arrived = await hashFile(file.value)
        if (!isSigned(arrived.sizeBytes, arrived.sha512)) {
          return refused('download_corrupt', `${artifact.url} is not what was signed.`)
        }
        const ready = await makeReady(release, file.value, signatures.value, signal)
        prepared = { version, file: ready }
        return updateOk(null)
      } catch (error) {
        return refused('install_failed', `${version} could not be made ready: ${messageOf(error)}`)
      } finally {
        // Squirrel fetches the file from the library when it is installed.
        if (kind !== 'squirrel') await rm(file.value, { force: true })
      }
    },
    install: async () => {
      if (prepared === null) return refused('install_failed', 'Nothing is prepared.')
      const { version, file } = prepared
      try {
        switch (kind) {
          case 'archive':
            switchVersion(installation, version)
            break
          case 'appimage':
            switchAppImage(ports.appImage ?? '')
            break
          case 'deb':
            // -n: asks nobody, on no screen. IT allows it beforehand, or it fails.
            await runProgram('sudo', ['-n', 'dpkg', '-i', file])
            break
          case 'nsis':
            if (!(library instanceof BaseUpdater) || !library.install(true, true)) {
              return refused('install_failed', `The installer of ${version} did not start.`)
            }
            break
          case 'squirrel':
            // Takes the place as the process ends.
            break
          default:
            kind satisfies never
        }
        return updateOk(null)
      } catch (error) {
        return refused('install_failed', `${version} could not be installed: ${messageOf(error)}`)
      }
    },
    restart: () => {
      switch (kind) {
        case 'archive':
          ports.relaunch(currentProgram(installation))
          return ports.quit()
        case 'appimage':
          ports.relaunch(ports.appImage ?? null)
          return ports.quit()
        case 'deb':
          ports.relaunch(null)
          return ports.quit()
        case 'nsis':
          // The installer starts the new version itself.
          return ports.quit()
        case 'squirrel':
          return library.quitAndInstall(true, true)
        default:
          return kind satisfies never
      }
    }
  }
}

/** What is wrong beside the artifact is of the download, not of the feed. */
const signatureRefusal = ({ code, message }: UpdateProblem): UpdateResult<never> => {
  switch (code) {
    case 'feed_missing':
    case 'feed_too_large':
      return refused('artifact_not_signed', message)
    case 'feed_redirected':
      return refused('download_redirected', message)
    default:
      return refused('download_failed', message)
  }
}

const downloadRefusal = (error: unknown): UpdateResult<never> => {
  if (error instanceof FeedHttpError) return refused(error.problemCode, error.message)
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  const said = messageOf(error).split('\n')[0] ?? ''
  switch (code) {
    case 'ERR_CHECKSUM_MISMATCH':
      return refused('download_corrupt', said)
    case 'ERR_UPDATER_INVALID_SIGNATURE':
      return refused('artifact_not_signed', said)
    case 'ENOSPC':
      return refused('disk_full', said)
    default:
      return refused('download_failed', said)
  }
}
