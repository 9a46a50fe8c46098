// The banner: the failure to show with the way out, or else the notices.
import { type FailureAction, failureAction } from '../../app/failure-action.ts'
import type { KioskActions } from '../../app/kiosk-actions.ts'
import { shownFailure, shownNetworkProblem } from '../../app/kiosk-state.ts'
import { FailureBanner } from './failure-banner.tsx'
import { Notices } from './notices.tsx'
import { useActions, useKiosk } from './use-kiosk.ts'

const act = (action: FailureAction, actions: KioskActions): void => {
  switch (action) {
    case 'retry':
      actions.retry()
      return
    case 'sign_in':
      void actions.signOut()
      return
    case 'microphone':
      actions.reopenMicrophone()
      return
    case 'settings':
      actions.openSettings()
      return
    case 'reload':
      actions.reload()
      return
    case 'dismiss':
      actions.dismissFailure()
      return
    default:
      action satisfies never
  }
}

export const Banners = () => {
  const failure = useKiosk(shownFailure)
  const network = useKiosk(shownNetworkProblem)
  const isSignedIn = useKiosk(({ account }) => account.status === 'signed_in')
  const actions = useActions()
  return (
    <div className="banners">
      {/* A notice waits until there is no failure. */}
      {failure === null ? (
        <Notices />
      ) : (
        <FailureBanner
          code={failure.code}
          network={network}
          isSignedIn={isSignedIn}
          onAction={() => act(failureAction(failure.code), actions)}
        />
      )}
    </div>
  )
}
