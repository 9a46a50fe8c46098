// Detects how the running Electron was installed.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Installation, installationOf } from '../updates/package-kind.ts'

const packedText = (name: string): string | null => {
  const path = join(process.resourcesPath, name)
  return existsSync(path) ? readFileSync(path, 'utf8') : null
}

export const readInstallation = (): Installation =>
  installationOf({
    platform: process.platform,
    execPath: process.execPath,
    appImage: process.env.APPIMAGE,
    packageType: packedText('package-type')?.trim() ?? null,
    programFolders: [
      process.env.ProgramFiles ?? '',
      process.env['ProgramFiles(x86)'] ?? '',
      process.env.ProgramW6432 ?? ''
    ]
  })

/** The `app-update.yml` that electron-builder packed; null: there is none. */
export const packedUpdateConfig = (): { path: string; text: string } | null => {
  const text = packedText('app-update.yml')
  return text === null ? null : { path: join(process.resourcesPath, 'app-update.yml'), text }
}
