// Temporary folders and the files in them.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

export const temporaryFolder = async (): Promise<string> =>
  mkdtemp(join(tmpdir(), 'heard-backend-'))

export const removeFolder = async (folder: string): Promise<void> =>
  rm(folder, { recursive: true, force: true, maxRetries: 5 })

/** Writes files by their path inside `folder`. */
export const writeFiles = async (
  folder: string,
  files: Readonly<Record<string, string>>
): Promise<void> => {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), text)
  }
}
