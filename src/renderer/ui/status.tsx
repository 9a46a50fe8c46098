// The state of the kiosk in one big word, to be read from across the kitchen, and a line of what else
// there is to know.
import {
  AudioLines,
  BookOpen,
  CircleCheck,
  Keyboard,
  LoaderCircle,
  type LucideIcon,
  Mic,
  Moon,
  Turtle,
  WifiOff,
  Zap
} from 'lucide-react'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { isKioskReady, type KioskPhase, phaseOf } from '../kiosk-state.ts'
import { isReady } from '../turn/turn.ts'
import { isKept } from './invitation.ts'
import { useFit } from './use-fit.ts'
import { useKiosk } from './use-kiosk.ts'

const ICONS: Record<KioskPhase, LucideIcon> = {
  disconnected: WifiOff,
  asleep: Moon,
  connecting: LoaderCircle,
  connected: CircleCheck,
  listening: Mic,
  processing: BookOpen,
  speaking: AudioLines
}

/** One line of the same height whatever it says: what is below must not move while it is held. */
const Detail = ({ phase }: { phase: KioskPhase }) => {
  const { t } = useTranslation()
  const connection = useKiosk((state) => state.connection)
  const willHear = useKiosk((state) => isReady(state.turn))
  const handsFree = useKiosk((state) => state.settings.handsFree)
  if (connection.state === 'connected') {
    const { path } = connection
    const Icon = path === 'relay' ? Turtle : Zap
    return (
      <p className="status-detail" data-testid="path" data-path={path}>
        <Icon className="icon" aria-hidden="true" />
        {t(`status.${path}`)}
      </p>
    )
  }
  const isQuestionKept = isKept({ connection: connection.state, isReady: willHear, handsFree })
  const says =
    phase === 'asleep'
      ? t('status.asleep')
      : isQuestionKept && phase !== 'listening'
        ? t('status.kept')
        : ''
  return <p className="status-detail status-detail-strong">{says}</p>
}

export const Status = () => {
  const { t } = useTranslation()
  const phase = useKiosk(phaseOf)
  const isTypeOnly = useKiosk(isKioskReady) === false && phase === 'connected'
  const Icon = isTypeOnly ? Keyboard : ICONS[phase]
  const word = isTypeOnly ? t('phase_without_microphone') : t(`phase.${phase}`)
  const box = useRef<HTMLParagraphElement>(null)
  useFit(box, word)
  return (
    <div className="status-place" role="status" aria-live="polite">
      <p className="status" ref={box}>
        <Icon className="status-icon" aria-hidden="true" />
        <span>{word}</span>
      </p>
      <Detail phase={phase} />
    </div>
  )
}
