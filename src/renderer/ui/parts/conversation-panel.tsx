// One question and its answer: the transcript, the answer and its sources.
import { BookCheck, BookX, CircleSlash, HardDriveDownload, MessageSquareText } from 'lucide-react'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { type KioskPhase, phaseOf } from '../../app/kiosk-state.ts'
import type { TurnView } from '../../call/turn-view.ts'
import { AnswerNotes, AnswerText } from './answer-notes.tsx'
import {
  type AnswerStatus,
  answerStatusOf,
  isPlaceKept,
  shownCitations,
  shownNearest
} from './answer-status.ts'
import { RatingWords } from './rating.tsx'
import { Citations, Nearest } from './section-list.tsx'
import { useFitText } from './use-fit-text.ts'
import { useKiosk } from './use-kiosk.ts'

const ICONS = {
  pending: MessageSquareText,
  handbook: BookCheck,
  not_found: BookX,
  failed: CircleSlash,
  cancelled: CircleSlash
} as const

const useAnswerStatusLabel = (status: AnswerStatus): string => {
  const { t } = useTranslation()
  switch (status) {
    case 'pending':
      return t('conversation.answering')
    case 'handbook':
      return t('conversation.answer')
    case 'not_found':
      return t('conversation.not_found')
    case 'failed':
      return t('conversation.failed')
    case 'cancelled':
      return t('conversation.cancelled')
    default:
      return status satisfies never
  }
}

const usePlaceholder = (phase: KioskPhase, view: TurnView): string | null => {
  const { t } = useTranslation()
  if (view.answer !== '' || view.outcome !== null) return null
  if (phase === 'listening') return view.transcript === '' ? t('conversation.listening') : null
  return phase === 'processing' ? t('conversation.searching') : null
}

const useWelcome = () => {
  const hasMicrophone = useKiosk((state) => state.microphone.status !== 'failed')
  const talkMode = useKiosk((state) => state.settings.talkMode)
  const handsFree = useKiosk((state) => state.settings.handsFree)
  if (!hasMicrophone) return 'welcome_typed'
  if (handsFree) return 'welcome_hands_free'
  return talkMode === 'tap' ? 'welcome_tap' : 'welcome_detail'
}

export const ConversationPanel = () => {
  const { t } = useTranslation()
  const view = useKiosk((state) => state.view)
  const phase = useKiosk(phaseOf)
  const welcome = useWelcome()
  const answer = useRef<HTMLParagraphElement>(null)
  // A mark makes its figure wider.
  const marks = view.unverified.length
  useFitText(answer, marks === 0 ? view.answer : `${view.answer} ${marks}`)
  const status = answerStatusOf(view)
  const label = useAnswerStatusLabel(status)
  const placeholder = usePlaceholder(phase, view)
  const Icon = ICONS[status]
  const cited = shownCitations(view)
  const nearest = shownNearest(view)
  const isEmpty = view.transcript === '' && view.answer === '' && placeholder === null
  const hasAnswer = view.answer !== '' || view.outcome === 'failed' || view.outcome === 'cancelled'
  return (
    <section className="conversation" data-answer-status={status} data-empty={isEmpty}>
      {isEmpty && !hasAnswer && (
        <div className="welcome">
          <h1 className="welcome-title">{t('conversation.welcome')}</h1>
          <p className="welcome-detail">{t(`conversation.${welcome}`)}</p>
        </div>
      )}
      <div className="transcript">
        {view.transcript !== '' && <p className="label">{t('conversation.you_asked')}</p>}
        <p className="transcript-text" data-testid="heard">
          {view.transcript}
        </p>
      </div>
      {placeholder !== null && <p className="placeholder">{placeholder}</p>}
      {view.offline && (
        <p className="offline-answer" data-testid="offline-answer" data-silent={view.silent}>
          <HardDriveDownload className="icon" aria-hidden="true" />
          {view.silent ? t('conversation.offline_silent') : t('conversation.offline')}
        </p>
      )}
      {hasAnswer && !(view.offline && status === 'handbook') && (
        <p className="label answer-status">
          <Icon className="icon" aria-hidden="true" />
          {label}
        </p>
      )}
      <AnswerText view={view} box={answer} />
      <AnswerNotes view={view} />
      {isPlaceKept(view) && <div className="citations-place" />}
      {cited.length > 0 && <Citations sections={cited} />}
      {nearest.length > 0 && <Nearest sections={nearest} />}
      <RatingWords />
    </section>
  )
}
