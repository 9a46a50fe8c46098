// How this kiosk was installed, which says what it can be updated with.

export type PackageKind = 'archive' | 'appimage' | 'deb' | 'nsis' | 'squirrel'

export type Installation =
  | {
      kind: PackageKind
      /**
       * Whether this kiosk may replace itself. `never`: IT installed it for the whole machine. `if_told`: it takes
       * rights that IT has to give first, and then says so (`HEARD_UPDATES=install`).
       */
      mayInstall: 'yes' | 'if_told' | 'never'
    }
  | { kind: null }

export type InstallationFacts = {
  platform: NodeJS.Platform
  /** The running binary. */
  execPath: string
  /** AppImage's own variable: the file that was started. */
  appImage: string | undefined
  /** What electron-builder wrote into `resources/package-type`; null: no such file. */
  packageType: string | null
  /** Windows' folders for programs of the whole machine. */
  programFolders: readonly string[]
}

/** The folder that `archive` installations are in: `…/versions/1.2.3/heard`, started through `…/current`. */
export const VERSIONS_FOLDER = 'versions'

export const installationOf = (signs: InstallationFacts): Installation => {
  switch (signs.platform) {
    case 'win32': {
      const path = signs.execPath.toLowerCase()
      // The MSI is for the whole machine, the NSIS installer for the kiosk's account alone.
      const isManaged = signs.programFolders.some(
        (folder) => folder !== '' && path.startsWith(`${folder.toLowerCase()}\\`)
      )
      return { kind: 'nsis', mayInstall: isManaged ? 'never' : 'yes' }
    }
    case 'darwin':
      return { kind: 'squirrel', mayInstall: 'yes' }
    case 'linux': {
      if (signs.appImage?.startsWith('/') === true) return { kind: 'appimage', mayInstall: 'yes' }
      if (signs.packageType === 'deb') return { kind: 'deb', mayInstall: 'if_told' }
      const folders = signs.execPath.split('/')
      return folders.at(-3) === VERSIONS_FOLDER
        ? { kind: 'archive', mayInstall: 'yes' }
        : { kind: null }
    }
    default:
      return { kind: null }
  }
}
