// Installers that were checked and installed, kept for the way back: `kept/1.2.3/` with the installer and its
// signature, which is checked again before it is run.
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { SIGNATURE_SUFFIX } from './feed-document.ts'
import { artifactStatement, hashFile, signerOf, type TrustedKeys } from './signature.ts'

/** In the updates' folder. */
export const ROLLBACK_INSTALLERS_FOLDER = 'kept'

/** Keeps one and forgets every version that is neither this nor in `keep`. @throws when it cannot */
export const storeRollbackInstaller = async (
  folder: string,
  installer: { version: string; name: string; path: string; signatures: string },
  keep: readonly string[]
): Promise<string> => {
  const own = join(folder, installer.version)
  await rm(own, { recursive: true, force: true })
  await mkdir(own, { recursive: true, mode: 0o700 })
  for (const version of await readdir(folder)) {
    if (version !== installer.version && !keep.includes(version)) {
      await rm(join(folder, version), { recursive: true, force: true })
    }
  }
  const path = join(own, installer.name)
  await copyFile(installer.path, path)
  await writeFile(`${path}${SIGNATURE_SUFFIX}`, installer.signatures, { mode: 0o600 })
  return path
}

/** Path of the installer of a version. @throws when there is none, or none that is signed as it was */
export const findRollbackInstaller = async (
  folder: string,
  version: string,
  keys: TrustedKeys
): Promise<string> => {
  const own = join(folder, version)
  const name = (await readdir(own)).find((entry) => !entry.endsWith(SIGNATURE_SUFFIX))
  if (name === undefined) throw new Error(`No installer of ${version} was kept.`)
  const path = join(own, name)
  const statement = artifactStatement({ name, ...(await hashFile(path)) })
  const signatures = await readFile(`${path}${SIGNATURE_SUFFIX}`, 'utf8')
  if (signerOf(statement, signatures, keys) === null) {
    throw new Error(`The installer of ${version} that was kept is not the one that was signed.`)
  }
  return path
}
