// Notices at start-up; before them, at the sign-in, the cause of a network problem.
import { Info } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from './button.tsx'
import { useActions, useKiosk } from './use-kiosk.ts'

export const Notices = () => {
  const { t } = useTranslation()
  const notices = useKiosk((state) => state.notices)
  const { dismissNotices } = useActions()
  const cause = useKiosk(({ account, networkProblem }) =>
    account.status === 'signed_out' ? (networkProblem?.cause ?? null) : null
  )
  if (cause !== null) {
    return (
      <div className="banner banner-notice">
        <Info className="icon" aria-hidden="true" />
        <p className="banner-text" data-testid="network-cause" data-cause={cause}>
          {t(`network.cause.${cause}`)}
        </p>
      </div>
    )
  }
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
