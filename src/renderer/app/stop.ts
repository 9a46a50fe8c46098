// Stops the question under way and its answer, by the button on the screen or Escape.
import type { AppContext } from './app-context.ts'
import type { AppParts } from './app-parts.ts'
import type { KioskActions } from './kiosk-actions.ts'
import { isStoppable } from './kiosk-state.ts'

export const createStop = (
  { page, store }: Pick<AppContext, 'page' | 'store'>,
  { conversation }: Pick<AppParts, 'conversation'>
): Pick<KioskActions, 'stop'> => {
  const stop = () => conversation.dispatch({ type: 'stop' })
  page.addEventListener(
    'keydown',
    ({ code, repeat }) => {
      const { openDialog, openedSection } = store.get()
      // Escape closes what is open first.
      const isTaken = openDialog !== null || openedSection !== null
      if (code === 'Escape' && !repeat && !isTaken && isStoppable(store.get())) stop()
    },
    // Before the section reader closes itself.
    { capture: true }
  )
  return { stop }
}
