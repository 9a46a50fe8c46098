// The button that is held to talk, with a ring that moves with what is really heard.
import { Lock, Mic, MicOff } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { isKioskReady, phaseOf } from '../kiosk-state.ts'
import { useActions, useKiosk } from './use-kiosk.ts'

export const TalkButton = () => {
  const { t } = useTranslation()
  const button = useRef<HTMLButtonElement>(null)
  const ring = useRef<HTMLDivElement>(null)
  const phase = useKiosk(phaseOf)
  const isReady = useKiosk(isKioskReady)
  const hasMicrophone = useKiosk((state) => state.microphone.status !== 'failed')
  const talkKey = useKiosk((state) => state.settings.talkKey)
  const { holdToTalk, onLevel } = useActions()

  useEffect(() => (button.current === null ? undefined : holdToTalk(button.current)), [holdToTalk])
  useEffect(
    // Straight to the style: sixty levels a second are no business of React's.
    () => onLevel((level) => ring.current?.style.setProperty('--level', level.toFixed(3))),
    [onLevel]
  )

  const isOpen = phase === 'listening'
  const label = !hasMicrophone
    ? t('talk.no_microphone')
    : isOpen
      ? t('talk.let_go')
      : !isReady
        ? t('talk.unavailable')
        : phase === 'speaking'
          ? t('talk.interrupt')
          : t('talk.hold')
  return (
    <div className="talk">
      <div className="talk-place">
        <div className="talk-ring" ref={ring}>
          {/* Never disabled: a press that cannot be heard says why. */}
          <button
            type="button"
            ref={button}
            className="talk-button"
            data-testid="talk"
            aria-pressed={isOpen}
            aria-disabled={!isReady}
          >
            {hasMicrophone ? (
              <Mic className="talk-icon" aria-hidden="true" />
            ) : (
              <MicOff className="talk-icon" aria-hidden="true" />
            )}
            <span className="talk-label">{label}</span>
            {isReady && !isOpen && (
              <span className="talk-key">{t('talk.key', { key: talkKey })}</span>
            )}
          </button>
        </div>
      </div>
      <p className="privacy" data-open={isOpen}>
        {isOpen ? (
          <Mic className="icon" aria-hidden="true" />
        ) : (
          <Lock className="icon" aria-hidden="true" />
        )}
        {isOpen ? t('talk.microphone_on') : t('talk.microphone_off')}
      </p>
    </div>
  )
}
