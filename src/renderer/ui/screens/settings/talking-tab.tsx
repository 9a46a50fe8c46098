// Keys, pedals and the way of talking.
import { TriangleAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { type Binding, DEFAULT_BINDINGS, TAIL_MS, TALK_MODES } from '../../../../shared/settings.ts'
import { ChoiceGroup } from '../../parts/choice-group.tsx'
import { Toggle } from '../../parts/toggle.tsx'
import { useActions, useKiosk } from '../../parts/use-kiosk.ts'
import { useSlider } from '../../parts/use-slider.ts'
import { BindingsList } from './bindings-list.tsx'
import { SettingsGroup } from './settings-group.tsx'

const TAIL_STEP_MS = 50

const DEFAULT_CODES = DEFAULT_BINDINGS.map((binding) =>
  binding.kind === 'key' ? binding.code : null
)

/** A chosen key or a pedal: there is a control to hold. */
const isChosen = (binding: Binding): boolean =>
  binding.kind === 'hid' || !DEFAULT_CODES.includes(binding.code)

export const TalkingTab = () => {
  const { t } = useTranslation()
  const settings = useKiosk((state) => state.settings)
  const { changeSettings } = useActions()
  const [tailMs, moveTail] = useSlider(
    settings.tailMs,
    (value) => void changeSettings({ tailMs: value })
  )
  return (
    <>
      <div className="two-columns">
        <SettingsGroup title={t('settings.bindings')}>
          <BindingsList />
        </SettingsGroup>
        <SettingsGroup title={t('settings.talk_mode_title')}>
          <ChoiceGroup
            label={t('settings.talk_mode_title')}
            layout="column"
            choices={TALK_MODES.map((value) => ({
              value,
              name: t(`settings.talk_mode.${value}.name`),
              sentence: t(`settings.talk_mode.${value}.sentence`),
              testId: `talk-mode-${value}`
            }))}
            chosen={settings.talkMode}
            onChoose={(talkMode) => void changeSettings({ talkMode })}
          />
          <label className="stacked">
            <span className="setting-name">{t('settings.tail')}</span>
            <span className="setting-slider">
              <input
                type="range"
                className="slider"
                data-testid="tail"
                min={TAIL_MS.min}
                max={TAIL_MS.max}
                step={TAIL_STEP_MS}
                value={tailMs}
                onChange={(event) => moveTail(event.currentTarget.valueAsNumber)}
              />
              <output>{t('settings.tail_value', { ms: tailMs })}</output>
            </span>
          </label>
        </SettingsGroup>
      </div>
      <Toggle
        name={t('settings.hands_free')}
        detail={t('settings.hands_free_detail')}
        testId="hands-free"
        isOn={settings.handsFree}
        onSwitch={(handsFree) => void changeSettings({ handsFree })}
      />
      {settings.bindings.some(isChosen) && (
        <p className="warning" data-testid="hands-free-warning">
          <TriangleAlert className="icon" aria-hidden="true" />
          {t('settings.hands_free_warning')}
        </p>
      )}
    </>
  )
}
