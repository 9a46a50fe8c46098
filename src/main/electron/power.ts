// Releases a hold when the screen locks or the machine sleeps: the key's release event never arrives then.
import type { PowerMonitor } from 'electron'
import type { Log } from '../log.ts'
import type { MainApp } from '../main-app.ts'

export const forwardPowerEvents = (
  power: PowerMonitor,
  kiosk: Pick<MainApp, 'forceRelease' | 'sleep' | 'wake'>,
  log: Log
): void => {
  power.on('lock-screen', () => kiosk.forceRelease('lock'))
  power.on('suspend', () => {
    kiosk.forceRelease('suspend')
    log.info('power.suspended')
    void kiosk.sleep()
  })
  power.on('resume', () => {
    log.info('power.resumed')
    void kiosk.wake()
  })
}
