// The connection schedule and the idle time of the call.
import { Minus, Plus } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Settings } from '../../../../shared/settings.ts'
import { Button } from '../../parts/button.tsx'
import { ChoiceGroup } from '../../parts/choice-group.tsx'
import { DEFAULT_OPENING_HOURS, spanOf, stepTime } from '../../parts/opening-hours-input.ts'
import { useActions, useKiosk } from '../../parts/use-kiosk.ts'
import { SettingsGroup } from './settings-group.tsx'

/** 0: never hangs up. */
const IDLE_CHOICES = [5, 15, 30, 60, 0]

type TimeProps = {
  label: string
  testId: string
  time: string
  onChange: (time: string) => void
}

/** A time of day by touch: the browser's own picker needs a mouse. */
const TimeField = ({ label, testId, time, onChange }: TimeProps) => {
  const { t } = useTranslation()
  return (
    <div className="stacked">
      <span className="setting-name">{label}</span>
      <div className="time">
        <Button
          look="icon"
          testId={`${testId}-earlier`}
          label={`${label}: ${t('settings.earlier')}`}
          onPress={() => onChange(stepTime(time, 'earlier'))}
        >
          <Minus className="icon" aria-hidden="true" />
        </Button>
        <input
          type="time"
          className="field"
          data-testid={testId}
          aria-label={label}
          value={time}
          onChange={(event) => {
            // Empty during typing.
            if (event.currentTarget.value !== '') onChange(event.currentTarget.value)
          }}
        />
        <Button
          look="icon"
          testId={`${testId}-later`}
          label={`${label}: ${t('settings.later')}`}
          onPress={() => onChange(stepTime(time, 'later'))}
        >
          <Plus className="icon" aria-hidden="true" />
        </Button>
      </div>
    </div>
  )
}

const Hours = ({ hours }: { hours: NonNullable<Settings['openingHours']> }) => {
  const { t } = useTranslation()
  const { changeSettings } = useActions()
  const span = spanOf(hours)
  const change = (patch: Partial<typeof hours>) =>
    void changeSettings({ openingHours: { ...hours, ...patch } })
  return (
    <>
      <div className="two-columns">
        <TimeField
          label={t('settings.hours_from')}
          testId="setting-opening-from"
          time={hours.from}
          onChange={(from) => change({ from })}
        />
        <TimeField
          label={t('settings.hours_to')}
          testId="setting-opening-to"
          time={hours.to}
          onChange={(to) => change({ to })}
        />
      </div>
      {span !== 'same_day' && <p className="group-detail">{t(`settings.hours_${span}`)}</p>}
    </>
  )
}

export const CallTab = () => {
  const { t } = useTranslation()
  const idleMinutes = useKiosk((state) => state.settings.idleMinutes)
  const hours = useKiosk((state) => state.settings.openingHours)
  const { changeSettings } = useActions()
  // A value that was set elsewhere is offered too.
  const choices = IDLE_CHOICES.includes(idleMinutes)
    ? IDLE_CHOICES
    : [idleMinutes, ...IDLE_CHOICES].sort((a, b) => (a || Infinity) - (b || Infinity))
  return (
    <>
      <SettingsGroup title={t('settings.hours_title')}>
        <ChoiceGroup
          label={t('settings.hours_title')}
          layout="row"
          choices={[
            {
              value: 'off',
              name: t('settings.hours_off.name'),
              sentence: t('settings.hours_off.sentence'),
              testId: 'setting-opening-hours-off'
            },
            {
              value: 'on',
              name: t('settings.hours_on.name'),
              sentence: t('settings.hours_on.sentence'),
              testId: 'setting-opening-hours-on'
            }
          ]}
          chosen={hours === null ? 'off' : 'on'}
          onChoose={(value) =>
            void changeSettings({
              openingHours: value === 'on' ? { ...DEFAULT_OPENING_HOURS } : null
            })
          }
        />
        {hours !== null && <Hours hours={hours} />}
      </SettingsGroup>
      <SettingsGroup title={t('settings.idle_title')}>
        <ChoiceGroup
          label={t('settings.idle_title')}
          layout="row"
          choices={choices.map((value) => ({
            value,
            name: value === 0 ? t('settings.never') : t('settings.minutes', { n: value }),
            testId: `setting-idle-minutes-${value}`
          }))}
          chosen={idleMinutes}
          onChoose={(value) => void changeSettings({ idleMinutes: value })}
        />
        <p className="group-detail">{t('settings.idle_detail')}</p>
      </SettingsGroup>
    </>
  )
}
