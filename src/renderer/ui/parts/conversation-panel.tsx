// One question and its answer: the question, the answer and its sources.
import { BookCheck, BookX, CircleSlash, HardDriveDownload, MessageSquareText } from 'lucide-react'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { isHandbookOutOfReach, type KioskPhase, phaseOf } from '../../app/kiosk-state.ts'
import type { TurnView } from '../../call/turn-view.ts'
import { AnswerAnnouncement } from './answer-announcement.tsx'
import { AnswerNotes, AnswerText } from './answer-notes.tsx'
import {
  type AnswerStatus,
  answerStatusOf,
  isPlaceKept,
  shownCitations,
  shownNearest
} from './answer-status.ts'
import { QuestionText } from './question-text.tsx'
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
  // The banner and the state say so already.
  const isOutOfReach = useKiosk(isHandbookOutOfReach)
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
  const hasLabel = hasAnswer && !(view.offline && status === 'handbook') && !isOutOfReach
  return (
    <section className="conversation" data-answer-status={status}>
      {isEmpty && !hasAnswer && (
        <div className="welcome">
          <h2 className="welcome-title">{t('conversation.welcome')}</h2>
          <p className="welcome-detail">{t(`conversation.${welcome}`)}</p>
        </div>
      )}
      <QuestionText text={view.transcript} />
      {placeholder !== null && <p className="placeholder">{placeholder}</p>}
      <div className="answer-head">
        {view.offline && (
          <p className="answer-note" data-testid="offline-answer" data-silent={view.silent}>
            <HardDriveDownload className="icon" aria-hidden="true" />
            {view.silent ? t('conversation.offline_silent') : t('conversation.offline')}
          </p>
        )}
        {hasLabel && (
          <p className="label answer-status">
            <Icon className="icon" aria-hidden="true" />
            {label}
          </p>
        )}
        <AnswerNotes view={view} />
        <RatingWords />
      </div>
      <AnswerText view={view} box={answer} />
      <AnswerAnnouncement view={view} verdict={label} />
      {isPlaceKept(view) && <div className="citations" />}
      {cited.length > 0 && <Citations sections={cited} isReadOut={view.silent} />}
      {nearest.length > 0 && <Nearest sections={nearest} />}
    </section>
  )
}
