// Logs every process of Chromium's that does not end by itself. Without its network service all calls are lost.
import type { App } from 'electron'
import type { Log } from '../log.ts'
import type { MainApp } from '../main-app.ts'

const NETWORK_SERVICE = 'network.mojom.NetworkService'

/** Chromium starts the service again. */
export const onNetworkServiceGone = (app: Pick<App, 'on'>, act: () => void): void => {
  app.on('child-process-gone', (_event, { serviceName }) => {
    if (serviceName === NETWORK_SERVICE) act()
  })
}

/** The renderer's end is watched by `renderer-recovery.ts`. Chromium starts the other processes again. */
export const watchChildProcesses = (
  app: Pick<App, 'on'>,
  kiosk: Pick<MainApp, 'callsLost'>,
  log: Log
): void => {
  app.on('child-process-gone', (_event, { type, serviceName, reason, exitCode }) => {
    if (reason === 'clean-exit') return
    log.error('process.gone', { type, service: serviceName ?? null, reason, exitCode })
  })
  onNetworkServiceGone(app, kiosk.callsLost)
}
