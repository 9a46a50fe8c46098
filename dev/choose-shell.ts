// Which shell a command opens: the one asked for, or Electron where its binary can be had.
import { packagedExecutable } from '../build/package-folders.ts'
import type { ShellName } from './drive/launch-kiosk.ts'
import { findElectron } from './electron-binary.ts'
import { CommandError, say } from './run-command.ts'

/** @throws CommandError when Electron is asked for and cannot be had, or the word is no shell. */
export const chooseShell = async (asked: string | undefined): Promise<ShellName> => {
  switch (asked) {
    case 'preview':
      return 'preview'
    case 'electron': {
      const binary = await findElectron()
      if (binary.path === null) {
        throw new CommandError(
          `${binary.reason}\nSet ELECTRON_OVERRIDE_DIST_PATH to an Electron folder, or use --shell preview.`
        )
      }
      return 'electron'
    }
    case 'packaged':
      packagedExecutable()
      return 'packaged'
    case undefined: {
      const binary = await findElectron()
      if (binary.path !== null) return 'electron'
      say(`${binary.reason} Opening the preview shell in Chromium instead.`)
      return 'preview'
    }
    default:
      throw new CommandError(`--shell is "electron", "packaged" or "preview", not "${asked}".`)
  }
}
