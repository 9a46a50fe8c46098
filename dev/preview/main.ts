// Starts the preview shell: the kiosk's main app in Node, with its page in a local Chromium.
//   node dev/preview/main.ts [--port 0] [--renderer out/renderer] [--with-parent]
// Prints one JSON line when it is ready; logs to stderr and to the log file.

import { join } from 'node:path'
import { parseArgs } from 'node:util'
import manifest from '../../package.json' with { type: 'json' }
import { noVault } from '../../src/main/account/vault.ts'
import { systemClock } from '../../src/main/clock.ts'
import { type Environment, readEnvironment } from '../../src/main/environment.ts'
import { createLog, stderrSink } from '../../src/main/log.ts'
import { openLogFile } from '../../src/main/log-file.ts'
import { createMainApp } from '../../src/main/main-app.ts'
import { readPageFiles } from '../../src/main/renderer-page.ts'
import { createSettingsFile } from '../../src/main/settings/settings-file.ts'
import { exitOnUncaughtError } from '../../src/main/uncaught-errors.ts'
import { disabledUpdates } from '../../src/main/updates/disabled-updates.ts'
import { DATA_DIR, fromProject } from '../paths.ts'
import { nodeNetwork } from './node-network.ts'
import { openConf } from './open-conf.ts'
import { createPagePorts, type PagePorts } from './page-ports.ts'
import { servePreview } from './server.ts'

const main = async (): Promise<void> => {
  const { values: options } = parseArgs({
    options: {
      port: { type: 'string', default: '0' },
      renderer: { type: 'string', default: fromProject('out', 'renderer') },
      'with-parent': { type: 'boolean', default: false }
    }
  })
  const environment = readEnvironment(process.env)
  if (!environment.ok) throw new Error(environment.error.message)
  const files = readPageFiles(options.renderer)

  const folder = environment.value.userDataFolder ?? join(DATA_DIR, 'preview')
  const logFile = openLogFile(join(folder, 'logs', 'kiosk.log'))
  const log = createLog([logFile, stderrSink(process.stderr)])
  exitOnUncaughtError(process, log, () => process.exit(1))
  const pagePorts = createPagePorts()
  const kiosk = createMainApp(portsIn(folder, environment.value, log, pagePorts))
  const server = await servePreview({ kiosk, files, pagePorts, log, port: Number(options.port) })

  let ending = false
  const end = async () => {
    if (ending) return
    ending = true
    kiosk.forceRelease('quit')
    await kiosk.stop()
    await server.close()
    logFile.close()
    process.exit(0)
  }
  process.on('SIGTERM', end)
  process.on('SIGINT', end)
  if (options['with-parent']) process.stdin.resume().on('end', end).on('error', end)

  // The page can open while the session is restored.
  void kiosk.start()
  process.stdout.write(`${JSON.stringify({ ready: true, url: server.url })}\n`)
}

const portsIn = (
  folder: string,
  environment: Environment,
  log: ReturnType<typeof createLog>,
  pagePorts: PagePorts
): Parameters<typeof createMainApp>[0] => ({
  environment,
  log,
  // Node has no keyring: the session ends with the process, and the screen says so.
  vault: noVault,
  settingsFile: createSettingsFile(folder, 'settings', systemClock, openConf),
  settingsBackup: createSettingsFile(folder, 'settings.last-good', systemClock, openConf),
  settingsBeforeUpdate: createSettingsFile(folder, 'settings.before-update', systemClock, openConf),
  dataFolder: folder,
  network: nodeNetwork,
  openPort: pagePorts.openPort,
  updates: disabledUpdates(manifest.version, 'not_packaged'),
  clock: systemClock,
  isUnlockedByPolicy: () => false,
  leave: null,
  shell: 'preview',
  fullScreen: false,
  version: manifest.version
})

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
})
