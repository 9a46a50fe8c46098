// Brings a release onto this machine: downloads it, checks its signature, prepares it beside the running version,
// and only then replaces the running version.
import { mkdir, rm, statfs } from 'node:fs/promises'
import type { Log } from '../log.ts'
import { downloadArtifact } from './download-artifact.ts'
import { type AppAdapter, createElectronUpdater } from './electron-updater.ts'
import type { Release } from './evaluate-release.ts'
import { FeedHttpExecutor } from './feed-http-executor.ts'
import type { FeedAddress } from './feed-source.ts'
import { createPackageInstaller, type PackageInstallerPorts } from './package-installers.ts'
import type { PackageKind } from './package-kind.ts'
import { publisherNames } from './publisher.ts'
import { fetchSignature } from './read-feed.ts'
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
   * Downloads, checks and prepares a release while the kiosk works on.
   * @param signal ends it: a person wants to talk
   */
  prepare(release: Release, signal: AbortSignal): Promise<UpdateResult<null>>
  /** Replaces the running version with the release that was prepared last. */
  install(): Promise<UpdateResult<null>>
  /** Ends this process and starts the new version. */
  restart(): void
}

export type ReleaseInstallerPorts = Omit<PackageInstallerPorts, 'library'> & {
  kind: PackageKind
  address: FeedAddress
  keys: TrustedKeys
  app: AppAdapter
  fetch: typeof fetch
  timeout: (ms: number) => AbortSignal
  log: Log
  /** The packed `app-update.yml`; null: there is none. */
  packedConfig: string | null
}

/** Room for the artifact, its unpacked files, and what a kiosk writes in a night. */
const ROOM_FACTOR = 5

export const createReleaseInstaller = (ports: ReleaseInstallerPorts): ReleaseInstaller => {
  const { kind, address, keys } = ports
  const executor = new FeedHttpExecutor(address, ports.fetch)
  const library = createElectronUpdater(kind, ports.app, executor, ports.log)
  const installer = createPackageInstaller(kind, { ...ports, library })
  let prepared: string | null = null

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
      const room = await checkRoom(ports.app.baseCachePath, release)
      if (!room.ok) return room
      const timeout = (ms: number) => AbortSignal.any([ports.timeout(ms), signal])
      const signatures = await fetchSignature(
        { fetch: ports.fetch, address, timeout },
        artifact.url
      )
      if (!signatures.ok) return signatureRefusal(signatures.problem)
      const isSigned = (facts: { sizeBytes: number; sha512: string }) => {
        const statement = artifactStatement({ name: artifact.url, ...facts })
        return signerOf(statement, signatures.value, keys) !== null
      }
      // Checked before 120 MB are downloaded, and again below over the downloaded bytes.
      if (!isSigned({ sizeBytes: artifact.size, sha512: artifact.sha512 })) {
        return refused(
          'artifact_not_signed',
          `${artifact.url} is not signed by a key of this build.`
        )
      }
      const file = await downloadArtifact(library, executor, address, release, signal)
      if (!file.ok) return file
      try {
        if (!isSigned(await hashFile(file.value))) {
          return refused('download_corrupt', `${artifact.url} is not what was signed.`)
        }
        const checked = { release, path: file.value, signatures: signatures.value }
        await installer.prepare(checked, signal)
        prepared = version
        return updateOk(null)
      } catch (error) {
        return refused('install_failed', `${version} could not be made ready: ${messageOf(error)}`)
      } finally {
        // Squirrel reads the file from electron-updater's cache during the installation.
        if (kind !== 'squirrel') await rm(file.value, { force: true })
      }
    },
    install: async () => {
      if (prepared === null) return refused('install_failed', 'Nothing is prepared.')
      try {
        await installer.install(prepared)
        return updateOk(null)
      } catch (error) {
        return refused('install_failed', `${prepared} could not be installed: ${messageOf(error)}`)
      }
    },
    restart: installer.restart
  }
}

const checkRoom = async (
  folder: string,
  { artifact, version }: Release
): Promise<UpdateResult<null>> => {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const room = await statfs(folder)
  const neededBytes = artifact.size * ROOM_FACTOR
  return room.bavail * room.bsize < neededBytes
    ? refused('disk_full', `${version} needs ${neededBytes} bytes of room.`)
    : updateOk(null)
}

/** A problem with the signature file belongs to the download, not to the feed. */
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
