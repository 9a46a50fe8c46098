// Mounts the kiosk, or a failure in its place, in the page.
import { createRoot } from 'react-dom/client'
import { I18nextProvider } from 'react-i18next'
import type { FailureCode } from '../../../shared/failure.ts'
import type { RendererApp } from '../../app/app.ts'
import { en } from '../i18n/en.ts'
import { createI18n } from '../i18n/i18n.ts'
import { FailureBanner } from '../parts/failure-banner.tsx'
import { keepFocus } from '../parts/keep-focus.ts'
import { KioskContext } from '../parts/use-kiosk.ts'
import { KioskScreen } from './kiosk-screen.tsx'
import '../css/tokens.css'
import '../css/controls.css'
import '../css/screens.css'
import '../css/talk.css'
import '../css/conversation.css'
import '../css/passage.css'
import '../css/sheet.css'
import '../css/settings.css'
import '../css/latency.css'
import '../css/maintenance.css'

export const mount = (root: HTMLElement, kiosk: RendererApp): void => {
  const { language } = kiosk.store.get().settings
  const i18n = createI18n(language)
  document.documentElement.lang = language
  kiosk.store.subscribe(() => {
    const wanted = kiosk.store.get().settings.language
    if (i18n.language === wanted) return
    void i18n.changeLanguage(wanted)
    document.documentElement.lang = wanted
  })
  keepFocus(root)
  createRoot(root).render(
    <I18nextProvider i18n={i18n}>
      <KioskContext value={kiosk}>
        <KioskScreen />
      </KioskContext>
    </I18nextProvider>
  )
}

/** Main gave no initial state: only the failure and a reload are left. */
export const mountFailure = (root: HTMLElement, code: FailureCode): void => {
  createRoot(root).render(
    <I18nextProvider i18n={createI18n('en')}>
      <div
        className="kiosk"
        data-testid="kiosk"
        data-state="disconnected"
        data-ready="false"
        data-language="en"
        data-turn="0"
        data-failure={code}
      >
        <h1 className="brand brand-name">{en.brand}</h1>
        <FailureBanner code={code} onAction={() => window.location.reload()} />
      </div>
    </I18nextProvider>
  )
}
