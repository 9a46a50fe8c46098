// State and talk button in one part, which no banner moves; banner, question and answer in the other.
import { useTranslation } from 'react-i18next'
import { Banners } from '../parts/banners.tsx'
import { ConversationPanel } from '../parts/conversation-panel.tsx'
import { RatingThumbs } from '../parts/rating.tsx'
import { Status } from '../parts/status.tsx'
import { TalkButton } from '../parts/talk-button.tsx'
import { TypedQuestionForm } from '../parts/typed-question-form.tsx'
import { useKiosk } from '../parts/use-kiosk.ts'

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
      <Banners />
      <ConversationPanel />
      <div className="main-foot">
        <TypedQuestionForm />
        <RatingThumbs />
      </div>
    </div>
  </main>
)
