// What a person may change: devices, the tail, the restaurant, and who is signed in.
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { TAIL_MS } from '../../shared/settings.ts'
import { DeviceSelect } from '../ui/device-select.tsx'
import { useActions, useKiosk } from '../ui/use-kiosk.ts'
import { useSlider } from '../ui/use-slider.ts'

const TAIL_STEP_MS = 50

type Props = { onClose: () => void }

export const SettingsSheet = ({ onClose }: Props) => {
  const { t } = useTranslation()
  const dialog = useRef<HTMLDialogElement>(null)
  const settings = useKiosk((state) => state.settings)
  const devices = useKiosk((state) => state.devices)
  const account = useKiosk((state) => state.account)
  const version = useKiosk((state) => state.version)
  const { changeSettings, signOut } = useActions()
  const [tailMs, moveTail] = useSlider(
    settings.tailMs,
    (value) => void changeSettings({ tailMs: value })
  )
  useEffect(() => dialog.current?.showModal(), [])
  const groups = account.status === 'signed_in' ? account.groups : []
  const group = account.status === 'signed_in' ? account.group : null
  return (
    <dialog ref={dialog} className="sheet" aria-labelledby="settings-title" onClose={onClose}>
      <header className="sheet-head">
        <h2 id="settings-title">{t('settings.title')}</h2>
        <button
          type="button"
          className="button button-strong"
          data-testid="settings-close"
          onClick={() => dialog.current?.close()}
        >
          {t('settings.close')}
        </button>
      </header>
      <div className="sheet-body">
        <DeviceSelect
          label={t('settings.microphone')}
          testId="microphone-select"
          devices={devices.microphones}
          choice={settings.microphone}
          onChoose={(microphone) => void changeSettings({ microphone })}
        />
        <DeviceSelect
          label={t('settings.speaker')}
          testId="speaker-select"
          devices={devices.speakers}
          choice={settings.speaker}
          onChoose={(speaker) => void changeSettings({ speaker })}
        />
        <label className="setting">
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
        {groups.length > 1 && (
          <label className="setting">
            <span className="setting-name">{t('settings.restaurant')}</span>
            <select
              className="field"
              data-testid="restaurant-select"
              value={group?.id ?? ''}
              onChange={(event) => void changeSettings({ groupId: event.currentTarget.value })}
            >
              {groups.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </select>
          </label>
        )}
        <p className="setting">
          <span className="setting-name">{t('settings.talk_key')}</span>
          <kbd className="key" data-testid="talk-key">
            {settings.talkKey}
          </kbd>
        </p>
        <p className="setting">
          <span className="setting-name">{t('settings.account')}</span>
          <span className="setting-value">
            {account.status === 'signed_in' ? account.email : ''}
          </span>
        </p>
      </div>
      <footer className="sheet-foot">
        <span className="version">{t('settings.version', { version })}</span>
        <button
          type="button"
          className="button"
          data-testid="sign-out"
          onClick={() => void signOut()}
        >
          {t('settings.sign_out')}
        </button>
      </footer>
    </dialog>
  )
}
