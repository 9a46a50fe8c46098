// Restaurant, account, network and PIN.
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../parts/button.tsx'
import { useActions, useKiosk } from '../../parts/use-kiosk.ts'
import { SetPinDialog } from '../maintenance/pin-dialog.tsx'
import { SignOutDialog } from './sign-out-dialog.tsx'

export const KioskTab = () => {
  const { t } = useTranslation()
  const account = useKiosk((state) => state.account)
  const hasPin = useKiosk((state) => state.maintenance.hasPin)
  const cause = useKiosk((state) => state.networkProblem?.cause ?? null)
  const { changeSettings } = useActions()
  const [dialog, setDialog] = useState<'none' | 'pin' | 'sign_out'>('none')
  const close = () => setDialog('none')
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
        <span className="setting-name">{t('network.title')}</span>
        <span className="setting-value" data-testid="network-cause" data-cause={cause ?? ''}>
          {cause === null ? t('network.works') : t(`network.cause.${cause}`)}
        </span>
      </p>
      <div className="setting">
        <span className="setting-name">{t('maintenance.pin_name')}</span>
        <span className="setting-value" data-testid="pin-state" data-set={hasPin}>
          {hasPin ? t('maintenance.pin_set') : t('maintenance.pin_not_set')}
        </span>
        <Button look="small" testId="pin-set" onPress={() => setDialog('pin')}>
          {hasPin ? t('maintenance.change_pin') : t('maintenance.set_pin')}
        </Button>
      </div>
      <p className="choice-detail">{t('maintenance.how_to_open')}</p>
      <div className="setting sign-out-place">
        <span className="setting-name">{t('settings.account')}</span>
        <span className="setting-value">{email}</span>
        <Button look="small" testId="sign-out" onPress={() => setDialog('sign_out')}>
          {t('settings.sign_out')}
        </Button>
      </div>
      {dialog === 'pin' && <SetPinDialog onClose={close} />}
      {dialog === 'sign_out' && <SignOutDialog onClose={close} />}
    </div>
  )
}
