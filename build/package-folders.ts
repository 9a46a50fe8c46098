// Paths of packages, without loading electron-builder.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fromProject } from '../dev/paths.ts'
import { CommandError } from '../dev/run-command.ts'
import type { Flavour } from './flavour.ts'

/** electron-builder's name. */
export const unpackedFolder = (outFolder: string): string =>
  join(outFolder, process.arch === 'x64' ? 'linux-unpacked' : `linux-${process.arch}-unpacked`)

export const executableIn = (folder: string): string => join(folder, 'heard')

export const packagesFolder = (flavour: Flavour): string => fromProject('dist', flavour)

/** @throws CommandError when `npm run package` has not been run */
export const packagedExecutable = (): string => {
  const path = executableIn(unpackedFolder(packagesFolder('checks')))
  if (existsSync(path)) return path
  throw new CommandError(`There is no packaged kiosk at ${path}: npm run package makes one.`)
}
