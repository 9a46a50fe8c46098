// Starts the kiosk in Electron. The order matters.
import { join } from 'node:path'
import {
  app,
  type BrowserWindow,
  crashReporter,
  dialog,
  ipcMain,
  Menu,
  MessageChannelMain,
  net,
  powerMonitor,
  protocol,
  safeStorage,
  screen,
  session
} from 'electron'
import { systemClock } from './clock.ts'
import { watchChildProcesses } from './electron/child-processes.ts'
import { keepCrashDumps } from './electron/crash-dumps.ts'
import { displayBounds, followDisplays } from './electron/displays.ts'
import { openElectronStore } from './electron/electron-store.ts'
import { denyFileChooser } from './electron/file-chooser.ts'
import { sendNotifications, serveCalls } from './electron/ipc.ts'
import { createKeyringVault } from './electron/keyring-vault.ts'
import { denyNavigation, denyNetwork } from './electron/navigation.ts'
import { createElectronNetwork } from './electron/network.ts'
import { restrictPermissions } from './electron/permissions.ts'
import { forwardPowerEvents } from './electron/power.ts'
import { pageScheme, servePage } from './electron/protocol.ts'
import { relaunch } from './electron/relaunch.ts'
import { recoverRenderer } from './electron/renderer-recovery.ts'
import type { Startup } from './electron/startup.ts'
import { createElectronUpdates } from './electron/updates.ts'
import { createWebSocketPorts } from './electron/websocket-ports.ts'
import { openWindow } from './electron/window.ts'
import { lockWindow } from './electron/window-lock.ts'
import { type Environment, readEnvironment } from './environment.ts'
import { createLog, type Log, stderrSink } from './log.ts'
import { openLogFile } from './log-file.ts'
import { createMainApp, type MainApp } from './main-app.ts'
import { opensSettings } from './policy/policy.ts'
import { policyPath } from './policy/policy-file.ts'
import { readPageFiles } from './renderer-page.ts'
import { createSettingsFile } from './settings/settings-file.ts'
import { exitOnUncaughtError } from './uncaught-errors.ts'

/** The built app: `main/`, `preload/` and `renderer/`. */
const outFolder = join(import.meta.dirname, '..')

let window: BrowserWindow | null = null
const currentWindow = () => window

/** Starts the kiosk, or says why it cannot. */
export const startKiosk = (startup: Startup): void => {
  const { flavour, removed, problems } = startup
  // Electron is not ready: neither a window nor a debugger's port is open.
  if (problems.length > 0) {
    refuseStart(problems, removed)
    return
  }
  const environment = readEnvironment(process.env)
  if (environment.ok) {
    start(environment.value, startup)
    return
  }
  const where = `A release reads these values from ${policyPath(process.platform)}.`
  refuseStart([environment.error.message, ...(flavour === 'release' ? [where] : [])], removed)
}

const start = (environment: Environment, startup: Startup): void => {
  if (environment.userDataFolder !== null) app.setPath('userData', environment.userDataFolder)
  // exit, not quit: a shutdown would write the first instance's files.
  if (!app.requestSingleInstanceLock()) {
    app.exit(0)
    return
  }
  const userData = app.getPath('userData')
  keepCrashDumps(app, crashReporter, userData)
  const logFile = openLogFile(join(userData, 'logs', 'kiosk.log'))
  const log = createLog([logFile, stderrSink(process.stderr)])
  exitOnUncaughtError(process, log, () => app.exit(1))
  const { flavour, removed } = startup
  if (removed.length > 0) log.warn('kiosk.environmentRestricted', { removed })
  const fullScreen = environment.fullScreen ?? flavour === 'release'
  const kiosk = createElectronMainApp(environment, startup, fullScreen, userData, log)

  // enableSandbox would override --no-sandbox, which root needs for the tests.
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox()
  // The page may use the microphone, so Chromium hides no address of it: the mDNS responder would only open port 5353.
  app.commandLine.appendSwitch('disable-features', 'WebRtcHideLocalIpsWithMdns')
  protocol.registerSchemesAsPrivileged([pageScheme])
  Menu.setApplicationMenu(null)
  app.on('second-instance', () => window?.focus())
  app.on('window-all-closed', () => app.quit())
  // Every web contents, not only the window's.
  app.on('web-contents-created', (_event, contents) => {
    denyNavigation(contents, log)
    denyFileChooser(contents, log)
  })
  watchChildProcesses(app, kiosk, log)
  const isQuitting = stopAppBeforeQuit(kiosk)

  app
    .whenReady()
    .then(() => {
      servePage(protocol, readPageFiles(join(outFolder, 'renderer')), log)
      restrictPermissions(session.defaultSession, log)
      denyNetwork(session.defaultSession, log, flavour === 'checkout')
      serveCalls(ipcMain, kiosk, currentWindow)
      sendNotifications(kiosk, currentWindow)
      forwardPowerEvents(powerMonitor, kiosk, log)
      const { display } = environment
      const mayClose = () => !fullScreen || isQuitting()
      const open = () => {
        const bounds = displayBounds(screen, display)
        const devTools = flavour === 'checkout'
        window = openWindow({ fullScreen, bounds, outFolder, devTools }, log)
        lockWindow(window, {
          boundKeyCodes: kiosk.boundKeyCodes,
          mayClose,
          platform: process.platform,
          log
        })
        return window
      }
      if (fullScreen) followDisplays(screen, currentWindow, display, log)
      recoverRenderer(open(), { kiosk, clock: systemClock, log, openAgain: open, mayClose })
      return kiosk.start()
    })
    .catch((error: unknown) => {
      log.error('kiosk.startFailed', { error })
      app.exit(1)
    })
}

const createElectronMainApp = (
  environment: Environment,
  { givenEnvironment, readPolicy }: Startup,
  fullScreen: boolean,
  userData: string,
  log: Log
): MainApp => {
  const openStore = openElectronStore(ipcMain)
  const network = createElectronNetwork({
    app,
    net,
    sessions: session,
    policy: environment.network,
    log
  })
  const settingsFile = (name: string) => createSettingsFile(userData, name, systemClock, openStore)
  return createMainApp({
    environment,
    log,
    vault: createKeyringVault(
      safeStorage,
      join(userData, 'session.vault'),
      process.platform,
      systemClock,
      log
    ),
    settingsFile: settingsFile('settings'),
    settingsBackup: settingsFile('settings.last-good'),
    settingsBeforeUpdate: settingsFile('settings.before-update'),
    dataFolder: userData,
    network,
    openPort: createWebSocketPorts(currentWindow, () => new MessageChannelMain()),
    updates: createElectronUpdates({
      app,
      userData,
      policy: environment.updates,
      givenEnvironment,
      fetch: network.fetch,
      clock: systemClock,
      log
    }),
    clock: systemClock,
    isUnlockedByPolicy: () => {
      const reading = readPolicy()
      return reading.kind === 'read' && opensSettings(reading.policy, systemClock.nowMs())
    },
    leave: (how) => {
      if (how === 'restart') relaunch(app, null, givenEnvironment)
      app.quit()
    },
    shell: 'electron',
    fullScreen,
    version: app.getVersion()
  })
}

/**
 * Delays the first quit until the kiosk has stopped.
 * @returns true once the kiosk has stopped
 */
const stopAppBeforeQuit = (kiosk: MainApp): (() => boolean) => {
  let stopped = false
  // Electron's default ends at once and loses the session's last write.
  process.on('SIGTERM', () => app.quit())
  process.on('SIGINT', () => app.quit())
  app.on('before-quit', (event) => {
    if (stopped) return
    event.preventDefault()
    kiosk.forceRelease('quit')
    void kiosk.stop().finally(() => {
      stopped = true
      app.quit()
    })
  })
  return () => stopped
}

const refuseStart = (problems: readonly string[], removed: readonly string[]): void => {
  const why = problems.join('\n')
  process.stderr.write(`Heard cannot start.\n${why}\n`)
  try {
    // In the folder of a kiosk without an environment.
    const file = openLogFile(join(app.getPath('userData'), 'logs', 'kiosk.log'))
    createLog([file]).error('kiosk.startRefused', { why, removed })
    file.close()
  } catch {
    // A full or read-only disk: stderr has the reason.
  }
  // A person may have started it without a terminal. On Linux there may be no screen, and the box would block the
  // exit.
  if (process.platform !== 'linux') dialog.showErrorBox('Heard cannot start', why)
  app.exit(1)
}
