// The PIN pad, for finger, keyboard and pedal. The entered digits stay here until they are sent, and are then
// dropped.
import { Delete } from 'lucide-react'
import { type KeyboardEvent, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { isWeakPin, PIN_LENGTH } from '../../../../shared/maintenance.ts'
import type { PinAnswer } from '../../../app/kiosk-actions.ts'
import { Button } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { useActions, useKiosk } from '../../parts/use-kiosk.ts'

/** Closes the pad after an accidental gesture. */
const IDLE_MS = 30_000

const DIGITS = ['1', '2', '3', '4', '5', '6', '7', '8', '9'] as const

type PadProps = {
  testId: string
  sentence: string
  problem: string | null
  isBusy: boolean
  onPin: (pin: string) => void
  onClose: () => void
}

const PinPad = ({ testId, sentence, problem, isBusy, onPin, onClose }: PadProps) => {
  const { t } = useTranslation()
  const [pin, setPin] = useState('')
  const isOpenedByPedal = useKiosk((state) => state.isOpenedByPedal)
  useEffect(() => {
    // Each digit restarts the time.
    void pin
    const timer = setTimeout(onClose, IDLE_MS)
    return () => clearTimeout(timer)
  }, [pin, onClose])
  const add = (digit: string) => setPin((now) => (now.length < PIN_LENGTH.max ? now + digit : now))
  const erase = () => setPin((now) => now.slice(0, -1))
  const isLongEnough = pin.length >= PIN_LENGTH.min
  const send = () => {
    if (!isLongEnough || isBusy) return
    setPin('')
    onPin(pin)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (/^\d$/.test(event.key)) add(event.key)
    else if (event.key === 'Backspace') erase()
    else if (event.key === 'Enter' && !(event.target instanceof HTMLButtonElement)) send()
  }
  return (
    <Dialog
      className="sheet sheet-small"
      labelledBy={`${testId}-title`}
      testId={testId}
      onClose={onClose}
    >
      {(close) => (
        <fieldset className="pin" onKeyDown={onKeyDown} aria-labelledby={`${testId}-title`}>
          <h2 id={`${testId}-title`}>{sentence}</h2>
          <p className="pin-dots" data-testid="pin-dots" data-count={pin.length} aria-hidden="true">
            {'●'.repeat(pin.length)}
          </p>
          <p className="visually-hidden" role="status">
            {t('maintenance.digits', { count: pin.length })}
          </p>
          <p className="pin-problem" role="alert" data-testid="pin-problem">
            {problem ?? ''}
          </p>
          <div className="pin-keys">
            {DIGITS.map((digit) => (
              <Button key={digit} testId={`pin-${digit}`} onPress={() => add(digit)}>
                {digit}
              </Button>
            ))}
            <Button testId="pin-erase" label={t('maintenance.erase')} onPress={erase}>
              <Delete className="icon" aria-hidden="true" />
            </Button>
            <Button testId="pin-0" onPress={() => add('0')}>
              0
            </Button>
            <Button
              look="strong"
              testId="pin-confirm"
              disabled={!isLongEnough || isBusy}
              onPress={send}
            >
              {t('maintenance.confirm')}
            </Button>
          </div>
          {isOpenedByPedal && <p className="choice-detail">{t('maintenance.pedal_hint')}</p>}
          <Button look="small" testId="pin-cancel" onPress={close}>
            {t('maintenance.cancel')}
          </Button>
        </fieldset>
      )}
    </Dialog>
  )
}

const SECONDS_PER_MINUTE = 60

const useProblem = (answer: PinAnswer | null): string | null => {
  const { t } = useTranslation()
  switch (answer?.kind) {
    case undefined:
    case 'right':
      return null
    case 'wrong':
      return t('maintenance.wrong')
    case 'paused':
      return t('maintenance.paused', { minutes: Math.ceil(answer.seconds / SECONDS_PER_MINUTE) })
    case 'failed':
      return t('maintenance.failed')
    default:
      return answer satisfies never
  }
}

export const UnlockDialog = () => {
  const { t } = useTranslation()
  const { unlock, closeSettings } = useActions()
  const [answer, setAnswer] = useState<PinAnswer | null>(null)
  const [isBusy, setBusy] = useState(false)
  const problem = useProblem(answer)
  const send = async (pin: string) => {
    setBusy(true)
    setAnswer(await unlock(pin))
    setBusy(false)
  }
  return (
    <PinPad
      testId="pin"
      sentence={t('maintenance.enter')}
      problem={problem}
      isBusy={isBusy}
      onPin={(pin) => void send(pin)}
      onClose={closeSettings}
    />
  )
}

/** Asks twice: the digits are hidden, and without the PIN the settings stay locked. */
export const SetPinDialog = ({ onClose }: { onClose: () => void }) => {
  const { t } = useTranslation()
  const { setPin } = useActions()
  const [first, setFirst] = useState<string | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const take = async (pin: string) => {
    if (first === null && isWeakPin(pin)) setProblem(t('failure.weak_pin'))
    else if (first === null) {
      setFirst(pin)
      setProblem(null)
    } else if (first !== pin) {
      setFirst(null)
      setProblem(t('maintenance.differs'))
    } else if (await setPin(pin)) onClose()
    else {
      setFirst(null)
      setProblem(t('maintenance.failed'))
    }
  }
  return (
    <PinPad
      testId="set-pin"
      sentence={first === null ? t('maintenance.choose') : t('maintenance.repeat')}
      problem={problem}
      isBusy={false}
      onPin={(pin) => void take(pin)}
      onClose={onClose}
    />
  )
}
