// Says a finished answer once to a screen reader: the question, the verdict, the words, and the sources.
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { TurnView } from '../../call/turn-view.ts'
import { shownCitations } from './answer-status.ts'

type Props = { view: TurnView; verdict: string }

const asSentence = (words: string): string => (/[.?!…]$/.test(words) ? words : `${words}.`)

export const AnswerAnnouncement = ({ view, verdict }: Props) => {
  const { t } = useTranslation()
  /** A transcript or a report that comes later is not said again. */
  const said = useRef({ turnId: 0, words: '' })
  const { id, outcome, transcript, answer, offline } = view
  if (outcome === null) said.current = { turnId: id, words: '' }
  else if (said.current.turnId !== id || said.current.words === '') {
    const words = [
      `${t('conversation.you_asked')}: ${transcript}`,
      offline ? t('conversation.offline') : verdict,
      answer,
      ...shownCitations(view).map(({ title }) => `${t('conversation.section')}: ${title}`)
    ]
    const sentences = words.filter((part) => part !== '').map(asSentence)
    said.current = { turnId: id, words: sentences.join(' ') }
  }
  return (
    <p className="visually-hidden" role="status" data-testid="announcement">
      {said.current.words}
    </p>
  )
}
