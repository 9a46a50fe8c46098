// Packs the kiosk before the tests of this folder look at it, where there is an Electron to pack.
import { ensurePackaged } from '../../build/package.ts'
import { missingDistribution } from './packed.ts'

export const setup = async (): Promise<void> => {
  if (missingDistribution() === null) await ensurePackaged()
}
