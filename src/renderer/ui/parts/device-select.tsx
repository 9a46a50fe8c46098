// A choice of a device. An unplugged choice stays in the list.
import { useTranslation } from 'react-i18next'
import type { DeviceChoice } from '../../../shared/settings.ts'
import { type Device, resolveDevice } from '../../audio/devices.ts'

type Props = {
  label: string
  testId: string
  devices: readonly Device[]
  choice: DeviceChoice | null
  onChoose: (choice: DeviceChoice | null) => void
}

export const DeviceSelect = ({ label, testId, devices, choice, onChoose }: Props) => {
  const { t } = useTranslation()
  const present = resolveDevice(choice, devices)
  const choose = (id: string) => {
    const device = devices.find((candidate) => candidate.id === id)
    if (device !== undefined) onChoose({ id: device.id, label: device.label })
    else if (id === '') onChoose(null)
  }
  return (
    <label className="stacked">
      <span className="setting-name">{label}</span>
      <select
        className="field"
        data-testid={testId}
        value={present?.id ?? choice?.id ?? ''}
        onChange={(event) => choose(event.currentTarget.value)}
      >
        <option value="">{t('settings.default_device')}</option>
        {devices.map((device) => (
          <option key={device.id} value={device.id}>
            {device.label}
          </option>
        ))}
        {choice !== null && present === null && (
          <option value={choice.id}>{t('settings.missing_device', { label: choice.label })}</option>
        )}
      </select>
    </label>
  )
}
