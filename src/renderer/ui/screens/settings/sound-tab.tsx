// Microphone, speaker and noise.
import { Mic, Volume2 } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { MODEL_NOISE_REDUCTIONS } from '../../../../shared/settings.ts'
import type { MicrophoneVerdict } from '../../../app/kiosk-actions.ts'
import { audioProcessingOf } from '../../../audio/audio-processing.ts'
import { Button } from '../../parts/button.tsx'
import { ChoiceGroup } from '../../parts/choice-group.tsx'
import { DeviceSelect } from '../../parts/device-select.tsx'
import { LevelBar } from '../../parts/level-bar.tsx'
import { Toggle } from '../../parts/toggle.tsx'
import { useActions, useKiosk } from '../../parts/use-kiosk.ts'
import { Volume } from '../../parts/volume.tsx'
import { SettingsGroup } from './settings-group.tsx'

/** Runs one task at a time; drops its result when the tab is gone. */
const useUnderWay = <T,>(run: () => Promise<T>, onDone: (value: T) => void) => {
  const [isUnderWay, setUnderWay] = useState(false)
  const isShown = useRef(true)
  useEffect(() => {
    isShown.current = true
    return () => {
      isShown.current = false
    }
  }, [])
  const start = async () => {
    setUnderWay(true)
    try {
      const value = await run()
      if (isShown.current) onDone(value)
    } finally {
      if (isShown.current) setUnderWay(false)
    }
  }
  return [isUnderWay, () => void start()] as const
}

type MicrophoneTestProps = { onResult: (result: MicrophoneVerdict | null) => void }

const MicrophoneTest = ({ onResult }: MicrophoneTestProps) => {
  const { t } = useTranslation()
  const { testMicrophone } = useActions()
  const [isTesting, test] = useUnderWay(testMicrophone, onResult)
  return (
    <div className="test">
      <Button
        testId="test-microphone"
        disabled={isTesting}
        onPress={() => {
          onResult(null)
          test()
        }}
      >
        <Mic className="icon" aria-hidden="true" />
        {isTesting ? t('settings.testing_microphone') : t('settings.test_microphone')}
      </Button>
      <LevelBar label={t('settings.level')} isLive={isTesting} />
    </div>
  )
}

const Verdict = ({ result }: { result: MicrophoneVerdict | null }) => {
  const { t } = useTranslation()
  return (
    <p
      className="verdict"
      data-testid="microphone-verdict"
      data-verdict={result?.verdict ?? ''}
      aria-live="polite"
    >
      {result !== null && (
        <>
          {t(`settings.verdict.${result.verdict}`)}{' '}
          <span className="verdict-peak">
            {t('settings.peak', { db: Math.round(result.peakDb) })}
          </span>
        </>
      )}
    </p>
  )
}

const SpeakerTest = () => {
  const { t } = useTranslation()
  const { testSpeaker } = useActions()
  const [isTesting, test] = useUnderWay(testSpeaker, () => {})
  return (
    <div className="test">
      <Button testId="test-speaker" disabled={isTesting} onPress={test}>
        <Volume2 className="icon" aria-hidden="true" />
        {isTesting ? t('settings.testing_speaker') : t('settings.test_speaker')}
      </Button>
      <Volume testId="setting-volume" />
    </div>
  )
}

export const SoundTab = () => {
  const { t } = useTranslation()
  const settings = useKiosk((state) => state.settings)
  const devices = useKiosk((state) => state.devices)
  const [verdict, setVerdict] = useState<MicrophoneVerdict | null>(null)
  const { changeSettings } = useActions()
  return (
    <>
      <div className="two-columns">
        <div className="group">
          <DeviceSelect
            label={t('settings.microphone')}
            testId="microphone-select"
            devices={devices.microphones}
            choice={settings.microphone}
            onChoose={(microphone) => void changeSettings({ microphone })}
          />
          <MicrophoneTest onResult={setVerdict} />
        </div>
        <div className="group">
          <DeviceSelect
            label={t('settings.speaker')}
            testId="speaker-select"
            devices={devices.speakers}
            choice={settings.speaker}
            onChoose={(speaker) => void changeSettings({ speaker })}
          />
          <SpeakerTest />
        </div>
      </div>
      <Verdict result={verdict} />
      <SettingsGroup title={t('settings.processing')}>
        <div className="three-columns">
          <Toggle
            name={t('settings.echo_cancellation')}
            {...(settings.handsFree ? { detail: t('settings.echo_hands_free') } : {})}
            testId="setting-echo-cancellation"
            isOn={audioProcessingOf(settings).echoCancellation}
            onSwitch={(echoCancellation) => void changeSettings({ echoCancellation })}
          />
          <Toggle
            name={t('settings.noise_suppression')}
            testId="setting-noise-suppression"
            isOn={settings.noiseSuppression}
            onSwitch={(noiseSuppression) => void changeSettings({ noiseSuppression })}
          />
          <Toggle
            name={t('settings.auto_gain_control')}
            testId="setting-auto-gain-control"
            isOn={settings.autoGainControl}
            onSwitch={(autoGainControl) => void changeSettings({ autoGainControl })}
          />
        </div>
      </SettingsGroup>
      <SettingsGroup title={t('settings.noise_title')}>
        <ChoiceGroup
          label={t('settings.noise_title')}
          layout="row"
          choices={MODEL_NOISE_REDUCTIONS.map((value) => ({
            value,
            name: t(`settings.noise.${value}.name`),
            sentence: t(`settings.noise.${value}.sentence`),
            testId: `noise-${value}`
          }))}
          chosen={settings.modelNoiseReduction}
          onChoose={(modelNoiseReduction) => void changeSettings({ modelNoiseReduction })}
        />
      </SettingsGroup>
    </>
  )
}
