// Downloads one release with electron-updater.
import type { AppUpdater } from 'electron-updater'
import { offerReleaseToUpdater } from './electron-updater.ts'
import type { Release } from './evaluate-release.ts'
import { FeedHttpError, type FeedHttpExecutor } from './feed-http-executor.ts'
import type { FeedAddress } from './feed-source.ts'
import { messageOf, refused, type UpdateResult, updateOk } from './update-problem.ts'

/** @returns the path of the file */
export const downloadArtifact = async (
  library: AppUpdater,
  executor: FeedHttpExecutor,
  address: FeedAddress,
  release: Release,
  signal: AbortSignal
): Promise<UpdateResult<string>> => {
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

const downloadRefusal = (error: unknown): UpdateResult<never> => {
  if (error instanceof FeedHttpError) return refused(error.problemCode, error.message)
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  const firstLine = messageOf(error).split('\n')[0] ?? ''
  switch (code) {
    case 'ERR_CHECKSUM_MISMATCH':
      return refused('download_corrupt', firstLine)
    case 'ERR_UPDATER_INVALID_SIGNATURE':
      return refused('artifact_not_signed', firstLine)
    case 'ENOSPC':
      return refused('disk_full', firstLine)
    default:
      return refused('download_failed', firstLine)
  }
}
