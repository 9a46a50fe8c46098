// Retries and dismisses what failed, and reports a lost bridge and the network's problem.
import { kioskFailure } from '../call/failures.ts'
import { canAskAgain } from '../turn/turn-reducer.ts'
import type { AppContext } from './app-context.ts'
import type { AppParts } from './app-parts.ts'
import type { KioskActions } from './kiosk-actions.ts'

/** The preview shell's bridge dispatches this when main is gone. */
const BRIDGE_LOST_EVENT = 'heard-bridge-lost'

export const createFailures = (
  { page, bridge, store }: AppContext,
  { conversation: { dispatch, state }, calls }: Pick<AppParts, 'conversation' | 'calls'>
): Pick<KioskActions, 'retry' | 'dismissFailure' | 'dismissNotices' | 'reload'> => {
  page.addEventListener(BRIDGE_LOST_EVENT, () => {
    dispatch({ type: 'force_release', reason: 'quit' })
    store.set({ appFailure: kioskFailure('bridge_lost', 'The bridge to main is gone.') })
  })
  bridge.on('network.changed', ({ problem }) => store.set({ networkProblem: problem }))
  return {
    retry: () => {
      dispatch({ type: 'failure_dismissed' })
      store.set({ appFailure: null })
      if (canAskAgain(state())) dispatch({ type: 'ask_again' })
      calls.wake()
      calls.retryNow()
    },
    dismissFailure: () => {
      dispatch({ type: 'failure_dismissed' })
      store.set({ appFailure: null, speakerFailure: null })
    },
    dismissNotices: () => store.set({ notices: [] }),
    reload: () => page.location.reload()
  }
}
