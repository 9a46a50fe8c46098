// Stores the preview's settings with conf, as electron-store does in the product.
import { join } from 'node:path'
import Conf from 'conf'
import type { Clock } from '../../src/main/clock.ts'
import { createSettingsFile, type SettingsFile } from '../../src/main/settings/settings-file.ts'

export const openSettingsFile = (folder: string, name: string, clock: Clock): SettingsFile =>
  createSettingsFile(
    join(folder, `${name}.json`),
    () =>
      new Conf({
        cwd: folder,
        configName: name,
        clearInvalidConfig: false,
        accessPropertiesByDotNotation: false,
        configFileMode: 0o600
      }),
    clock
  )
