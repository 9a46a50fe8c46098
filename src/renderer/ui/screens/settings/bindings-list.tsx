// The bound keys and pedals, and the buttons that add more.
import { Footprints, Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { BINDINGS_LIMIT } from '../../../../shared/settings.ts'
import { Button } from '../../parts/button.tsx'
import { useBindingName, useKeyName } from '../../parts/use-key-name.ts'
import { useActions, useKiosk } from '../../parts/use-kiosk.ts'
import { LearnDialog } from './learn-dialog.tsx'

export const BindingsList = () => {
  const { t } = useTranslation()
  const bindings = useKiosk((state) => state.settings.bindings)
  const pedals = useKiosk((state) => state.pedals)
  const { changeSettings, choosePedal } = useActions()
  const keyOf = useKeyName()
  const nameOf = useBindingName()
  const [isLearning, setLearning] = useState(false)
  return (
    <>
      {bindings.length === 0 && <p className="group-detail">{t('settings.no_bindings')}</p>}
      <ul className="bindings">
        {bindings.map((binding, index) => {
          const name = nameOf(binding)
          return (
            <li key={name} className="binding" data-testid={`binding-${index}`}>
              {binding.kind === 'key' ? (
                <kbd className="key" data-testid="talk-key">
                  {keyOf(binding.code)}
                </kbd>
              ) : (
                <span className="pedal">
                  <Footprints className="icon" aria-hidden="true" />
                  <span className="choice-words">
                    <span className="pedal-name">{name}</span>
                    {!pedals.includes(binding.label) && (
                      <span className="choice-detail">{t('settings.unplugged')}</span>
                    )}
                  </span>
                </span>
              )}
              <Button
                look="small"
                testId={`binding-remove-${index}`}
                label={t('settings.remove_binding', { name })}
                onPress={() =>
                  void changeSettings({ bindings: bindings.filter((_, at) => at !== index) })
                }
              >
                <Trash2 className="icon" aria-hidden="true" />
                {t('settings.remove')}
              </Button>
            </li>
          )
        })}
      </ul>
      <Button
        testId="learn-start"
        disabled={bindings.length >= BINDINGS_LIMIT}
        onPress={() => setLearning(true)}
      >
        <Plus className="icon" aria-hidden="true" />
        {t('settings.add_binding')}
      </Button>
      {'hid' in navigator && (
        <>
          <Button testId="choose-pedal" onPress={() => void choosePedal()}>
            <Footprints className="icon" aria-hidden="true" />
            {t('settings.choose_pedal')}
          </Button>
          <p className="group-detail">{t('settings.choose_pedal_detail')}</p>
        </>
      )}
      {isLearning && <LearnDialog onClose={() => setLearning(false)} />}
    </>
  )
}
