// Creates the updates for Electron from the build's settings, IT's policy and the installation.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { App } from 'electron'
import { getAppCacheDir } from 'electron-updater/out/AppAdapter.js'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import { type BuildSettings, readBuildSettings } from '../updates/build-settings.ts'
import { disabledUpdates } from '../updates/disabled-updates.ts'
import type { AppAdapter } from '../updates/electron-updater.ts'
import { PLATFORMS } from '../updates/feed-document.ts'
import { feedAddress } from '../updates/feed-source.ts'
import type { Installation, PackageKind } from '../updates/package-kind.ts'
import { createReleaseInstaller } from '../updates/release-installer.ts'
import { readTrustedKeys } from '../updates/signature.ts'
import type { UpdatePolicy } from '../updates/update-policy.ts'
import { createUpdateStateFile } from '../updates/update-state.ts'
import { createUpdates, type Updates } from '../updates/updates.ts'
import { packedUpdateConfig, readInstallation } from './installation.ts'
import { relaunch } from './relaunch.ts'
import { updateStatePath, updatesFolder } from './update-folders.ts'

export type ElectronUpdatesPorts = {
  app: App
  userData: string
  policy: UpdatePolicy
  /** The original environment, with its secrets: the next process needs them. */
  givenEnvironment: NodeJS.ProcessEnv
  fetch: typeof fetch
  clock: Clock
  log: Log
}

export const createElectronUpdates = (ports: ElectronUpdatesPorts): Updates => {
  const { app, policy, log } = ports
  const version = app.getVersion()
  if (!app.isPackaged) return disabledUpdates(version, 'not_packaged')
  if (policy.mode === 'off') return disabledUpdates(version, 'by_policy')
  const build = buildSettings(app, log)
  const source = policy.feed ?? build?.feed ?? null
  const address = source === null ? null : feedAddress(source)
  if (build === null || address === null) return disabledUpdates(version, 'no_feed')
  if (build.keys.length === 0) return disabledUpdates(version, 'no_keys')
  const installation = readInstallation()
  const platform = PLATFORMS.find((name) => name === process.platform)
  if (installation.kind === null || platform === undefined) {
    return disabledUpdates(version, 'unknown_installation')
  }
  const keys = readTrustedKeys(build.keys)
  const folder = updatesFolder(ports.userData)
  const timeout = (ms: number) => AbortSignal.timeout(ms)
  const updater = createReleaseInstaller({
    kind: installation.kind,
    address,
    keys,
    app: appAdapter(app, installation.kind, folder),
    fetch: ports.fetch,
    timeout,
    log,
    folder,
    runningVersion: version,
    execPath: process.execPath,
    appImage: process.env.APPIMAGE,
    packedConfig: packedUpdateConfig()?.text ?? null,
    relaunch: (program) => relaunch(app, program, ports.givenEnvironment),
    quit: () => app.quit()
  })
  return createUpdates({
    runningVersion: version,
    channel: policy.channel ?? build.channel,
    platform,
    arch: process.arch,
    packageKind: installation.kind,
    isReportOnly: isReportOnly(policy, installation),
    policy,
    address,
    keys,
    updateStateFile: createUpdateStateFile(updateStatePath(ports.userData), ports.clock),
    updater,
    relaunch: () => {
      relaunch(app, null, ports.givenEnvironment)
      app.quit()
    },
    fetch: ports.fetch,
    timeout,
    clock: ports.clock,
    random: Math.random,
    log
  })
}

const buildSettings = (app: App, log: Log): BuildSettings | null => {
  try {
    return readBuildSettings(app.getAppPath())
  } catch (error) {
    // An incorrectly packed kiosk still answers questions.
    log.error('updates.buildSettingsInvalid', { error })
    return null
  }
}

const isReportOnly = (policy: UpdatePolicy, installation: Installation): boolean => {
  if (installation.kind === null || installation.mayInstall === 'never') return true
  if (policy.mode !== null) return policy.mode !== 'install'
  return installation.mayInstall !== 'yes'
}

/** electron-updater's folder inside the updates folder. */
const LIBRARY_FOLDER = 'library'

const appAdapter = (app: App, kind: PackageKind, folder: string): AppAdapter => {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  return {
    version: app.getVersion(),
    name: app.getName(),
    isPackaged: app.isPackaged,
    // NSIS reads the publisher from the packed file; the others only read their folder's name.
    appUpdateConfigPath:
      kind === 'nsis' ? (packedUpdateConfig()?.path ?? '') : libraryConfig(folder),
    userDataPath: folder,
    // The NSIS installer stays in Windows' cache for the next differential download.
    baseCachePath: kind === 'nsis' ? getAppCacheDir() : folder,
    whenReady: () => app.whenReady(),
    relaunch: () => app.relaunch(),
    quit: () => app.quit(),
    onQuit: (handler) => app.once('quit', (_, exitCode) => handler(exitCode))
  }
}

/** electron-builder packs this file for installers only. JSON is YAML. */
const libraryConfig = (folder: string): string => {
  const path = join(folder, 'library.yml')
  writeFileSync(path, JSON.stringify({ updaterCacheDirName: LIBRARY_FOLDER }), { mode: 0o600 })
  return path
}
