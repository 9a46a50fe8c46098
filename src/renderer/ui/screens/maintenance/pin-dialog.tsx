// The PIN pad, for finger, keyboard and pedal. The entered digits stay here until they are sent, and are then
// dropped.
import { Delete } from 'lucide-react'
import { type FormEvent, type KeyboardEvent, useEffect, useRef, useState } from 'react'
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
  const field = useRef<HTMLInputElement>(null)
  const isOpenedByPedal = useKiosk((state) => state.isOpenedByPedal)
  useEffect(() => {
    // Each digit restarts the time.
    void pin
    const timer = setTimeout(onClose, IDLE_MS)
    return () => clearTimeout(timer)
  }, [pin, onClose])
  const enter = (text: string) => setPin(text.replaceAll(/\D/g, '').slice(0, PIN_LENGTH.max))
  const isLongEnough = pin.length >= PIN_LENGTH.min
  const send = (event: FormEvent) => {
    event.preventDefault()
    if (!isLongEnough || isBusy) return
    setPin('')
    field.current?.focus()
    onPin(pin)
  }
  /** A digit that is typed on a button of the pad goes to the field. */
  const onKeyDown = ({ key }: KeyboardEvent) => {
    if (/^\d$/.test(key)) field.current?.focus()
  }
  return (
    <Dialog
      className="sheet sheet-small"
      labelledBy={`${testId}-title`}
      testId={testId}
      onClose={onClose}
    >
      {(close) => (
        <form className="pin" onSubmit={send} onKeyDown={onKeyDown}>
          <h2 id={`${testId}-title`}>{isBusy ? t('maintenance.checking') : sentence}</h2>
          <input
            type="password"
            className="field pin-field"
            data-testid="pin-dots"
            data-count={pin.length}
            ref={field}
            aria-labelledby={`${testId}-title`}
            aria-describedby="pin-problem"
            inputMode="none"
            autoComplete="one-time-code"
            value={pin}
            onChange={(event) => enter(event.currentTarget.value)}
          />
          <p className="pin-problem" id="pin-problem" role="alert" data-testid="pin-problem">
            {problem ?? ''}
          </p>
          {/* biome-ignore lint/a11y/noStaticElementInteractions: a tap on the pad leaves the focus in the field */}
          <div className="pin-keys" onMouseDown={(event) => event.preventDefault()}>
            {DIGITS.map((digit) => (
              <Button key={digit} testId={`pin-${digit}`} onPress={() => enter(pin + digit)}>
                {digit}
              </Button>
            ))}
            <Button
              testId="pin-erase"
              label={t('maintenance.erase')}
              onPress={() => enter(pin.slice(0, -1))}
            >
              <Delete className="icon" aria-hidden="true" />
            </Button>
            <Button testId="pin-0" onPress={() => enter(`${pin}0`)}>
              0
            </Button>
            <button
              type="submit"
              className="button button-strong"
              data-testid="pin-confirm"
              aria-disabled={!isLongEnough || isBusy}
            >
              {t('maintenance.confirm')}
            </button>
          </div>
          {isOpenedByPedal && <p className="choice-detail">{t('maintenance.pedal_hint')}</p>}
          <Button look="small" testId="pin-cancel" onPress={close}>
            {t('maintenance.cancel')}
          </Button>
        </form>
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
  const [isBusy, setBusy] = useState(false)
  const startOver = (reason: string) => {
    setFirst(null)
    setProblem(reason)
  }
  const save = async (pin: string) => {
    setBusy(true)
    const isSaved = await setPin(pin)
    setBusy(false)
    if (isSaved) onClose()
    else startOver(t('maintenance.failed'))
  }
  const take = (pin: string) => {
    if (first === null && isWeakPin(pin)) startOver(t('failure.weak_pin'))
    else if (first === null) {
      setFirst(pin)
      setProblem(null)
    } else if (first === pin) void save(pin)
    else startOver(t('maintenance.differs'))
  }
  return (
    <PinPad
      testId="set-pin"
      sentence={first === null ? t('maintenance.choose') : t('maintenance.repeat')}
      problem={problem}
      isBusy={isBusy}
      onPin={take}
      onClose={onClose}
    />
  )
}
