// Packs the kiosk before the tests of this folder look at it, where there is an Electron to pack.
import { ensurePackaged } from '../../build/package.ts'
import { missingElectronReason } from './packed-app.ts'

export const setup = async (): Promise<void> => {
  if (missingElectronReason() === null) await ensurePackaged()
}
