// Writes several files into a folder, all or none: to a staging folder first, then by renames that it can undo.
import { copyFile, mkdir, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { CommandError } from '../../dev/run-command.ts'
import { describeWriteError } from './file-errors.ts'

/**
 * Inside the target folder, for renames on the same disk. Hidden, so that an import skips it. The next run deletes the
 * rest of a killed run.
 */
export const STAGING = '.heard-export'

/** `path` is relative to the folder. */
export type NewFile = { path: string; text: string }

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

/** @throws CommandError for a folder with the name of a file */
const isFileThere = async (path: string): Promise<boolean> => {
  if (!(await isThere(path))) return false
  if (!(await stat(path)).isDirectory()) return true
  throw new CommandError(`${path} is a folder, and a file is to be written there.`)
}

/** One level at a time: Node's `recursive` never returns in /proc. */
const makeFolder = async (folder: string, undo: Undo[] = []): Promise<void> => {
  const missing: string[] = []
  for (let at = resolve(folder); !(await isThere(at)); at = dirname(at)) missing.unshift(at)
  for (const one of missing) {
    await mkdir(one)
    undo.push(() => rmdir(one))
  }
}

const explained = (where: string, error: unknown, after: string): unknown => {
  if (error instanceof CommandError) return new CommandError(`${error.message} ${after}`)
  const sentence = describeWriteError(error)
  return sentence === null ? error : new CommandError(`${where} ${sentence}. ${after}`)
}

/**
 * @returns the paths of the files
 * @throws CommandError for a refusal of the system; the folder is unchanged then
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
