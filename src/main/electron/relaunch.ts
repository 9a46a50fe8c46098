// Has Electron start a kiosk once this process has ended, with the switches that this one was started with.
import type { App } from 'electron'

/** @param program another binary than this one; null: this one */
export const relaunch = (app: App, program: string | null): void => {
  if (program === null) app.relaunch()
  // With a program named and no arguments, it is started without any.
  else app.relaunch({ execPath: program, args: process.argv.slice(1) })
}
