// The kiosk at work: the state and the button on one side, the question and its answer on the other.
import { useTranslation } from 'react-i18next'
import { ConversationPanel } from '../ui/conversation-panel.tsx'
import { QuestionRow } from '../ui/question-row.tsx'
import { RatingThumbs } from '../ui/rating.tsx'
import { Status } from '../ui/status.tsx'
import { TalkButton } from '../ui/talk-button.tsx'
import { useKiosk } from '../ui/use-kiosk.ts'

const Hint = () => {
  const { t } = useTranslation()
  const hint = useKiosk((state) => state.hint)
  return (
    <div className="hint-place" aria-live="assertive">
      {hint !== null && (
        <p className="hint" data-testid="hint" data-code={hint}>
          {t(`hint.${hint}`)}
        </p>
      )}
    </div>
  )
}

export const MainScreen = () => (
  <main className="main">
    <div className="main-left">
      <Status />
      <TalkButton />
      <Hint />
    </div>
    <div className="main-right">
      <ConversationPanel />
      <div className="main-foot">
        <QuestionRow />
        <RatingThumbs />
      </div>
    </div>
  </main>
)
