// The answer with its unverified figures marked, and the notes below it.
import { TriangleAlert, UserCheck } from 'lucide-react'
import type { Ref } from 'react'
import { useTranslation } from 'react-i18next'
import type { TurnView } from '../../call/turn-view.ts'
import { answerParts, shownCitations } from './answer-status.ts'

/** Keeps a figure and its unit on one line: "165" alone at a line's end reads as another figure. */
const withWholeFigures = (text: string): string => text.replaceAll(/(?<=\d) (?=°)/g, '\u00a0')

const FIGURES_NOTE = 'figures-note'

export const AnswerText = ({ view, box }: { view: TurnView; box: Ref<HTMLParagraphElement> }) => (
  <p
    className="answer"
    ref={box}
    data-testid="answer"
    data-found={view.found === null ? '' : String(view.found)}
    data-outcome={view.outcome ?? ''}
  >
    {answerParts(withWholeFigures(view.answer), view.unverified).map(
      ({ text, start, isUnverified }) =>
        isUnverified ? (
          <mark
            key={start}
            className="unverified"
            data-testid="unverified-figure"
            aria-describedby={FIGURES_NOTE}
          >
            {text}
            <TriangleAlert className="unverified-icon" aria-hidden="true" />
          </mark>
        ) : (
          text
        )
    )}
  </p>
)

export const AnswerNotes = ({ view }: { view: TurnView }) => {
  const { t } = useTranslation()
  const needsManager = shownCitations(view).some((section) => section.needsManager)
  return (
    <>
      {view.unverified.length > 0 && (
        <p className="answer-note" id={FIGURES_NOTE} data-testid="figures-note">
          <TriangleAlert className="icon" aria-hidden="true" />
          {t('conversation.unverified_figure')}
        </p>
      )}
      {needsManager && (
        <p className="answer-note" data-testid="manager-note">
          <UserCheck className="icon" aria-hidden="true" />
          {t('conversation.check_with_manager')}
        </p>
      )}
    </>
  )
}
