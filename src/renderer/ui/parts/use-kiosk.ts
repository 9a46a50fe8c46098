// Hooks for the kiosk's state and actions.
import { createContext, useContext, useSyncExternalStore } from 'react'
import type { RendererApp } from '../../app/app.ts'
import type { KioskActions } from '../../app/kiosk-actions.ts'
import type { KioskState } from '../../app/kiosk-state.ts'

export const KioskContext = createContext<RendererApp | null>(null)

const useProvided = (): RendererApp => {
  const kiosk = useContext(KioskContext)
  if (kiosk === null) throw new Error('KioskContext is missing above this component')
  return kiosk
}

/** @param select returns a value that is `===` while nothing changed for the component */
export const useKiosk = <T>(select: (state: KioskState) => T): T => {
  const { store } = useProvided()
  return useSyncExternalStore(store.subscribe, () => select(store.get()))
}

export const useActions = (): KioskActions => useProvided().actions
