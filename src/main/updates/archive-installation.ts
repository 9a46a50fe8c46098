// Manages an unpacked installation on Linux: one folder per version, and one link to the version that starts. The
// link is replaced atomically, so that a complete version can always start.
//
//   heard/current -> versions/1.1.0
//   heard/versions/1.0.0/heard …        the previous version, for a rollback
//   heard/versions/1.1.0/heard …
import { accessSync, constants, readlinkSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { VERSIONS_FOLDER } from './package-kind.ts'
import { runProgram } from './run-program.ts'

export type ArchiveInstallation = {
  /** Contains the link and the versions. */
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
/** Suffix of incomplete files; no version has this name. */
const NEXT = '.next'

const versionFolder = ({ root }: ArchiveInstallation, version: string): string =>
  join(root, VERSIONS_FOLDER, version)

/** The program behind the link, which the system starts. */
export const currentProgram = ({ root, program }: ArchiveInstallation): string =>
  join(root, CURRENT, program)

/**
 * Unpacks a version beside the others, syncs it to disk, then gives it its name. Removes versions not in `keep`.
 * @throws when it cannot, after removing the unpacked files
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
    // The archive has one top folder of any name. tar refuses names that lead outside.
    await runProgram(
      'tar',
      ['-xzf', archive, '-C', next, '--strip-components=1', '--no-same-owner'],
      signal
    )
    accessSync(join(next, installation.program), constants.X_OK)
    // Without a sync, a power cut leaves a link to files that were never written.
    await runProgram('sync', ['-f', next], signal)
    await rename(next, versionFolder(installation, version))
  } catch (error) {
    await rm(next, { recursive: true, force: true })
    throw error
  }
}

/**
 * Makes a version the next start. Synchronous: a rollback runs it before the rest of the kiosk.
 * @throws when the version is absent or the link cannot be written
 */
export const switchVersion = (installation: ArchiveInstallation, version: string): void => {
  accessSync(join(versionFolder(installation, version), installation.program), constants.X_OK)
  const link = join(installation.root, CURRENT)
  const draft = `${link}${NEXT}`
  rmSync(draft, { force: true })
  symlinkSync(join(VERSIONS_FOLDER, version), draft)
  renameSync(draft, link)
}

/** The version of the next start; null when there is no link. */
export const currentVersion = ({ root }: ArchiveInstallation): string | null => {
  try {
    return basename(readlinkSync(join(root, CURRENT)))
  } catch {
    // No link: this is another kind of installation.
    return null
  }
}
