// Changes settings through main, and applies them to what runs.
import type { Settings } from '../../shared/settings.ts'
import { audioProcessingOf, isSameAudioProcessing } from '../audio/audio-processing.ts'
import { failureFromMain } from '../call/failures.ts'
import type { AppContext } from './app-context.ts'
import type { AppParts } from './app-parts.ts'
import type { KioskActions } from './kiosk-actions.ts'

export const createSettings = (
  { bridge, store, settings }: AppContext,
  {
    conversation,
    calls,
    devices,
    audio: { speaker }
  }: Pick<AppParts, 'conversation' | 'calls' | 'devices' | 'audio'>
): Pick<KioskActions, 'changeSettings'> => {
  const { dispatch } = conversation

  const apply = (next: Settings) => {
    const before = settings()
    store.set({ settings: next })
    const hasChanged = (...names: (keyof Settings)[]) =>
      names.some((name) => JSON.stringify(before[name]) !== JSON.stringify(next[name]))
    speaker.setVolume(next.volume)
    if (hasChanged('tailMs')) dispatch({ type: 'tail_changed', tailMs: next.tailMs })
    if (hasChanged('transcriptWaitMs')) {
      const { transcriptWaitMs } = next
      dispatch({ type: 'transcript_wait_changed', transcriptWaitMs })
    }
    if (hasChanged('talkMode')) dispatch({ type: 'talk_mode_changed', talkMode: next.talkMode })
    if (hasChanged('handsFree')) dispatch({ type: 'hands_free_changed', on: next.handsFree })
    if (hasChanged('handsFree', 'modelNoiseReduction')) conversation.inputSettingsChanged()
    const isSameProcessing = isSameAudioProcessing(
      audioProcessingOf(before),
      audioProcessingOf(next)
    )
    if (hasChanged('microphone') || !isSameProcessing) devices.openMicrophone()
    if (hasChanged('speaker')) devices.chooseSpeaker()
    calls.settingsChanged()
    if (hasChanged('language')) calls.renewBetweenTurns()
  }

  bridge.on('settings.changed', apply)
  speaker.setVolume(settings().volume)
  dispatch({ type: 'hands_free_changed', on: settings().handsFree })

  return {
    changeSettings: async (patch) => {
      // Main notifies of the change before it answers.
      const result = await bridge.call('settings.change', patch)
      if (!result.ok) store.set({ appFailure: failureFromMain(result.error) })
    }
  }
}
