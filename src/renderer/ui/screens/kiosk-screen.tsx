// The whole screen: the header, and the screen of the current state.
import { Settings } from 'lucide-react'
import { lazy, Suspense, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import {
  isHandbookOutOfReach,
  isKioskReady,
  isPressAccepted,
  phaseOf,
  shownFailure
} from '../../app/kiosk-state.ts'
import { Banners } from '../parts/banners.tsx'
import { Button } from '../parts/button.tsx'
import { LanguageSwitch } from '../parts/language-switch.tsx'
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
  const isOutOfReach = useKiosk(isHandbookOutOfReach)
  const openDialog = useKiosk((state) => state.openDialog)
  const isReading = useKiosk((state) => state.openedSection !== null)
  const hasPin = useKiosk((state) => state.maintenance.hasPin)
  const brand = useRef<HTMLHeadingElement>(null)
  const { watchGesture, openSettings, closeSettings } = useActions()
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
      data-out-of-reach={isOutOfReach}
    >
      <header className="header">
        <h1 className="brand" ref={brand} data-testid="brand">
          <span className="brand-name">{t('brand')}</span>{' '}
          {isSignedIn && <span className="brand-restaurant">{account.group?.name ?? ''}</span>}
        </h1>
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
      {!isSignedIn && <Banners />}
      {isSignedIn && <MainScreen />}
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
