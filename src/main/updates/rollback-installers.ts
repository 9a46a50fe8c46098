// Stores installers for an update and a rollback: `kept/1.2.3/` with the installer and its signature, which is verified
// again before the installer runs.
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { SIGNATURE_SUFFIX } from './feed-document.ts'
import { artifactStatement, hashFile, signerOf, type TrustedKeys } from './signature.ts'

/** Inside the updates folder. */
export const ROLLBACK_INSTALLERS_FOLDER = 'kept'

/** Stores an installer and removes those of versions not in `keep`. @returns its path @throws when it cannot */
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

/** The path of a version's installer. @throws when it is absent or its signature does not match */
export const findRollbackInstaller = async (
  folder: string,
  version: string,
  keys: TrustedKeys
): Promise<string> => {
  const own = join(folder, version)
  const name = (await readdir(own)).find((entry) => !entry.endsWith(SIGNATURE_SUFFIX))
  if (name === undefined) throw new Error(`There is no stored installer of ${version}.`)
  const path = join(own, name)
  const statement = artifactStatement({ name, ...(await hashFile(path)) })
  const signatures = await readFile(`${path}${SIGNATURE_SUFFIX}`, 'utf8')
  if (signerOf(statement, signatures, keys) === null) {
    throw new Error(`The stored installer of ${version} is not the one that was signed.`)
  }
  return path
}
