// Relaunches the kiosk after this process has ended, with its original environment and arguments.
import type { App } from 'electron'

/**
 * @param program null: the running one
 * @param givenEnvironment the original one: the next process inherits ours, which `environment.ts` removed secrets
 *   from, and to which the policy added values
 */
export const relaunch = (
  app: App,
  program: string | null,
  givenEnvironment: NodeJS.ProcessEnv
): void => {
  // Also removes what the policy set: the next process reads the policy itself.
  for (const name of Object.keys(process.env)) {
    if (!Object.hasOwn(givenEnvironment, name)) delete process.env[name]
  }
  Object.assign(process.env, givenEnvironment)
  // The mounted binary of an AppImage disappears with its process.
  const execPath = program ?? process.env.APPIMAGE
  if (execPath === undefined) app.relaunch()
  // With `execPath` and no `args`, Electron passes no arguments.
  else app.relaunch({ execPath, args: process.argv.slice(1) })
}
