// Replaces an AppImage in one step and keeps the previous one beside it. electron-updater deletes the running file
// before it moves the new one: a full disk in between leaves no kiosk.
import { accessSync, constants, copyFileSync, linkSync, renameSync, rmSync } from 'node:fs'
import { chmod, copyFile, open, rm } from 'node:fs/promises'

const NEXT = '.next'
const PREVIOUS = '.previous'

/** Copies the new file beside the old one. @throws when it cannot, after removing the copy */
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

/** Makes the placed file the next start. @throws when it cannot; the old file stays */
export const switchAppImage = (current: string): void => {
  accessSync(`${current}${NEXT}`, constants.X_OK)
  keep(current, `${current}${PREVIOUS}`)
  renameSync(`${current}${NEXT}`, current)
}

/** Makes the previous file the next start. @throws when there is none */
export const restorePreviousAppImage = (current: string): void => {
  accessSync(`${current}${PREVIOUS}`, constants.X_OK)
  renameSync(`${current}${PREVIOUS}`, current)
}

const keep = (from: string, to: string): void => {
  rmSync(to, { force: true })
  try {
    linkSync(from, to)
  } catch {
    // The file system has no hard links.
    copyFileSync(from, to)
  }
}
