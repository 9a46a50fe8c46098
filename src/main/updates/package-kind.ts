// Detects how this kiosk was installed, which decides what can update it.

export type PackageKind = 'archive' | 'appimage' | 'deb' | 'nsis' | 'squirrel'

export type Installation =
  | {
      kind: PackageKind
      /**
       * Whether this kiosk may replace itself. `never`: IT installed it for the whole machine. `if_told`: IT must
       * grant rights first and set `HEARD_UPDATES=install`.
       */
      mayInstall: 'yes' | 'if_told' | 'never'
    }
  | { kind: null }

export type InstallationFacts = {
  platform: NodeJS.Platform
  /** The running binary. */
  execPath: string
  /** The variable `APPIMAGE`: the file that was started. */
  appImage: string | undefined
  /** electron-builder's `resources/package-type`; null: no such file. */
  packageType: string | null
  /** Windows' folders for machine-wide programs. */
  programFolders: readonly string[]
}

/** Folder of `archive` installations: `…/versions/1.2.3/heard`, started through `…/current`. */
export const VERSIONS_FOLDER = 'versions'

export const installationOf = (facts: InstallationFacts): Installation => {
  switch (facts.platform) {
    case 'win32': {
      const path = facts.execPath.toLowerCase()
      // The MSI installs for the whole machine, NSIS for the kiosk's account only.
      const isManaged = facts.programFolders.some(
        (folder) => folder !== '' && path.startsWith(`${folder.toLowerCase()}\\`)
      )
      return { kind: 'nsis', mayInstall: isManaged ? 'never' : 'yes' }
    }
    case 'darwin':
      return { kind: 'squirrel', mayInstall: 'yes' }
    case 'linux': {
      if (facts.appImage?.startsWith('/') === true) return { kind: 'appimage', mayInstall: 'yes' }
      if (facts.packageType === 'deb') return { kind: 'deb', mayInstall: 'if_told' }
      const folders = facts.execPath.split('/')
      return folders.at(-3) === VERSIONS_FOLDER
        ? { kind: 'archive', mayInstall: 'yes' }
        : { kind: null }
    }
    default:
      return { kind: null }
  }
}
