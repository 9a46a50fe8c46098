// Notices at start-up.
import { Info } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from './button.tsx'
import { useActions, useKiosk } from './use-kiosk.ts'

export const Notices = () => {
  const { t } = useTranslation()
  const notices = useKiosk((state) => state.notices)
  const { dismissNotices } = useActions()
  if (notices.length === 0) return null
  return (
    <div className="banner banner-notice">
      <Info className="icon" aria-hidden="true" />
      <div className="banner-text">
        {notices.map((notice) => (
          <p key={notice} data-testid="notice" data-code={notice}>
            {t(`notice.${notice}`)}
          </p>
        ))}
      </div>
      <Button testId="notices-dismiss" onPress={dismissNotices}>
        {t('dismiss')}
      </Button>
    </div>
  )
}
