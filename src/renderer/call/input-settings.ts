// Sends the settings of the input audio when a call opens and when they change, as far as the service takes them.
import {
  type AudioInputConfig,
  type InputSettings,
  inputSettingsUpdate,
  MINTED_INPUT_SETTINGS
} from './client-events.ts'

export type InputSettingsSender = {
  /** A call opened: it has the settings that its key was minted with. */
  opened: () => void
  /** A person changed them: what was refused may be tried again. */
  changed: () => void
  /** The service refused to detect the turns. */
  handsFreeRefused: () => void
}

/** @param send false when there is no open call */
export const createInputSettingsSender = (
  wantedSettings: () => InputSettings,
  send: (input: AudioInputConfig) => boolean
): InputSettingsSender => {
  let sent = MINTED_INPUT_SETTINGS
  let isHandsFreeRefused = false

  const update = () => {
    const settings = wantedSettings()
    const wanted = { ...settings, handsFree: settings.handsFree && !isHandsFreeRefused }
    const input = inputSettingsUpdate(sent, wanted)
    if (input !== null && send(input)) sent = wanted
  }

  return {
    opened: () => {
      sent = MINTED_INPUT_SETTINGS
      update()
    },
    changed: () => {
      isHandsFreeRefused = false
      update()
    },
    handsFreeRefused: () => {
      isHandsFreeRefused = true
      sent = { ...sent, handsFree: false }
    }
  }
}
