// Packs the kiosk once before the tests of this folder, where there is an Electron to pack.
import { ensurePackaged } from '../../build/package.ts'
import { missingElectronReason } from './packed-app.ts'

export const setup = async (): Promise<void> => {
  if (missingElectronReason() === null) await ensurePackaged()
}
