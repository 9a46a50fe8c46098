// What is done to a packed kiosk before it is signed: nothing of the Electron it was made from is left in it that
// could run in its place, and its fuses are turned.
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { AfterPackContext } from 'electron-builder'
import type { Flavour } from './flavour.ts'
import { setFuses } from './fuses.ts'

/** What a distribution may bring along and Electron would load: an app of its own. */
const LEFTOVERS = ['app', 'default_app.asar']

export const afterPack =
  (flavour: Flavour, say: (text: string) => void) =>
  async (context: AfterPackContext): Promise<void> => {
    const { appOutDir, packager, electronPlatformName } = context
    const resources = packager.getResourcesDir(appOutDir)
    for (const name of LEFTOVERS) await rm(join(resources, name), { recursive: true, force: true })
    const absent = await setFuses(packedBinary(appOutDir, electronPlatformName, packager), {
      allowAbsent: flavour === 'checks',
      // Apple silicon runs nothing unsigned: without a certificate the ad-hoc signature is made anew.
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
