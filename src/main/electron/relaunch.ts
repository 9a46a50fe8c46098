// Has Electron start a kiosk once this process has ended, with what this one was started with.
import type { App } from 'electron'

/**
 * @param program another binary than this one; null: this one
 * @param givenEnvironment as this process got it: the next one inherits what is left by then, and the secrets were
 *   taken out at the start (`environment.ts`)
 */
export const relaunch = (
  app: App,
  program: string | null,
  givenEnvironment: NodeJS.ProcessEnv
): void => {
  Object.assign(process.env, givenEnvironment)
  // The binary inside an AppImage is gone when its process has ended; the file is not.
  const execPath = program ?? process.env.APPIMAGE
  if (execPath === undefined) app.relaunch()
  // With a program named and no arguments, it is started without any.
  else app.relaunch({ execPath, args: process.argv.slice(1) })
}
