// Chooses a command's shell: the requested one, or Electron where its binary is available.
import { packagedExecutable } from '../build/package-folders.ts'
import type { ShellName } from './drive/launch-kiosk.ts'
import { findElectron } from './electron-binary.ts'
import { CommandError, say } from './run-command.ts'

/** @throws CommandError when the requested Electron is not available, or the word is no shell. */
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
