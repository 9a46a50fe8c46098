// Asks before the kiosk is signed out: until the next sign-in no question is answered.
import { useTranslation } from 'react-i18next'
import { Button } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { useActions } from '../../parts/use-kiosk.ts'

export const SignOutDialog = ({ onClose }: { onClose: () => void }) => {
  const { t } = useTranslation()
  const { signOut } = useActions()
  return (
    <Dialog
      className="sheet sheet-small"
      labelledBy="sign-out-title"
      testId="sign-out-dialog"
      onClose={onClose}
    >
      {(close) => (
        <>
          <h2 id="sign-out-title">{t('settings.sign_out_question')}</h2>
          <p className="sign-in-detail">{t('settings.sign_out_effect')}</p>
          <footer className="sheet-foot">
            <Button testId="sign-out-cancel" onPress={close}>
              {t('settings.stay_signed_in')}
            </Button>
            <Button look="strong" testId="sign-out-confirm" onPress={() => void signOut()}>
              {t('settings.sign_out')}
            </Button>
          </footer>
        </>
      )}
    </Dialog>
  )
}
