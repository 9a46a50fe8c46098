// The form for the kiosk's own account.
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useActions, useKiosk } from '../parts/use-kiosk.ts'

export const SignInScreen = () => {
  const { t } = useTranslation()
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const isUnderWay = useKiosk((state) => state.signIn === 'under_way')
  const { signIn } = useActions()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (isUnderWay) return
    void signIn({ email: email.trim(), password })
  }
  return (
    <main className="sign-in">
      <form className="sign-in-card" onSubmit={submit}>
        <h2 className="sign-in-title">{t('sign_in.title')}</h2>
        <p className="sign-in-detail">{t('sign_in.detail')}</p>
        <label className="stacked">
          <span>{t('sign_in.email')}</span>
          <input
            type="email"
            className="field"
            data-testid="sign-in-email"
            autoComplete="username"
            required
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
          />
        </label>
        <label className="stacked">
          <span>{t('sign_in.password')}</span>
          <input
            type="password"
            className="field"
            data-testid="sign-in-password"
            autoComplete="current-password"
            required
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
        </label>
        <button
          type="submit"
          className="button button-strong"
          data-testid="sign-in-submit"
          aria-disabled={isUnderWay}
        >
          {isUnderWay ? t('sign_in.under_way') : t('sign_in.submit')}
        </button>
      </form>
    </main>
  )
}
