// An AppImage: one file, replaced in one step, with the one before kept beside it. electron-updater deletes the
// running file before it moves the new one in, and a disk that is full in between leaves a kiosk with nothing.
import { accessSync, constants, copyFileSync, linkSync, renameSync, rmSync } from 'node:fs'
import { chmod, copyFile, open, rm } from 'node:fs/promises'

const NEXT = '.next'
const PREVIOUS = '.previous'

/** Puts the new file beside the old one. @throws when it cannot, and then nothing of it is left */
export const placeAppImage = async (current: string, downloaded: string): Promise<void> => {
  const next = `${current}${NEXT}`
  try {
    await copyFile(downloaded, next)
    await chmod(next, 0o755)
    const file = await open(next, 'r+')
    try {
      await file.sync()
    } finally {
      await file.close()
    }
  } catch (error) {
    await rm(next, { force: true })
    throw error
  }
}

/** Has the next start be the file that was placed. @throws when it cannot; the old one is there then */
export const switchAppImage = (current: string): void => {
  accessSync(`${current}${NEXT}`, constants.X_OK)
  keep(current, `${current}${PREVIOUS}`)
  renameSync(`${current}${NEXT}`, current)
}

/** Has the next start be the file from before. @throws when there is none */
export const restorePreviousAppImage = (current: string): void => {
  accessSync(`${current}${PREVIOUS}`, constants.X_OK)
  renameSync(`${current}${PREVIOUS}`, current)
}

const keep = (from: string, to: string): void => {
  rmSync(to, { force: true })
  try {
    linkSync(from, to)
  } catch {
    // A file system without hard links: the slow way.
    copyFileSync(from, to)
  }
}
