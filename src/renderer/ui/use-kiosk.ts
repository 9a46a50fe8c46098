// The kiosk's state and actions, for components.
import { createContext, useContext, useSyncExternalStore } from 'react'
import type { Kiosk } from '../kiosk.ts'
import type { KioskActions } from '../kiosk-actions.ts'
import type { KioskState } from '../kiosk-state.ts'

export const KioskContext = createContext<Kiosk | null>(null)

const useProvided = (): Kiosk => {
  const kiosk = useContext(KioskContext)
  if (kiosk === null) throw new Error('KioskContext is missing above this component')
  return kiosk
}

/** @param select must return something that is `===` while nothing changed for the component */
export const useKiosk = <T>(select: (state: KioskState) => T): T => {
  const { store } = useProvided()
  return useSyncExternalStore(store.subscribe, () => select(store.get()))
}

export const useActions = (): KioskActions => useProvided().actions
