// Chooses the Electron to pack: the pinned one, or this machine's for checks.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CommandError } from '../dev/run-command.ts'
import type { Flavour } from './flavour.ts'

export type Distribution = { version: string; distFolder: string | null }

/**
 * @param pinned the version in package.json
 * @param override `ELECTRON_OVERRIDE_DIST_PATH`
 * @throws CommandError when a release would not have the pinned version
 */
export const chooseDistribution = (
  flavour: Flavour,
  pinned: string,
  override: string | undefined
): Distribution => {
  if (override === undefined || override === '') return { version: pinned, distFolder: null }
  const path = join(override, 'version')
  if (!existsSync(path)) {
    throw new CommandError(`ELECTRON_OVERRIDE_DIST_PATH is ${override}, but there is no ${path}.`)
  }
  const version = readFileSync(path, 'utf8').trim().replace(/^v/, '')
  if (flavour === 'release' && version !== pinned) {
    throw new CommandError(
      `A release is made of Electron ${pinned}; ELECTRON_OVERRIDE_DIST_PATH has ${version}.`
    )
  }
  return { version, distFolder: override }
}
