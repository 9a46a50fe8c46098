// The talk button, with a ring that follows the measured level; below it what is sent, or the button that stops.
import { Lock, Mic, MicOff, Square } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { Binding } from '../../../shared/settings.ts'
import { isPressAccepted, isStoppable, phaseOf } from '../../app/kiosk-state.ts'
import { isHandsFreeListening, isLatched } from '../../turn/turn-reducer.ts'
import { Button } from './button.tsx'
import { HoldCountdown, useSecondsLeft } from './hold-countdown.tsx'
import { talkButtonLabelOf } from './talk-button-label.ts'
import { useKeyName } from './use-key-name.ts'
import { useActions, useKiosk } from './use-kiosk.ts'

/** More do not fit into the button. */
const SHOWN_KEYS = 2

/** The keys and pedals of the same effect; empty without one. */
const useKeys = (bindings: readonly Binding[]): string => {
  const { t } = useTranslation()
  const nameOf = useKeyName()
  const names = bindings.map((binding) =>
    binding.kind === 'key' ? nameOf(binding.code) : t('talk.pedal')
  )
  return [...new Set(names)].slice(0, SHOWN_KEYS).join(', ')
}

export const TalkButton = () => {
  const { t } = useTranslation()
  const button = useRef<HTMLButtonElement>(null)
  const ring = useRef<HTMLDivElement>(null)
  const phase = useKiosk(phaseOf)
  const turn = useKiosk((state) => state.turn)
  const isKept = useKiosk(isPressAccepted)
  const hasMicrophone = useKiosk((state) => state.microphone.status !== 'failed')
  const bindings = useKiosk((state) => state.settings.bindings)
  const talkMode = useKiosk((state) => state.settings.talkMode)
  const handsFree = useKiosk((state) => state.settings.handsFree)
  const seconds = useSecondsLeft(useKiosk((state) => state.holdEndsAtMs))
  const canStop = useKiosk(isStoppable)
  const { holdToTalk, onLevel, stop } = useActions()
  const keys = useKeys(bindings)

  useEffect(() => (button.current === null ? undefined : holdToTalk(button.current)), [holdToTalk])
  useEffect(
    // Straight to the style: React need not render sixty levels a second.
    () => onLevel((level) => ring.current?.style.setProperty('--level', level.toFixed(3))),
    [onLevel]
  )

  const isOpen = phase === 'listening'
  const isHandsFree = isHandsFreeListening(turn)
  const invitation = talkButtonLabelOf({
    phase,
    isPressAccepted: isKept,
    hasMicrophone,
    talkMode,
    isLatched: isLatched(turn),
    handsFree,
    isHandsFreeListening: isHandsFree
  })
  const isHeard = invitation !== 'wait' && invitation !== 'no_microphone'
  const isMicrophoneOn = isOpen || isHandsFree
  // Not "off": the pre-roll of 200 ms stays on this machine.
  const privacy = isMicrophoneOn
    ? t('talk.microphone_on')
    : handsFree
      ? t('talk.nothing_sent_now')
      : talkMode === 'tap'
        ? t('talk.nothing_sent_tap')
        : t('talk.nothing_sent')
  return (
    <div className="talk">
      <div className="talk-place">
        <div className="talk-ring" ref={ring}>
          {/* Never disabled: a press that is not taken shows a hint. */}
          <button
            type="button"
            ref={button}
            className="talk-button"
            data-testid="talk"
            aria-pressed={isOpen}
            aria-disabled={!isHeard}
          >
            {seconds !== null ? (
              <HoldCountdown seconds={seconds} />
            ) : hasMicrophone ? (
              <Mic className="talk-icon" aria-hidden="true" />
            ) : (
              <MicOff className="talk-icon" aria-hidden="true" />
            )}
            <span className="talk-label">{t(`talk.${invitation}`)}</span>
            {isHeard && !isOpen && !handsFree && keys !== '' && (
              <span className="talk-key">
                {talkMode === 'tap'
                  ? t('talk.key_tap', { key: keys })
                  : t('talk.key_hold', { key: keys })}
              </span>
            )}
          </button>
        </div>
      </div>
      <div className="talk-foot">
        {canStop ? (
          <Button testId="stop" onPress={stop}>
            <Square className="icon" aria-hidden="true" />
            {t('talk.stop_answer')}
          </Button>
        ) : (
          <p className="privacy" data-open={isMicrophoneOn}>
            {isMicrophoneOn ? (
              <Mic className="icon" aria-hidden="true" />
            ) : (
              <Lock className="icon" aria-hidden="true" />
            )}
            {privacy}
          </p>
        )}
      </div>
    </div>
  )
}
