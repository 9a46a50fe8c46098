// The names of the contract without its schemas: a preload that imports the contract would carry zod into every window.
import type { CallName, NotificationName } from './contract.ts'

/** Channel prefix on Electron's IPC. */
export const CHANNEL_PREFIX = 'heard:'

/** Carries the page's end of a WebSocket call's port: the one IPC message that is no call and no notification. */
export const WEBSOCKET_PORT_CHANNEL = `${CHANNEL_PREFIX}webSocketPort`

// The type checker requires every key of the contract in a record, and no other key.
const calls: Record<CallName, true> = {
  'kiosk.initialState': true,
  'kiosk.setInUse': true,
  'updates.status': true,
  'account.signIn': true,
  'account.signOut': true,
  'calls.open': true,
  'calls.openWebSocket': true,
  'calls.hangUp': true,
  'handbook.search': true,
  'handbook.searchOffline': true,
  'handbook.readSection': true,
  'handbook.rate': true,
  'handbook.reportAnswer': true,
  'turns.reportCost': true,
  'turns.record': true,
  'turns.recent': true,
  'settings.change': true,
  'maintenance.unlock': true,
  'maintenance.lock': true,
  'maintenance.setPin': true,
  'maintenance.exit': true,
  'log.write': true
}
const notifications: Record<NotificationName, true> = {
  'account.changed': true,
  'settings.changed': true,
  'maintenance.changed': true,
  'updates.restartAnnounced': true,
  'network.changed': true,
  'calls.lost': true,
  'turn.forceRelease': true
}

export const CALL_NAMES: readonly CallName[] = Object.keys(calls) as CallName[]
export const NOTIFICATION_NAMES: readonly NotificationName[] = Object.keys(
  notifications
) as NotificationName[]
