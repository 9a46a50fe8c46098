// Reads the kind of the package: a release, or a build for the checks (build/flavour.ts).
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export type Flavour = 'release' | 'checks' | 'checkout'

/**
 * The manifest is inside the archive and as safe from changes as the code.
 * @param isPackaged `app.isPackaged`
 * @param manifest the parsed package.json of the package; without one it is a release, the strictest flavour
 */
export const flavourOf = (isPackaged: boolean, manifest: unknown): Flavour => {
  if (!isPackaged) return 'checkout'
  const isObject = typeof manifest === 'object' && manifest !== null
  return isObject && 'heardFlavour' in manifest && manifest.heardFlavour === 'checks'
    ? 'checks'
    : 'release'
}

/** @param appFolder `app.getAppPath()` */
export const readManifest = (appFolder: string): unknown => {
  try {
    return JSON.parse(readFileSync(join(appFolder, 'package.json'), 'utf8'))
  } catch {
    // See flavourOf.
    return null
  }
}
