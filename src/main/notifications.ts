// Sends notifications to the page after it has checked them against the contract.
import { contract, type NotificationName, type NotificationPayload } from '../shared/contract.ts'
import type { Log } from './log.ts'

export type MainNotification = {
  [N in NotificationName]: { name: N; payload: NotificationPayload<N> }
}[NotificationName]

export type Notifications = {
  notify(notification: MainNotification): void
  /** Returns the function that stops listening. */
  onNotification(listener: (notification: MainNotification) => void): () => void
}

export const createNotifications = (log: Log): Notifications => {
  const listeners = new Set<(notification: MainNotification) => void>()
  return {
    notify: (notification) => {
      const { payload } = contract.notifications[notification.name]
      if (!payload.safeParse(notification.payload).success) {
        log.error('contract.outputInvalid', { notification: notification.name })
        return
      }
      for (const listener of listeners) listener(notification)
    },
    onNotification: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    }
  }
}
