import { useTranslation } from 'react-i18next'
import { LANGUAGES } from '../../../shared/language.ts'
import { useActions, useKiosk } from './use-kiosk.ts'

export const LanguageSwitch = () => {
  const { t } = useTranslation()
  const current = useKiosk((state) => state.settings.language)
  const { changeSettings } = useActions()
  return (
    <fieldset className="segments" aria-label={t('language.label')}>
      {LANGUAGES.map((language) => (
        <button
          key={language}
          type="button"
          className="segment"
          lang={language}
          aria-pressed={language === current}
          data-testid={`language-${language}`}
          onClick={() => language !== current && void changeSettings({ language })}
        >
          {t(`language.${language}`)}
        </button>
      ))}
    </fieldset>
  )
}
