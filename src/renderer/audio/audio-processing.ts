// Chromium's processing of the microphone, as settings and as track constraints.
import type { Settings } from '../../shared/settings.ts'

export type AudioProcessing = Pick<
  Settings,
  'echoCancellation' | 'noiseSuppression' | 'autoGainControl'
>

/** Hands-free always cancels the echo, because the speaker has just played in the same room. */
export const audioProcessingOf = (
  settings: AudioProcessing & Pick<Settings, 'handsFree'>
): AudioProcessing => ({
  echoCancellation: settings.echoCancellation || settings.handsFree,
  noiseSuppression: settings.noiseSuppression,
  autoGainControl: settings.autoGainControl
})

export const isSameAudioProcessing = (a: AudioProcessing, b: AudioProcessing): boolean =>
  a.echoCancellation === b.echoCancellation &&
  a.noiseSuppression === b.noiseSuppression &&
  a.autoGainControl === b.autoGainControl

/**
 * Names every step, because Chromium's defaults differ per platform and release. `exact`, because an ideal value gives
 * way to the way in which the device is already open. `ideal` is for a platform that cannot do the exact processing:
 * another sound is better than no microphone.
 */
export const constraintsOf = (
  { echoCancellation, noiseSuppression, autoGainControl }: AudioProcessing,
  strictness: 'exact' | 'ideal'
): MediaTrackConstraints => ({
  echoCancellation: { [strictness]: echoCancellation },
  noiseSuppression: { [strictness]: noiseSuppression },
  autoGainControl: { [strictness]: autoGainControl },
  channelCount: 1
})
