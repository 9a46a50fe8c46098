// The whole screen: the header, the banner, and the screen of the current state.
import { Settings } from 'lucide-react'
import { lazy, Suspense, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { type FailureAction, failureAction } from '../../app/failure-action.ts'
import type { KioskActions } from '../../app/kiosk-actions.ts'
import {
  isKioskReady,
  isPressAccepted,
  phaseOf,
  shownFailure,
  shownNetworkProblem
} from '../../app/kiosk-state.ts'
import { Button } from '../parts/button.tsx'
import { FailureBanner } from '../parts/failure-banner.tsx'
import { LanguageSwitch } from '../parts/language-switch.tsx'
import { Notices } from '../parts/notices.tsx'
import { useActions, useKiosk } from '../parts/use-kiosk.ts'
import { Volume } from '../parts/volume.tsx'
import { MainScreen } from './main-screen.tsx'
import { SignInScreen } from './sign-in-screen.tsx'

// Loaded when they open: the first screen is drawn without them.
const SectionReader = lazy(async () => ({
  default: (await import('../parts/section-reader.tsx')).SectionReader
}))
const UnlockDialog = lazy(async () => ({
  default: (await import('./maintenance/pin-dialog.tsx')).UnlockDialog
}))
const SettingsSheet = lazy(async () => ({
  default: (await import('./settings-sheet.tsx')).SettingsSheet
}))

const act = (action: FailureAction, actions: KioskActions, openSettings: () => void): void => {
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
      openSettings()
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

export const KioskScreen = () => {
  const { t } = useTranslation()
  const account = useKiosk((state) => state.account)
  const phase = useKiosk(phaseOf)
  const isReady = useKiosk(isKioskReady)
  const isKept = useKiosk(isPressAccepted)
  const path = useKiosk(({ connection }) =>
    connection.state === 'connected' ? connection.path : ''
  )
  const hasStandby = useKiosk(
    ({ connection }) => connection.state === 'connected' && connection.hasStandby
  )
  const language = useKiosk((state) => state.settings.language)
  const turnId = useKiosk((state) => state.turn.lastTurnId)
  const failure = useKiosk(shownFailure)
  const network = useKiosk(shownNetworkProblem)
  const actions = useActions()
  const openDialog = useKiosk((state) => state.openDialog)
  const isReading = useKiosk((state) => state.openedSection !== null)
  const hasPin = useKiosk((state) => state.maintenance.hasPin)
  const brand = useRef<HTMLParagraphElement>(null)
  const { watchGesture, openSettings, closeSettings } = actions
  const isSignedIn = account.status === 'signed_in'
  useEffect(() => {
    // Settings that are open at sign-out must not cover the next screen.
    if (!isSignedIn) closeSettings()
  }, [isSignedIn, closeSettings])
  useEffect(
    () => (brand.current === null ? undefined : watchGesture(brand.current)),
    [watchGesture]
  )
  return (
    <div
      className="kiosk"
      data-testid="kiosk"
      data-state={phase}
      data-ready={isReady}
      data-kept={isKept}
      data-path={path}
      data-standby={hasStandby}
      data-language={language}
      data-turn={turnId}
      data-failure={failure?.code ?? ''}
    >
      <header className="header">
        <p className="brand" ref={brand} data-testid="brand">
          <span className="brand-name">{t('brand')}</span>
          {isSignedIn && <span className="brand-restaurant">{account.group?.name ?? ''}</span>}
        </p>
        {isSignedIn && <Volume testId="volume" />}
        <LanguageSwitch />
        {/* With a PIN only the gesture opens the settings. */}
        {isSignedIn && !hasPin && (
          <Button
            look="icon"
            testId="settings-open"
            label={t('settings.open')}
            onPress={openSettings}
          >
            <Settings className="icon" aria-hidden="true" />
          </Button>
        )}
      </header>
      <div className="banners">
        {/* A notice waits until there is no failure. */}
        {failure === null ? (
          <Notices />
        ) : (
          <FailureBanner
            code={failure.code}
            network={network}
            isSignedIn={isSignedIn}
            onAction={() => act(failureAction(failure.code), actions, openSettings)}
          />
        )}
      </div>
      {account.status === 'signed_in' && <MainScreen />}
      {account.status === 'signed_out' && <SignInScreen />}
      {account.status === 'restoring' && (
        <main className="sign-in">
          <p className="restoring">{t('restoring')}</p>
        </main>
      )}
      <Suspense fallback={null}>{isReading && <SectionReader />}</Suspense>
      <Suspense fallback={null}>
        {openDialog === 'pin' && <UnlockDialog />}
        {openDialog === 'settings' && <SettingsSheet onClose={closeSettings} />}
      </Suspense>
    </div>
  )
}
