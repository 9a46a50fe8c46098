// The names of the contract without its schemas, for the two bridges: a preload that imported the contract
// would carry zod into every window. A test holds this list against the contract.
import type { CallName, NotificationName } from './contract.ts'

/** Channel prefix on Electron's IPC. */
export const CHANNEL_PREFIX = 'heard:'

/** Brings the page's end of a relay's port; the only thing on Electron's IPC that is no call and no notification. */
export const WEBSOCKET_PORT_CHANNEL = `${CHANNEL_PREFIX}webSocketPort`

// Written as records because a record must name every key of the contract, and only those.
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
  'turn.forceRelease': true
}

const isCallName = (name: string): name is CallName => Object.hasOwn(calls, name)
const isNotificationName = (name: string): name is NotificationName =>
  Object.hasOwn(notifications, name)

export const CALL_NAMES: readonly CallName[] = Object.keys(calls).filter(isCallName)
export const NOTIFICATION_NAMES: readonly NotificationName[] =
  Object.keys(notifications).filter(isNotificationName)
