// The state of the kiosk in one big word, to be read from across the kitchen.
import {
  AudioLines,
  BookOpen,
  CircleCheck,
  Keyboard,
  LoaderCircle,
  type LucideIcon,
  Mic,
  WifiOff
} from 'lucide-react'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { isKioskReady, type KioskPhase, phaseOf } from '../kiosk-state.ts'
import { useFit } from './use-fit.ts'
import { useKiosk } from './use-kiosk.ts'

const ICONS: Record<KioskPhase, LucideIcon> = {
  disconnected: WifiOff,
  connecting: LoaderCircle,
  connected: CircleCheck,
  listening: Mic,
  processing: BookOpen,
  speaking: AudioLines
}

export const Status = () => {
  const { t } = useTranslation()
  const phase = useKiosk(phaseOf)
  const isReady = useKiosk(isKioskReady)
  const isTypeOnly = phase === 'connected' && !isReady
  const Icon = isTypeOnly ? Keyboard : ICONS[phase]
  const word = isTypeOnly ? t('phase_without_microphone') : t(`phase.${phase}`)
  const box = useRef<HTMLParagraphElement>(null)
  useFit(box, word)
  return (
    <p className="status" ref={box} role="status" aria-live="polite">
      <Icon className="status-icon" aria-hidden="true" />
      <span>{word}</span>
    </p>
  )
}
