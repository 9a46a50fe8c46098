// Prepares a packed kiosk for signing: removes apps that Electron could load instead, and sets the fuses.
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { AfterPackContext } from 'electron-builder'
import type { Flavour } from './flavour.ts'
import { setFuses } from './fuses.ts'

/** Apps that a distribution may contain and Electron would load. */
const LEFTOVERS = ['app', 'default_app.asar']

export const afterPack =
  (flavour: Flavour, say: (text: string) => void) =>
  async (context: AfterPackContext): Promise<void> => {
    const { appOutDir, packager, electronPlatformName } = context
    const resources = packager.getResourcesDir(appOutDir)
    for (const name of LEFTOVERS) await rm(join(resources, name), { recursive: true, force: true })
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
