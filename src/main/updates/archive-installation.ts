// An unpacked installation on Linux: every version in a folder of its own, and one link that says which one runs.
// The link is replaced in one step, so that whatever happens, a whole version is there to be started.
//
//   heard/current -> versions/1.1.0
//   heard/versions/1.0.0/heard …        the one before, for the way back
//   heard/versions/1.1.0/heard …
import { accessSync, constants, readlinkSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { VERSIONS_FOLDER } from './package-kind.ts'
import { runProgram } from './run-program.ts'

export type ArchiveInstallation = {
  /** The folder with the link and the versions in it. */
  root: string
  /** Name of the program in each version's folder. */
  program: string
}

/** @param execPath the running binary, `…/versions/1.2.3/heard` */
export const archiveInstallation = (execPath: string): ArchiveInstallation => ({
  root: dirname(dirname(dirname(execPath))),
  program: basename(execPath)
})

const CURRENT = 'current'
/** What is not whole yet: no version is called that. */
const NEXT = '.next'

const versionFolder = ({ root }: ArchiveInstallation, version: string): string =>
  join(root, VERSIONS_FOLDER, version)

/** What the link, and whoever starts the kiosk, starts. */
export const currentProgram = ({ root, program }: ArchiveInstallation): string =>
  join(root, CURRENT, program)

/**
 * Unpacks a version beside the others and has it on disk before it has its name. Versions that are neither this
 * one nor one of `keep` go.
 * @throws when it cannot, and then nothing of it is left
 */
export const unpackVersion = async (
  installation: ArchiveInstallation,
  archive: string,
  version: string,
  keep: readonly string[],
  signal: AbortSignal
): Promise<void> => {
  const versions = join(installation.root, VERSIONS_FOLDER)
  for (const name of await readdir(versions)) {
    if (!keep.includes(name)) await rm(join(versions, name), { recursive: true, force: true })
  }
  const next = join(versions, NEXT)
  await mkdir(next, { mode: 0o755 })
  try {
    // The archive has one folder at its top, whatever it is called. tar itself refuses names that lead outside.
    await runProgram(
      'tar',
      ['-xzf', archive, '-C', next, '--strip-components=1', '--no-same-owner'],
      signal
    )
    accessSync(join(next, installation.program), constants.X_OK)
    // After a power cut a link to files that were never written would be all there is.
    await runProgram('sync', ['-f', next], signal)
    await rename(next, versionFolder(installation, version))
  } catch (error) {
    await rm(next, { recursive: true, force: true })
    throw error
  }
}

/**
 * Has the next start be that version, in one step. Synchronous: the way back uses it before anything else runs.
 * @throws when that version is not there, or the link cannot be written
 */
export const switchVersion = (installation: ArchiveInstallation, version: string): void => {
  accessSync(join(versionFolder(installation, version), installation.program), constants.X_OK)
  const link = join(installation.root, CURRENT)
  const draft = `${link}${NEXT}`
  rmSync(draft, { force: true })
  symlinkSync(join(VERSIONS_FOLDER, version), draft)
  renameSync(draft, link)
}

/** The version that the next start will be; null when there is no link. */
export const currentVersion = ({ root }: ArchiveInstallation): string | null => {
  try {
    return basename(readlinkSync(join(root, CURRENT)))
  } catch {
    // Not a link: nothing was installed this way.
    return null
  }
}
