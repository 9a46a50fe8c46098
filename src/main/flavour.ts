// Which kind of package this is: what is installed on a wall, or what the checks drive (build/flavour.ts).
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export type Flavour = 'release' | 'checks' | 'checkout'

/**
 * Read from the manifest inside the archive, which is as safe from changes as the code beside it.
 * @param isPackaged `app.isPackaged`; a checkout is run by whoever can change its code
 * @param manifest the parsed package.json of the package; what cannot be read is a release, the strictest
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
    // Without a manifest it is a release: see flavourOf.
    return null
  }
}
