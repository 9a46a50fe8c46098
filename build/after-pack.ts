// Prepares a packed kiosk for signing: removes apps that Electron could load instead, adds the licences of its packages,
// and sets the fuses.
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { AfterPackContext } from 'electron-builder'
import { type ShippedPackage, shippedPackages, thirdPartyNotices } from './bill-of-materials.ts'
import type { Flavour } from './flavour.ts'
import { setFuses } from './fuses.ts'

/** Apps that a distribution may contain and Electron would load. */
const LEFTOVERS = ['app', 'default_app.asar']

export const NOTICES_FILE = 'third-party-notices.txt'

/** @param onPacked gets the packages of the packed kiosk, once per processor */
export const afterPack =
  (
    flavour: Flavour,
    say: (text: string) => void,
    onPacked = (_packages: readonly ShippedPackage[]) => {}
  ) =>
  async (context: AfterPackContext): Promise<void> => {
    const { appOutDir, packager, electronPlatformName } = context
    const resources = packager.getResourcesDir(appOutDir)
    for (const name of LEFTOVERS) await rm(join(resources, name), { recursive: true, force: true })
    const packages = shippedPackages(join(resources, 'app.asar'))
    await writeFile(join(resources, NOTICES_FILE), thirdPartyNotices(packages))
    onPacked(packages)
    const absent = await setFuses(packedBinary(appOutDir, electronPlatformName, packager), {
      allowAbsent: flavour === 'checks',
      // Apple silicon needs a signature; the changed fuses invalidate the ad-hoc one.
      resetAdHocDarwinSignature: electronPlatformName === 'darwin'
    })
    if (absent.length > 0) say(`This Electron does not have the fuses ${absent.join(', ')}.`)
  }

const packedBinary = (
  folder: string,
  platform: string,
  { appInfo, executableName }: AfterPackContext['packager'] & { executableName?: string }
): string => {
  switch (platform) {
    case 'darwin':
      return join(folder, `${appInfo.productFilename}.app`)
    case 'win32':
      return join(folder, `${appInfo.productFilename}.exe`)
    default:
      return join(folder, executableName ?? appInfo.productFilename)
  }
}
