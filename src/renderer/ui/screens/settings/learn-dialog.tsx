// Adds a key or a pedal by pressing it.
import { CircleCheck, Keyboard, TriangleAlert } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { LearnStep } from '../../../turn/learn-binding.ts'
import { Button } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { useBindingName, useKeyName } from '../../parts/use-key-name.ts'
import { useActions } from '../../parts/use-kiosk.ts'

const Warning = ({ text }: { text: string }) => (
  <p className="warning">
    <TriangleAlert className="icon" aria-hidden="true" />
    {text}
  </p>
)

const Progress = ({ step, isAgain }: { step: LearnStep; isAgain: boolean }) => {
  const { t } = useTranslation()
  const keyOf = useKeyName()
  const nameOf = useBindingName()
  switch (step.kind) {
    case 'waiting':
      return <p className="learn-message">{isAgain ? t('learn.again') : t('learn.waiting')}</p>
    case 'refused':
      return <Warning text={t(`learn.refused.${step.reason}`, { key: keyOf(step.code) })} />
    case 'pressed':
      return (
        <>
          <kbd className="key key-large">{keyOf(step.label)}</kbd>
          <p className="learn-message">{t('learn.pressed')}</p>
        </>
      )
    case 'learned':
      return (
        <>
          <p className="learn-message learn-done">
            <CircleCheck className="icon" aria-hidden="true" />
            {t('learn.learned', { name: nameOf(step.binding) })}
          </p>
          {step.sendsTaps && <Warning text={t('learn.sends_taps')} />}
          {step.types && <Warning text={t('learn.types')} />}
        </>
      )
    default:
      return step satisfies never
  }
}

export const LearnDialog = ({ onClose }: { onClose: () => void }) => {
  const { t } = useTranslation()
  const [step, setStep] = useState<LearnStep>({ kind: 'waiting' })
  // A short press may be a foot that slipped: the second press decides.
  const [isAgain, setAgain] = useState(false)
  const { learnBinding, changeSettings } = useActions()
  useEffect(
    () =>
      learnBinding((next) => {
        setStep(next)
        if (next.kind === 'pressed') setAgain(true)
      }),
    [learnBinding]
  )
  const isLearned = step.kind === 'learned'
  const offersTap = isLearned && step.sendsTaps
  return (
    <Dialog
      className="sheet sheet-small"
      labelledBy="learn-title"
      testId="learn"
      step={step.kind}
      onClose={onClose}
    >
      {(close) => (
        <>
          <h2 id="learn-title" className="learn-title">
            {t('learn.title')}
          </h2>
          <div className="learn-body" aria-live="polite">
            {step.kind === 'waiting' && <Keyboard className="learn-icon" aria-hidden="true" />}
            <Progress step={step} isAgain={isAgain} />
          </div>
          <footer className="sheet-foot">
            {offersTap && (
              <Button
                look="strong"
                testId="learn-use-tap"
                onPress={() => {
                  void changeSettings({ talkMode: 'tap' })
                  close()
                }}
              >
                {t('learn.use_tap')}
              </Button>
            )}
            <Button
              look={isLearned && !offersTap ? 'strong' : undefined}
              testId={isLearned ? 'learn-done' : 'learn-cancel'}
              onPress={close}
            >
              {isLearned ? t('learn.done') : t('learn.cancel')}
            </Button>
          </footer>
        </>
      )}
    </Dialog>
  )
}
