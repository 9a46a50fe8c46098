// Thumbs for a finished answer, in the row below it: above, they would make the answer smaller.
import { ThumbsDown, ThumbsUp } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Thumb } from '../../../shared/rating.ts'
import { ratingPlaceOf, thumbOf } from '../../app/kiosk-state.ts'
import { useActions, useKiosk } from './use-kiosk.ts'

const THUMBS = [
  { thumb: 'up', Icon: ThumbsUp },
  { thumb: 'down', Icon: ThumbsDown }
] as const satisfies readonly { thumb: Thumb; Icon: unknown }[]

/** The question about the answer, then the state of the rating; its place is reserved with the thumbs'. */
export const RatingWords = () => {
  const { t } = useTranslation()
  const place = useKiosk(ratingPlaceOf)
  const given = useKiosk(thumbOf)
  if (place === 'none') return null
  return (
    <p
      className="rating-words"
      data-testid="rating-words"
      data-place={place}
      data-state={given?.state ?? ''}
      aria-live="polite"
    >
      {given === null ? t('rating.question') : t(`rating.given.${given.state}`)}
    </p>
  )
}

export const RatingThumbs = () => {
  const { t } = useTranslation()
  const place = useKiosk(ratingPlaceOf)
  const given = useKiosk(thumbOf)
  const { rate } = useActions()
  if (place === 'none') return null
  return (
    <fieldset
      className="rating"
      aria-label={t('rating.question')}
      data-testid="rating"
      data-place={place}
    >
      {THUMBS.map(({ thumb, Icon }) => (
        <button
          key={thumb}
          type="button"
          className="button rating-thumb"
          data-testid={`rate-${thumb}`}
          aria-label={t(`rating.${thumb}`)}
          aria-pressed={given?.thumb === thumb}
          onClick={() => void rate(thumb)}
        >
          <Icon className="icon" aria-hidden="true" />
        </button>
      ))}
    </fieldset>
  )
}
