// The kiosk's state in one big word, readable across the kitchen, and one line of detail.
import {
  AudioLines,
  BookOpen,
  BookX,
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
import {
  isHandbookOutOfReach,
  isKioskReady,
  isPressAccepted,
  type KioskPhase,
  phaseOf
} from '../../app/kiosk-state.ts'
import { useFitText } from './use-fit-text.ts'
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

/** The question is kept without a call; hands-free records none. */
const useKept = (phase: KioskPhase): string => {
  const { t } = useTranslation()
  const isKept = useKiosk(isPressAccepted)
  const handsFree = useKiosk((state) => state.settings.handsFree)
  switch (phase) {
    case 'asleep':
      return t('status.asleep')
    case 'connecting':
    case 'disconnected':
      return isKept && !handsFree ? t('status.kept') : ''
    case 'processing':
      return t('status.waits')
    case 'connected':
    case 'listening':
    case 'speaking':
      return ''
    default:
      return phase satisfies never
  }
}

/** One line of constant height: nothing below may move during a hold. */
const Detail = ({ phase }: { phase: KioskPhase }) => {
  const { t } = useTranslation()
  const path = useKiosk(({ connection }) =>
    connection.state === 'connected' ? connection.path : null
  )
  const kept = useKept(phase)
  if (path === null) return <p className="status-detail status-detail-strong">{kept}</p>
  const Icon = path === 'websocket' ? Turtle : Zap
  return (
    <p className="status-detail" data-testid="path" data-path={path}>
      <Icon className="icon" aria-hidden="true" />
      {t(`status.${path}`)}
    </p>
  )
}

export const Status = () => {
  const { t } = useTranslation()
  const phase = useKiosk(phaseOf)
  const isReady = useKiosk(isKioskReady)
  const isOutOfReach = useKiosk(isHandbookOutOfReach)
  const isTypeOnly = phase === 'connected' && !isReady
  const Icon = isOutOfReach ? BookX : isTypeOnly ? Keyboard : ICONS[phase]
  const word = isOutOfReach
    ? t('phase_without_handbook')
    : isTypeOnly
      ? t('phase_without_microphone')
      : t(`phase.${phase}`)
  const box = useRef<HTMLParagraphElement>(null)
  useFitText(box, word)
  return (
    <div className="status-place">
      <p className="status" ref={box}>
        <Icon className="status-icon" aria-hidden="true" />
        <span>{word}</span>
      </p>
      {isOutOfReach ? <p className="status-detail" /> : <Detail phase={phase} />}
    </div>
  )
}
