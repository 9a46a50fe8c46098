// Thumbs for the answer above, once it is finished: what was no help is what the manager writes next.
import { ThumbsDown, ThumbsUp } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Thumb } from '../../shared/rating.ts'
import { ratingPlaceOf, thumbOf } from '../kiosk-state.ts'
import { useActions, useKiosk } from './use-kiosk.ts'

const THUMBS = [
  { thumb: 'up', Icon: ThumbsUp },
  { thumb: 'down', Icon: ThumbsDown }
] as const satisfies readonly { thumb: Thumb; Icon: unknown }[]

export const RatingRow = () => {
  const { t } = useTranslation()
  const place = useKiosk(ratingPlaceOf)
  const given = useKiosk(thumbOf)
  const { rate } = useActions()
  if (place === 'none') return null
  const words = given === null ? t('rating.question') : t(`rating.given.${given.state}`)
  return (
    <fieldset
      className="rating"
      aria-label={t('rating.question')}
      data-testid="rating"
      data-place={place}
      data-state={given?.state ?? ''}
    >
      <p className="rating-words" data-testid="rating-words" aria-live="polite">
        {words}
      </p>
      {THUMBS.map(({ thumb, Icon }) => (
        <button
          key={thumb}
          type="button"
          className="button rating-thumb"
          data-testid={`rate-${thumb}`}
          aria-pressed={given?.thumb === thumb}
          onClick={() => void rate(thumb)}
        >
          <Icon className="icon" aria-hidden="true" />
          {t(`rating.${thumb}`)}
        </button>
      ))}
    </fieldset>
  )
}
