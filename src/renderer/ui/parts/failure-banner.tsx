// What went wrong, in one sentence, and the one thing to press.
import { TriangleAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { FailureCode } from '../../../shared/failure.ts'

type Props = { code: FailureCode; onAction: () => void }

export const FailureBanner = ({ code, onAction }: Props) => {
  const { t } = useTranslation()
  return (
    <div className="banner banner-failure" role="alert">
      <TriangleAlert className="icon" aria-hidden="true" />
      <p className="banner-text" data-testid="failure">
        {t(`failure.${code}.sentence`)}
      </p>
      <button
        type="button"
        className="button button-strong"
        data-testid="failure-action"
        onClick={onAction}
      >
        {t(`failure.${code}.action`)}
      </button>
    </div>
  )
}
