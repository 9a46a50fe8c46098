// Writes several files into a folder, all or none: first beside their places, and moved there once the last is whole.
// When one cannot be moved, those before it are taken back.
import { copyFile, mkdir, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { CommandError } from '../../dev/run-command.ts'
import { describeWriteError } from './file-errors.ts'

/**
 * Inside the folder, because only there is the same disk certain; hidden, so that an import does not read it. It holds
 * copies only: what a run that was killed leaves of it, the next one clears away.
 */
export const STAGING = '.heard-export'

export type NewFile = {
  /** Inside the folder. */
  path: string
  text: string
}

type Undo = () => Promise<unknown>

const isThere = async (path: string): Promise<boolean> => {
  try {
    await stat(path)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false
    throw error
  }
}

/** @throws CommandError for a folder in the place of a file: that does not make way */
const isFileThere = async (path: string): Promise<boolean> => {
  if (!(await isThere(path))) return false
  if (!(await stat(path)).isDirectory()) return true
  throw new CommandError(`${path} is a folder, and a file is to be written there.`)
}

/**
 * Makes a folder with those above it, one by one: Node's `recursive` never comes back where the system lets nobody make
 * one (/proc).
 */
const makeFolder = async (folder: string, undo: Undo[] = []): Promise<void> => {
  const missing: string[] = []
  for (let at = resolve(folder); !(await isThere(at)); at = dirname(at)) missing.unshift(at)
  for (const one of missing) {
    await mkdir(one)
    undo.push(() => rmdir(one))
  }
}

/** The sentence for what the system refused, and that nothing came of it; what is no answer of the system is a bug. */
const explained = (where: string, error: unknown, after: string): unknown => {
  if (error instanceof CommandError) return new CommandError(`${error.message} ${after}`)
  const sentence = describeWriteError(error)
  return sentence === null ? error : new CommandError(`${where} ${sentence}. ${after}`)
}

/**
 * @returns the paths of the files
 * @throws CommandError where the system does not let it; then the folder is as it was before
 */
export const writeFilesAtomically = async (
  folder: string,
  files: readonly NewFile[]
): Promise<string[]> => {
  const staging = join(folder, STAGING)
  const placed = files.map(({ path, text }) => ({
    text,
    file: join(folder, path),
    fresh: join(staging, 'new', path),
    before: join(staging, 'before', path)
  }))
  const undo: Undo[] = []
  let where = folder
  try {
    await makeFolder(folder, undo)
    await rm(staging, { recursive: true, force: true })
    undo.push(() => rm(staging, { recursive: true, force: true }))
    for (const { fresh, text } of placed) {
      await makeFolder(dirname(fresh))
      await writeFile(fresh, text)
    }
    for (const { file, fresh, before } of placed) {
      where = file
      await makeFolder(dirname(file), undo)
      if (await isFileThere(file)) {
        await makeFolder(dirname(before))
        await copyFile(file, before)
        await rename(fresh, file)
        undo.push(() => rename(before, file))
      } else {
        await rename(fresh, file)
        undo.push(() => rm(file))
      }
    }
  } catch (error) {
    try {
      for (const step of undo.reverse()) await step()
    } catch {
      throw explained(where, error, `Not all could be undone: what was there is in ${staging}.`)
    }
    throw explained(where, error, 'Nothing was written.')
  }
  await rm(staging, { recursive: true, force: true })
  return placed.map(({ file }) => file)
}
