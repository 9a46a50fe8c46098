// Whose kiosk this is.
import { useTranslation } from 'react-i18next'
import { useActions, useKiosk } from '../../ui/use-kiosk.ts'

export const KioskTab = () => {
  const { t } = useTranslation()
  const account = useKiosk((state) => state.account)
  const version = useKiosk((state) => state.version)
  const { changeSettings } = useActions()
  if (account.status !== 'signed_in') return null
  const { email, group, groups } = account
  return (
    <div className="group">
      {groups.length > 1 ? (
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
      ) : (
        <p className="setting">
          <span className="setting-name">{t('settings.restaurant')}</span>
          <span className="setting-value">{group?.name ?? ''}</span>
        </p>
      )}
      <p className="setting">
        <span className="setting-name">{t('settings.account')}</span>
        <span className="setting-value">{email}</span>
      </p>
      <p className="setting">
        <span className="setting-name">{t('settings.version_name')}</span>
        <span className="setting-value">{version}</span>
      </p>
    </div>
  )
}
