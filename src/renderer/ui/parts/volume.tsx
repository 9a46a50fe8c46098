import { Volume1, Volume2, VolumeX } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useActions, useKiosk } from './use-kiosk.ts'
import { useSlider } from './use-slider.ts'

type Props = { testId: string }

export const Volume = ({ testId }: Props) => {
  const { t } = useTranslation()
  const saved = useKiosk((state) => state.settings.volume)
  const { changeSettings } = useActions()
  const [volume, move] = useSlider(saved, (value) => void changeSettings({ volume: value }))
  const Icon = volume === 0 ? VolumeX : volume < 0.5 ? Volume1 : Volume2
  return (
    <label className="volume">
      <Icon className="icon" aria-hidden="true" />
      <span className="visually-hidden">{t('volume')}</span>
      <input
        type="range"
        className="slider"
        data-testid={testId}
        min={0}
        max={1}
        step={0.05}
        value={volume}
        onChange={(event) => move(event.currentTarget.valueAsNumber)}
      />
    </label>
  )
}
